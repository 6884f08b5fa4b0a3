//! One account on several devices.

use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, Sessions};

use super::{Tested, post, text_of, visitor_with};

fn sessions() -> Result<Sessions, Box<dyn std::error::Error>> {
    let builder = Sessions::builder(MemoryDriver::new()).cookie(CookieConfig::insecure_development());
    Ok(shop::configured(builder).build()?)
}

/// Browsers of one shop, which has its accounts in its service.
#[tokio::test]
async fn a_password_is_asked_for_once_it_is_set() -> Tested {
    let visitor = visitor_with(&sessions()?)?;
    post(&visitor, "/login", &[("name", "Ada")]).await?.send().await?;
    let fields = [("password", ""), ("new_password", "analytical")];
    let changed = post(&visitor, "/password", &fields).await?.follow().send().await?;
    assert_eq!(
        text_of(&changed, "notice")?,
        "Your password is changed, and all other devices are signed out."
    );

    post(&visitor, "/logout", &[]).await?.send().await?;
    for wrong in [&[("name", "Ada")][..], &[("name", "Ada"), ("password", "difference")]] {
        let refused = post(&visitor, "/login", wrong).await?.follow().send().await?;
        assert_eq!(text_of(&refused, "password-error")?, "That is not the password of this name.");
        assert!(!refused.text()?.contains("difference"), "a password that was typed is never shown again");
    }
    let fields = [("name", "Ada"), ("password", "analytical")];
    let welcome = post(&visitor, "/login", &fields).await?.follow().send().await?;
    assert_eq!(text_of(&welcome, "notice")?, "Welcome, Ada.");
    Ok(())
}

#[tokio::test]
async fn what_is_no_device_of_his_is_not_ended() -> Tested {
    let sessions = sessions()?;
    let (ada, bob) = (visitor_with(&sessions)?, visitor_with(&sessions)?);
    post(&ada, "/login", &[("name", "Ada")]).await?.send().await?;
    post(&bob, "/login", &[("name", "Bob")]).await?.send().await?;
    let facts = ada.get("/session").send().await?;
    let (_, after) = facts.text()?.split_once("id=\"selector\"><code>").ok_or("no selector")?;
    let (selector, _) = after.split_once('<').ok_or("no selector")?;

    let answer = post(&bob, "/devices/end", &[("selector", selector)]).await?.follow().send().await?;
    assert_eq!(text_of(&answer, "notice")?, "That device was signed out already.");
    assert_eq!(text_of(&ada.get("/cart").send().await?, "user")?, "Ada");
    let garbled = post(&bob, "/devices/end", &[("selector", "../../etc")]).await?.send().await?;
    assert_eq!(garbled.status(), 400);
    let mine = post(&ada, "/devices/end", &[("selector", selector)]).await?.send().await?;
    assert_eq!(mine.location(), Some("/devices"));
    assert!(text_of(&ada.get("/cart").send().await?, "user").is_err(), "his own is ended as any other");
    Ok(())
}

#[tokio::test]
async fn strangers_are_sent_to_the_login_and_back() -> Tested {
    let visitor = visitor_with(&sessions()?)?;
    for path in ["/devices/end-others", "/password"] {
        let script = post(&visitor, path, &[]).await?.send().await?;
        assert_eq!(script.status(), 401, "{path}");
        assert!(script.text()?.contains("Please sign in first"), "{path}");
    }
    let page =
        visitor.get("/devices").header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
    assert_eq!(page.send().await?.location(), Some("/login"));
    let arrived = post(&visitor, "/login", &[("name", "Ada")]).await?.send().await?;
    assert_eq!(arrived.location(), Some("/devices"));
    Ok(())
}
