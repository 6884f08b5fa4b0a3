//! What visitors do, and what happens when their requests meet.

use http::{Method, StatusCode};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, Fault, Gate, SpyDriver};
use tokio::task::JoinSet;

use super::{Tested, add, post, text_of, token, visitor, visitor_of};

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
async fn who_only_looks_at_the_cart_gets_no_session() -> Tested {
    let visitor = visitor()?;
    for path in ["/cart", "/login", "/session", "/style.css", "/nothing"] {
        visitor.get(path).send().await?;
    }
    visitor.request(Method::HEAD, "/").send().await?;
    // For the token of the forms that he was shown, without a session anywhere.
    assert!(visitor.jar().cookie("id-dev").is_none() && visitor.jar().cookie("id-dev-csrf").is_some());
    visitor.get("/").send().await?;
    assert!(visitor.jar().cookie("id-dev").is_some());
    Ok(())
}

#[tokio::test]
async fn every_button_does_what_it_says() -> Tested {
    let visitor = visitor()?;
    for (path, fields, leads_to, notice, in_cart) in [
        ("/cart/add", &[("product", "sencha")][..], "/", "Sencha Asatsuyu is in your cart.", "1"),
        ("/cart/add", &[("product", "rooibos"), ("back", "/cart")], "/cart", "Rooibos is in your cart.", "2"),
        ("/cart/remove", &[("product", "rooibos")], "/", "One Rooibos went back on the shelf.", "1"),
        ("/theme", &[("theme", "dark")], "/", "The lights are off.", "1"),
        ("/login", &[("name", "Ada")], "/", "Welcome, Ada.", "1"),
        ("/cart/clear", &[], "/cart", "Your cart is empty again.", "0"),
        ("/logout", &[], "/", "You are signed out. See you soon.", "0"),
    ] {
        let answer = post(&visitor, path, fields).await?.send().await?;
        assert_eq!((answer.status(), answer.location()), (StatusCode::SEE_OTHER, Some(leads_to)), "{path}");
        let page = visitor.get(leads_to).send().await?;
        assert_eq!((text_of(&page, "notice")?, text_of(&page, "in-cart")?), (notice, in_cart));
    }
    Ok(())
}
