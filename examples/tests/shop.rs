//! The shop without a browser: what it refuses, and what it does when requests meet.

use bytes::Bytes;
use http::{Method, StatusCode};
use session_runtime::drivers::{Driver, MemoryDriver};
use session_runtime::testing::{
    Call, CookieJar, Fault, Gate, SpyDriver, TestClient, TestRequest, TestResponse,
};
use session_runtime::{CookieConfig, Sessions, SystemClock};
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

    // All of them have seen the empty cart before the first of them writes.
    let gate = Gate::closed();
    store.fail(Call::Load, Fault::HeldAfter(gate.clone()));
    let products = ["sencha", "puerh"].into_iter().cycle().take(20);
    let requests: JoinSet<_> = products.map(|product| add(&visitor, product).start()).collect();
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
    visitor.post("/login").form(&[("name", "Ada")]).send().await?;

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
    add(&visitor, "oolong").send().await?;
    let form = |path| visitor.post(path).header("content-type", "application/x-www-form-urlencoded");
    let long = Bytes::from(vec![b'a'; 100_000]);
    for (status, request) in [
        (404, visitor.get("/nothing")),
        (404, add(&visitor, "coffee")),
        (400, form("/cart/add").body("%ff=%zz&&&")),
        (400, form("/theme").body("theme=pink")),
        (405, visitor.get("/logout")),
        (405, visitor.request(Method::DELETE, "/cart")),
        (413, form("/login").body(long)),
        (415, visitor.post("/theme").json("dark")),
        (422, visitor.post("/login").form(&[("name", " ")])),
        (422, visitor.post("/login").form(&[("name", "a\u{0}b")])),
        (403, form("/logout").header("sec-fetch-site", "same-site").body("")),
    ] {
        let answer = request.send().await?;
        assert_eq!(answer.status().as_u16(), status);
        assert!(answer.text()?.starts_with("<!doctype html>"));
        assert_eq!(text_of(&answer, "in-cart")?, "1");
    }
    Ok(())
}

#[tokio::test]
async fn a_missing_page_does_not_consume_the_notice_of_the_next_one() -> Tested {
    let visitor = visitor()?;
    add(&visitor, "rooibos").send().await?;
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
    let page = visitor.post("/login").form(&name).follow().send().await?;
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
        let answer = visitor.post("/theme").form(&switch).send().await?;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), Some(leads_to));
    }
    Ok(())
}

#[tokio::test]
async fn who_only_looks_at_the_cart_gets_no_session() -> Tested {
    let visitor = visitor()?;
    for path in ["/cart", "/login", "/session", "/style.css", "/nothing"] {
        assert!(visitor.get(path).send().await?.set_cookies().is_empty());
    }
    assert_eq!(visitor.get("/").send().await?.set_cookies().len(), 1);
    Ok(())
}

fn visitor() -> Result<TestClient<ShopService>, Box<dyn std::error::Error>> {
    visitor_of(MemoryDriver::new())
}

fn visitor_of(store: impl Driver) -> Result<TestClient<ShopService>, Box<dyn std::error::Error>> {
    let sessions = Sessions::builder(store).cookie(CookieConfig::insecure_development()).build()?;
    let client = TestClient::new(shop::app(&sessions), CookieJar::new(SystemClock));
    Ok(client.at("http://127.0.0.1:3000/".parse()?))
}

fn add(visitor: &TestClient<ShopService>, product: &str) -> TestRequest<ShopService> {
    visitor.post("/cart/add").form(&[("product", product)])
}

/// The text of the element with this id.
fn text_of<'a>(page: &'a TestResponse, id: &str) -> Result<&'a str, Box<dyn std::error::Error>> {
    let tag = format!(" id=\"{id}\"");
    let after = page.text()?.split_once(&tag).and_then(|(_, after)| after.split_once('>'));
    let text = after.and_then(|(_, inner)| inner.split_once('<'));
    let (text, _) = text.ok_or_else(|| format!("nothing has the id {id}"))?;
    Ok(text.trim())
}
