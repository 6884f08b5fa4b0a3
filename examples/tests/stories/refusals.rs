//! What the shop refuses, and what it does when it cannot do its work.

use bytes::Bytes;
use http::{Method, StatusCode};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, Fault, SpyDriver};

use super::{Tested, add, post, text_of, token, visitor, visitor_of};

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
    store.fail(Call::Apply, Fault::Unavailable);
    let answer = visitor.get("/").send().await?;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text()?.contains("One moment, please"));
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
        (415, visitor.post("/contact").header("x-csrf-token", token.as_str()).json("dark")),
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
async fn what_an_address_answers_is_said_with_the_refusal() -> Tested {
    let visitor = visitor()?;
    for (path, allowed) in [("/logout", "POST"), ("/cart", "GET, HEAD"), ("/login", "GET, HEAD, POST")] {
        let token = token(&visitor).await?;
        let request = visitor.request(Method::PUT, path).header("x-csrf-token", token.as_str());
        let answer = request.send().await?;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers().get("allow").ok_or("no methods")?, allowed);
    }
    for path in ["/style.css", "/icon.svg"] {
        let answer = visitor.get(path).send().await?;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(!answer.text()?.is_empty());
    }
    Ok(())
}
