//! One account in two browsers: what each sees of the other, and what a new password does to it.

use std::time::Duration;

use super::story::{Told, story, story_of_two};
use super::visitor::Visitor;

#[tokio::test]
async fn a_new_password_signs_the_other_browser_out_and_keeps_this_ones_cart() -> Told {
    story_of_two(["devices-a", "devices-b"], async |a: Visitor, b: Visitor| {
        shop_and_sign_in(&a, &["add-puerh"]).await?;
        shop_and_sign_in(&b, &["add-sencha", "add-oolong"]).await?;

        b.open("/devices").await?;
        assert_eq!(b.count("#devices li").await?, 2);
        assert!(b.text("this-device").await?.contains("this device"));
        assert!(b.texts("#devices .agent").await?.iter().all(|agent| agent.contains("Chrome")));
        b.photograph("both").await?;
        let before = b.cookie().await?;
        b.fill("password", "").await?;
        b.fill("new_password", "first analytical").await?;
        b.press("send").await?;
        assert_eq!(b.path().await?, "/devices");
        assert_eq!(
            b.text("notice").await?,
            "Your password is changed, and all other devices are signed out."
        );
        assert_eq!(b.count("#devices li").await?, 1);
        assert_ne!(b.cookie().await?, before, "this one goes on under a new secret");
        b.photograph("alone").await?;

        // A's page is still open, and its next click shows a stranger's shop.
        assert_eq!(a.text("user").await?, "Ada");
        a.open("/cart").await?;
        assert!(!a.shows("user").await? && a.shows("empty").await?);
        a.photograph("signed-out").await?;
        b.open("/cart").await?;
        assert_eq!(b.text("user").await?, "Ada");
        assert_eq!(b.text("in-cart").await?, "2");
        b.photograph("goes-on").await?;

        // Nothing is kept for a cookie that was ended in the last minute, not even a message.
        a.clock.advance(MINUTE);
        // The old way in is closed, the new one is open.
        a.sign_in("Ada").await?;
        assert_eq!(a.text("password-error").await?, "That is not the password of this name.");
        assert_eq!(a.value("name").await?, "Ada");
        a.fill("password", "first analytical").await?;
        a.press("send").await?;
        assert_eq!(a.text("user").await?, "Ada");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_device_is_ended_and_then_all_others() -> Told {
    story_of_two(["ending-a", "ending-b"], async |a: Visitor, b: Visitor| {
        a.sign_in("Grace").await?;
        b.sign_in("Grace").await?;
        b.open("/devices").await?;
        b.press_first(".end").await?;
        assert_eq!(b.text("notice").await?, "That device is signed out.");
        assert_eq!(b.count("#devices li").await?, 1);
        assert!(!b.shows("end-others").await?);
        a.reload().await?;
        assert!(!a.shows("user").await?);

        a.sign_in("Grace").await?;
        a.open("/devices").await?;
        a.press("end-others").await?;
        assert_eq!(a.text("notice").await?, "All other devices are signed out.");
        a.photograph("alone").await?;
        b.clock.advance(MINUTE);
        b.open("/devices").await?;
        assert_eq!(b.path().await?, "/login");
        // The page that was refused is the one after the login.
        b.fill("name", "Grace").await?;
        b.press("send").await?;
        assert_eq!(b.path().await?, "/devices");
        assert_eq!(b.count("#devices li").await?, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_password_that_is_refused_changes_nothing() -> Told {
    story("password", async |visitor: Visitor| {
        visitor.sign_in("Ada").await?;
        visitor.open("/devices").await?;
        for (old, new, id, error) in [
            ("", "short", "new_password-error", "Please use at least 8 characters."),
            ("a guess", "long enough", "password-error", "That is not your present password."),
        ] {
            visitor.fill("password", old).await?;
            visitor.fill("new_password", new).await?;
            visitor.press("send").await?;
            assert_eq!(visitor.path().await?, "/devices");
            assert_eq!(visitor.text(id).await?, error);
            assert_eq!(visitor.value("password").await?, "");
            assert_eq!(visitor.value("new_password").await?, "");
        }
        visitor.photograph("refused").await?;
        visitor.press("sign-out").await?;
        visitor.sign_in("Ada").await?;
        assert_eq!(visitor.text("user").await?, "Ada");
        Ok(())
    })
    .await
}

async fn shop_and_sign_in(visitor: &Visitor, teas: &[&str]) -> Told {
    visitor.open("/").await?;
    for tea in teas {
        visitor.press(tea).await?;
    }
    visitor.sign_in("Ada").await
}

/// For so long a cookie that was ended begins no session.
const MINUTE: Duration = Duration::from_secs(61);
