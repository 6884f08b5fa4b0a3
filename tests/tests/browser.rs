//! Walks through the shop in a real browser, and leaves pictures of it in `target/tmp/screenshots`.
//!
//! Needs `chromium` and `chromedriver`; without them these tests fail.

mod browser {
    pub(crate) mod chrome;
    mod devices;
    mod forms;
    pub(crate) mod open_shop;
    pub(crate) mod story;
    pub(crate) mod visitor;
}

use browser::story::{Told, story};
use browser::visitor::Visitor;

#[tokio::test]
async fn every_look_at_the_product_list_is_counted() -> Told {
    story("counter", async |visitor: Visitor| {
        for views in ["1", "2", "3"] {
            visitor.open("/").await?;
            assert_eq!(visitor.text("views").await?, views);
        }
        visitor.open("/cart").await?;
        visitor.reload().await?;
        visitor.open("/").await?;
        assert_eq!(visitor.text("views").await?, "4");
        visitor.photograph("light").await
    })
    .await
}

#[tokio::test]
async fn the_cart_collects_counts_and_is_emptied() -> Told {
    story("cart", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-sencha").await?;
        visitor.press("add-earl-grey").await?;
        visitor.press("add-sencha").await?;
        assert_eq!(visitor.path().await?, "/");
        assert_eq!(visitor.text("in-cart").await?, "3");

        visitor.open("/cart").await?;
        assert_eq!(visitor.text("quantity-sencha").await?, "2");
        assert_eq!(visitor.text("total").await?, "€48.20");
        visitor.photograph("full").await?;
        visitor.press("more-earl-grey").await?;
        assert_eq!(visitor.path().await?, "/cart");
        assert_eq!(visitor.text("total").await?, "€59.40");
        visitor.press("remove-sencha").await?;
        visitor.press("remove-sencha").await?;
        assert!(!visitor.shows("quantity-sencha").await?);
        assert_eq!(visitor.text("total").await?, "€22.40");

        visitor.press("clear").await?;
        assert!(visitor.shows("empty").await?);
        assert_eq!(visitor.text("in-cart").await?, "0");
        visitor.photograph("empty").await
    })
    .await
}

#[tokio::test]
async fn the_theme_holds_on_every_page() -> Told {
    story("theme", async |visitor: Visitor| {
        visitor.open("/login").await?;
        assert_eq!(visitor.theme().await?, "light");
        let paper = visitor.background().await?;
        visitor.press("switch-theme").await?;
        assert_eq!(visitor.path().await?, "/login");
        assert_ne!(visitor.background().await?, paper);
        for path in ["/", "/cart", "/session", "/login", "/nothing-here"] {
            visitor.open(path).await?;
            assert_eq!(visitor.theme().await?, "dark");
        }
        visitor.photograph("dark-problem").await?;
        visitor.open("/").await?;
        visitor.photograph("dark-products").await?;
        visitor.press("switch-theme").await?;
        assert_eq!(visitor.theme().await?, "light");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_notice_is_shown_once_and_gone_on_reload() -> Told {
    story("notice", async |visitor: Visitor| {
        visitor.open("/").await?;
        assert!(!visitor.shows("notice").await?);
        visitor.press("add-rooibos").await?;
        assert_eq!(visitor.text("notice").await?, "Rooibos is in your cart.");
        visitor.photograph("shown").await?;
        visitor.reload().await?;
        assert!(!visitor.shows("notice").await?);
        // The action was answered with a redirect: the reload has not repeated it.
        assert_eq!(visitor.text("in-cart").await?, "1");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn signing_in_changes_the_cookie_and_keeps_the_cart() -> Told {
    story("sign-in", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-puerh").await?;
        let stranger = visitor.cookie().await?.ok_or("no cookie")?;

        visitor.open("/login").await?;
        visitor.photograph("form").await?;
        visitor.fill("name", "  ").await?;
        visitor.press("send").await?;
        assert!(visitor.shows("name-error").await?);
        visitor.photograph("refused").await?;
        // A cookie that carries the session is another one after every write, and a refusal leaves messages in it.
        if !std::env::var(session_tests::stage::STORIES_ON).is_ok_and(|on| on == "cookie") {
            assert_eq!(visitor.cookie().await?.as_ref(), Some(&stranger));
        }
        visitor.sign_in("Ada <Lovelace> & Co").await?;

        assert_eq!(visitor.text("user").await?, "Ada <Lovelace> & Co");
        assert_eq!(visitor.text("notice").await?, "Welcome, Ada <Lovelace> & Co.");
        assert_eq!(visitor.text("in-cart").await?, "1");
        visitor.photograph("done").await?;
        let known = visitor.cookie().await?.ok_or("no cookie")?;
        assert_ne!(known, stranger);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_session_shows_its_own_facts_and_keeps_its_secret() -> Told {
    story("facts", async |visitor: Visitor| {
        visitor.open("/session").await?;
        assert!(visitor.text("fresh").await?.starts_with("yes"));
        assert!(visitor.shows("unstored").await?);
        assert_eq!(visitor.cookie().await?, None);
        visitor.photograph("unstored").await?;

        visitor.sign_in("Ada").await?;
        visitor.open("/session").await?;
        assert_eq!(visitor.text("fresh").await?, "no");
        assert!(visitor.text("created").await?.contains("UTC"));
        assert!(visitor.text("expires").await?.contains("in 1h 59m"));
        assert!(visitor.text("signed-in").await?.contains("UTC"));
        let selector = visitor.text("selector").await?;
        let secret = visitor.cookie().await?.ok_or("no cookie")?;
        assert!(!selector.is_empty() && !visitor.source().await?.contains(&secret));
        visitor.photograph("stored").await
    })
    .await
}

#[tokio::test]
async fn signing_out_keeps_the_theme_and_drops_the_cart() -> Told {
    story("sign-out", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-lapsang").await?;
        visitor.press("switch-theme").await?;
        visitor.sign_in("Grace").await?;
        let known = visitor.cookie().await?;

        visitor.press("sign-out").await?;
        assert_eq!(visitor.text("notice").await?, "You are signed out. See you soon.");
        assert!(!visitor.shows("user").await?);
        assert_eq!(visitor.theme().await?, "dark");
        assert_eq!(visitor.text("in-cart").await?, "0");
        assert_eq!(visitor.text("views").await?, "1");
        visitor.photograph("done").await?;
        assert_ne!(visitor.cookie().await?, known);

        // The old cookie opens nothing, wherever it was kept.
        let known = known.ok_or("no cookie")?;
        visitor.bring_cookie(&known).await?;
        visitor.open("/cart").await?;
        assert_eq!(visitor.cookie().await?, Some(known));
        assert!(!visitor.shows("user").await?);
        assert!(visitor.shows("empty").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_back_button_does_no_harm() -> Told {
    story("back", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-sencha").await?;
        visitor.open("/cart").await?;
        visitor.back().await?;
        // Works on the page of then with the session of now.
        visitor.press("add-oolong").await?;
        assert_eq!(visitor.text("in-cart").await?, "2");
        visitor.back().await?;
        visitor.reload().await?;
        assert_eq!(visitor.text("in-cart").await?, "2");

        visitor.sign_in("Grace").await?;
        visitor.open("/session").await?;
        visitor.press("sign-out").await?;
        visitor.back().await?;
        // The page of then is not kept: what is shown is what holds now.
        assert_eq!(visitor.path().await?, "/session");
        assert!(!visitor.shows("user").await?);
        visitor.open("/").await?;
        visitor.press("add-rooibos").await?;
        assert_eq!(visitor.text("in-cart").await?, "1");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_tabs_share_one_session_through_sign_in_and_sign_out() -> Told {
    story("tabs", async |first: Visitor| {
        first.open("/").await?;
        first.press("add-sencha").await?;
        let second = first.another_tab().await?;
        second.open("/").await?;
        second.sign_in("Ada").await?;

        // This tab still shows the page of the stranger, and has the cookie of Ada: what a stranger could have written
        // into a form is not done in her name.
        first.come_back().await?;
        assert!(!first.shows("user").await?);
        first.press("add-oolong").await?;
        assert_eq!(first.text("status").await?, "403");
        first.photograph("out-of-date").await?;
        first.open("/").await?;
        assert_eq!(first.text("user").await?, "Ada");
        first.press("add-oolong").await?;
        assert_eq!(first.text("in-cart").await?, "2");

        second.come_back().await?;
        second.press("sign-out").await?;
        // The stale tab does not bring Ada back, nor her cart.
        first.come_back().await?;
        assert_eq!(first.text("user").await?, "Ada");
        first.press("add-rooibos").await?;
        first.open("/").await?;
        assert!(!first.shows("user").await?);
        assert_eq!(first.text("in-cart").await?, "0");
        first.press("add-rooibos").await?;
        assert_eq!(first.text("in-cart").await?, "1");
        first.photograph("after").await
    })
    .await
}

#[tokio::test]
async fn tabs_that_add_at_the_same_moment_lose_nothing() -> Told {
    story("many-tabs", async |visitor: Visitor| {
        visitor.open("/").await?;
        visitor.press("add-sencha").await?;
        visitor.submit_all_in_new_tabs(".shelf form", 4).await?;
        visitor
            .until("nine teas in the cart", async || {
                visitor.come_back().await?;
                visitor.open("/cart").await?;
                Ok(visitor.text("in-cart").await? == "9")
            })
            .await?;
        assert_eq!(visitor.text("quantity-sencha").await?, "2");
        assert_eq!(visitor.text("quantity-rooibos").await?, "1");
        visitor.photograph("full").await
    })
    .await
}

#[tokio::test]
async fn the_shop_fits_a_telephone() -> Told {
    story("telephone", async |visitor: Visitor| {
        visitor.resize(390, 844).await?;
        visitor.open("/").await?;
        visitor.press("add-darjeeling").await?;
        visitor.sign_in("Wilhelmina Featherstonehaugh-Cholmonde").await?;
        for (path, name) in
            [("/", "products"), ("/cart", "cart"), ("/session", "session"), ("/devices", "devices")]
        {
            visitor.open(path).await?;
            assert!(!visitor.overflows().await?, "{path} is wider than the screen");
            visitor.photograph(name).await?;
        }
        Ok(())
    })
    .await
}
