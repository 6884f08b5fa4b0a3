//! The shop without a browser: what it refuses, and what it does when requests meet.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode};
use session_runtime::drivers::{Driver, MemoryDriver};
use session_runtime::testing::{
    Call, CookieJar, Fault, Gate, ManualClock, SpyDriver, TestClient, TestRequest, TestResponse,
};
use session_runtime::{Clock as _, CookieConfig, Sessions, SystemClock};
use shop::ShopService;
use tokio::task::JoinSet;

type Tested = Result<(), Box<dyn std::error::Error>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_visit_gets_lost_among_parallel_requests() -> Tested {
    let visitor = visitor()?;
    visitor.get("/").send().await?;
    let requests: JoinSet<_> = (0..200).map(|_| visitor.get("/").start()).collect();
    for answer in requests.join_all().await {
        assert_eq!(answer?.status(), StatusCode::OK);
    }
    assert_eq!(text_of(&visitor.get("/").send().await?, "views")?, "202");
    Ok(())
}

#[tokio::test]
async fn what_is_added_to_the_same_cart_at_the_same_moment_adds_up() -> Tested {
    let store = SpyDriver::new(MemoryDriver::new());
    let visitor = visitor_of(store.clone())?;
    visitor.get("/").send().await?;

    let token = token(&visitor).await?;
    // All of them have seen the empty cart before the first of them writes.
    let gate = Gate::closed();
    store.fail(Call::Load, Fault::HeldAfter(gate.clone()));
    let products = ["sencha", "puerh"].into_iter().cycle().take(20);
    let mut requests = JoinSet::new();
    for product in products {
        let form = visitor.post("/cart/add").form(&[("_csrf", token.as_str()), ("product", product)]);
        requests.spawn(form.start());
    }
    for _ in 0..20 {
        gate.reached().await;
    }
    store.recover();
    gate.open();
    for answer in requests.join_all().await {
        assert_eq!(answer?.status(), StatusCode::SEE_OTHER);
    }

    let cart = visitor.get("/cart").send().await?;
    assert_eq!(text_of(&cart, "quantity-sencha")?, "10");
    assert_eq!(text_of(&cart, "quantity-puerh")?, "10");
    Ok(())
}

#[tokio::test]
async fn a_store_that_is_away_gets_a_page_and_logs_nobody_out() -> Tested {
    let store = SpyDriver::new(MemoryDriver::new());
    let visitor = visitor_of(store.clone())?;
    post(&visitor, "/login", &[("name", "Ada")]).await?.send().await?;

    store.fail(Call::Load, Fault::Unavailable);
    for path in ["/", "/cart", "/nothing"] {
        let answer = visitor.get(path).send().await?;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.text()?.contains("One moment, please"));
        assert!(answer.set_cookies().is_empty());
    }
    store.recover();
    assert_eq!(text_of(&visitor.get("/cart").send().await?, "user")?, "Ada");
    Ok(())
}

#[tokio::test]
async fn bad_requests_get_a_page_and_leave_the_session_alone() -> Tested {
    let visitor = visitor()?;
    add(&visitor, "oolong").await?.send().await?;
    let token = token(&visitor).await?;
    let form = |path| {
        let request = visitor.post(path).header("x-csrf-token", token.as_str());
        request.header("content-type", "application/x-www-form-urlencoded")
    };
    let long = Bytes::from(vec![b'a'; 100_000]);
    let bare = |path| visitor.post(path).form(&[("product", "oolong")]);
    for (status, request) in [
        (404, visitor.get("/nothing")),
        (404, form("/cart/add").body("product=coffee")),
        (400, form("/cart/add").body("%ff=%zz&&&")),
        (400, form("/theme").body("theme=pink")),
        (405, visitor.get("/logout")),
        (405, visitor.request(Method::DELETE, "/cart").header("x-csrf-token", token.as_str())),
        (413, form("/login").body(long.clone())),
        (413, visitor.post("/login").header("content-type", "application/x-www-form-urlencoded").body(long)),
        (415, visitor.post("/theme").header("x-csrf-token", token.as_str()).json("dark")),
        (403, visitor.post("/theme").json("dark")),
        (403, bare("/cart/add")),
        (403, bare("/cart/add").header("x-csrf-token", "x")),
        (403, form("/logout").header("sec-fetch-site", "same-site").body("")),
        (403, form("/logout").header("origin", "https://elsewhere.example").body("")),
    ] {
        let answer = request.send().await?;
        assert_eq!(answer.status().as_u16(), status);
        assert!(answer.text()?.starts_with("<!doctype html>"));
    }
    assert_eq!(text_of(&visitor.get("/cart").send().await?, "in-cart")?, "1");
    Ok(())
}

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
async fn a_missing_page_does_not_consume_the_notice_of_the_next_one() -> Tested {
    let visitor = visitor()?;
    add(&visitor, "rooibos").await?.send().await?;
    let missing = visitor.get("/favicon.ico").send().await?;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert!(text_of(&missing, "notice").is_err());
    visitor.request(Method::HEAD, "/cart").send().await?;

    let cart = visitor.get("/cart").send().await?;
    assert_eq!(text_of(&cart, "notice")?, "Rooibos is in your cart.");
    let again = visitor.get("/cart").send().await?;
    assert!(text_of(&again, "notice").is_err());
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

#[tokio::test]
async fn a_form_leads_to_our_own_pages_only() -> Tested {
    let visitor = visitor()?;
    for (back, leads_to) in
        [("/cart", "/cart"), ("https://elsewhere.example/", "/"), ("//elsewhere.example/cart", "/")]
    {
        let switch = [("theme", "dark"), ("back", back)];
        let answer = post(&visitor, "/theme", &switch).await?.send().await?;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), Some(leads_to));
    }
    Ok(())
}

#[tokio::test]
async fn who_only_looks_at_the_cart_gets_no_session() -> Tested {
    let visitor = visitor()?;
    for path in ["/cart", "/login", "/session", "/style.css", "/nothing"] {
        visitor.get(path).send().await?;
    }
    // For the token of the forms that he was shown, without a session anywhere.
    assert!(visitor.jar().cookie("id-dev").is_none() && visitor.jar().cookie("id-dev-csrf").is_some());
    visitor.get("/").send().await?;
    assert!(visitor.jar().cookie("id-dev").is_some());
    Ok(())
}

fn visitor() -> Result<TestClient<ShopService>, Box<dyn std::error::Error>> {
    visitor_of(MemoryDriver::new())
}

fn visitor_of(store: impl Driver) -> Result<TestClient<ShopService>, Box<dyn std::error::Error>> {
    let config = CookieConfig::insecure_development();
    visitor_with(&Sessions::builder(store).cookie(config).build()?)
}

fn visitor_with(sessions: &Sessions) -> Result<TestClient<ShopService>, Box<dyn std::error::Error>> {
    let client = TestClient::new(shop::app(sessions), CookieJar::new(SystemClock));
    Ok(client.at("http://127.0.0.1:3000/".parse()?))
}

/// A form of this visitor's pages, filled in.
async fn post(
    visitor: &TestClient<ShopService>,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<TestRequest<ShopService>, Box<dyn std::error::Error>> {
    let token = token(visitor).await?;
    Ok(visitor.post(path).form(&[&[("_csrf", token.as_str())], fields].concat()))
}

/// The token of a page that takes no notice away, since it only reads.
async fn token(visitor: &TestClient<ShopService>) -> Result<String, Box<dyn std::error::Error>> {
    let page = visitor.get("/nothing").send().await?;
    let (_, after) = page.text()?.split_once("name=\"_csrf\" value=\"").ok_or("a page without a token")?;
    Ok(after.split_once('"').ok_or("a token without an end")?.0.to_owned())
}

async fn add(
    visitor: &TestClient<ShopService>,
    product: &str,
) -> Result<TestRequest<ShopService>, Box<dyn std::error::Error>> {
    post(visitor, "/cart/add", &[("product", product)]).await
}

/// Where the page's own form leads.
fn action_of(page: &TestResponse) -> Result<String, Box<dyn std::error::Error>> {
    let (before, _) = page.text()?.split_once("\" class=\"sheet\"").ok_or("a page without a form")?;
    Ok(before.rsplit_once('"').ok_or("a form without an action")?.1.replace("&#38;", "&"))
}

/// The text of the element with this id.
fn text_of<'a>(page: &'a TestResponse, id: &str) -> Result<&'a str, Box<dyn std::error::Error>> {
    let tag = format!(" id=\"{id}\"");
    let after = page.text()?.split_once(&tag).and_then(|(_, after)| after.split_once('>'));
    let text = after.and_then(|(_, inner)| inner.split_once('<'));
    let (text, _) = text.ok_or_else(|| format!("nothing has the id {id}"))?;
    Ok(text.trim())
}
