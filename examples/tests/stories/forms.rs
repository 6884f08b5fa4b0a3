//! Forms: filled in badly, from a deep link, too late.

use std::time::Duration;

use http::StatusCode;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::ManualClock;
use session_runtime::{Clock as _, CookieConfig, Sessions, SystemClock};

use super::{Tested, action_of, add, post, text_of, visitor, visitor_with};

#[tokio::test]
async fn what_is_wrong_with_a_form_stands_beside_its_fields_once() -> Tested {
    let visitor = visitor()?;
    let page = visitor.get("/contact").send().await?;
    let action = action_of(&page)?;
    let filled = [("name", "Ada"), ("email", "ada"), ("pin", "12345"), ("message", "<b>\"Hello\"</b>")];
    let answer = post(&visitor, &action, &filled).await?.send().await?;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some(action.as_str())));

    let again = visitor.get(&action).send().await?;
    assert_eq!(text_of(&again, "email-error")?, "This is no address that we could write to.");
    assert_eq!(text_of(&again, "pin-error")?, "The PIN has four digits.");
    assert!(text_of(&again, "name-error").is_err());
    let html = again.text()?;
    assert!(
        html.contains("value=\"ada\"") && html.contains("&#60;b&#62;&#34;Hello&#34;&#60;/b&#62;</textarea>")
    );
    assert!(!html.contains("12345"), "a PIN is not shown again");
    assert!(text_of(&visitor.get(&action).send().await?, "email-error").is_err(), "after a reload");

    let filled = [("name", "Ada"), ("email", "ada@tea.example"), ("message", "Hello")];
    let thanks = post(&visitor, &action, &filled).await?.follow().send().await?;
    assert_eq!(text_of(&thanks, "notice")?, "Thank you, Ada. We will answer soon.");
    assert!(text_of(&visitor.get("/contact").send().await?, "notice").is_err());
    Ok(())
}

#[tokio::test]
async fn who_must_sign_in_first_comes_back_to_where_he_was() -> Tested {
    let visitor = visitor()?;
    add(&visitor, "oolong").await?.send().await?;
    let page = |path| visitor.get(path).header("accept", "text/html");
    let answer = page("/checkout?from=mail").send().await?;
    assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some("/login")));
    // A name that will not do does not make the shop forget.
    let nameless = post(&visitor, "/login", &[("name", " ")]).await?.send().await?;
    assert_eq!(nameless.location(), Some("/login"));
    assert_eq!(text_of(&page("/login").send().await?, "name-error")?, "Please tell us your name.");
    let signed_in = post(&visitor, "/login", &[("name", "Ada")]).await?.send().await?;
    assert_eq!(signed_in.location(), Some("/checkout?from=mail"));

    let wrong = post(&visitor, "/checkout", &[("name", "Ada"), ("street", "1 Leaf Lane")]).await?;
    let again = wrong.follow().send().await?;
    assert_eq!(text_of(&again, "town-error")?, "Please tell us postcode and town.");
    let address = [("name", "Ada"), ("street", "1 Leaf Lane"), ("town", "12345 Teatown")];
    let thanks = post(&visitor, "/checkout", &address).await?.follow().send().await?;
    assert_eq!(text_of(&thanks, "notice")?, "Thank you. Your teas are as good as in 12345 Teatown.");
    assert_eq!(text_of(&thanks, "in-cart")?, "0");
    let later = post(&visitor, "/login", &[("name", "Ada")]).await?.send().await?;
    assert_eq!(later.location(), Some("/"), "the page is remembered for one login");
    Ok(())
}

#[tokio::test]
async fn a_form_of_a_session_that_ended_can_be_sent_once_more() -> Tested {
    let clock = ManualClock::at(SystemClock.now());
    let store = MemoryDriver::new().with_clock(clock.clone());
    let config = CookieConfig::insecure_development();
    let sessions = Sessions::builder(store).cookie(config).clock(clock.clone()).build()?;
    let visitor = visitor_with(&sessions)?;
    visitor.get("/").send().await?;
    let page = visitor.get("/contact").send().await?;
    let action = action_of(&page)?;
    let filled = [("name", "Ada"), ("email", "ada@tea.example"), ("message", "a long \"letter\"")];
    let late = post(&visitor, &action, &filled).await?;
    clock.advance(Duration::from_secs(30 * 24 * 3_600));

    let refused = late.send().await?;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let html = refused.text()?;
    assert!(html.contains("What you wrote is still here."));
    assert!(html.contains("name=\"message\" value=\"a long &#34;letter&#34;\""));
    let (_, after) = html.rsplit_once("name=\"_csrf\" value=\"").ok_or("no token")?;
    let token = after.split_once('"').ok_or("no end")?.0;
    let again = visitor.post(&action).form(&[&[("_csrf", token)], &filled[..]].concat());
    let thanks = again.follow().send().await?;
    assert_eq!(text_of(&thanks, "notice")?, "Thank you, Ada. We will answer soon.");
    Ok(())
}

#[tokio::test]
async fn what_a_visitor_says_is_shown_as_text() -> Tested {
    let visitor = visitor()?;
    let name = [("name", "<script>alert('hi')</script>")];
    let page = post(&visitor, "/login", &name).await?.follow().send().await?;
    assert!(page.text()?.contains("&#60;script&#62;"));
    assert!(!page.text()?.contains("<script"));
    Ok(())
}
