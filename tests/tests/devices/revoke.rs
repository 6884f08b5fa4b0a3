//! One device is ended, or all others.

use serde_json::json;
use session_runtime::Selector;
use session_tests::stage::{Acts as _, Says as _};

use super::stage::{DRIVERS, his, is_signed_in, selector_of, signed_in, user, world};

#[tokio::test]
async fn one_device_is_signed_out_and_the_others_stay() {
    for driver in DRIVERS {
        let world = world(driver);
        let (lost, kept) = (signed_in(&world, "push tea").await, signed_in(&world, "push milk").await);
        let selector = selector_of(&lost).await;
        assert!(his(&world).revoke(&selector).await.unwrap(), "{driver}");
        assert!(!his(&world).revoke(&selector).await.unwrap(), "{driver}: not twice");
        assert!(!is_signed_in(&lost).await && is_signed_in(&kept).await, "{driver}");
        // The slow ones come to nothing.
        assert!(lost.run("load; push late; commit").await.sent_no_cookie(), "{driver}");
        assert_eq!(his(&world).count().await.unwrap(), 1, "{driver}");
    }
}

#[tokio::test]
async fn another_principals_selector_is_not_revoked() {
    for driver in DRIVERS {
        let world = world(driver);
        let (hers, visitor) = (world.stranger(), world.stranger());
        hers.run("login 7").await;
        visitor.run("push tea").await;
        let unknown = Selector::from_bytes([9; 16]);
        for selector in [selector_of(&hers).await, selector_of(&visitor).await, unknown] {
            assert!(!his(&world).revoke(&selector).await.unwrap(), "{driver}");
        }
        assert_eq!(user(&hers).await, json!(7), "{driver}");
        assert_eq!(visitor.run("load").await.fact("cart"), json!(["tea"]), "{driver}");
    }
}

#[tokio::test]
async fn revoke_all_says_how_many_there_were() {
    for driver in DRIVERS {
        let world = world(driver);
        let browsers = [signed_in(&world, "").await, signed_in(&world, "").await];
        assert_eq!(his(&world).revoke_all().await.unwrap(), 2, "{driver}");
        assert_eq!(his(&world).revoke_all().await.unwrap(), 0, "{driver}");
        for browser in browsers {
            assert!(!is_signed_in(&browser).await, "{driver}");
        }
    }
}

#[tokio::test]
async fn revoke_others_keeps_and_rotates_this_one() {
    for driver in DRIVERS {
        let world = world(driver);
        let (other, hers) = (signed_in(&world, "push milk").await, world.stranger());
        hers.run("login 7").await;
        world.browser.run("login 42; push tea").await;
        let thief = world.stranger_with_our_cookie();
        let (selector, token) = (selector_of(&world.browser).await, world.browser.token());
        let answer = world.browser.run("push bread; revoke-others 42; push salt").await;
        assert_eq!(answer.said()[1], json!(null), "{driver}");
        assert_ne!(world.browser.token(), token, "{driver}: a new secret");
        assert_eq!(selector_of(&world.browser).await, selector, "{driver}: and the same session");
        assert_eq!(world.browser.run("load").await.fact("cart"), json!(["tea", "bread", "salt"]), "{driver}");
        assert!(is_signed_in(&world.browser).await && !is_signed_in(&other).await, "{driver}");
        assert!(!is_signed_in(&thief).await, "{driver}: the stolen cookie is an old one");
        assert_eq!(user(&hers).await, json!(7), "{driver}: another's session stays");
    }
}

#[tokio::test]
async fn only_his_own_session_revokes_the_others() {
    for driver in DRIVERS {
        let world = world(driver);
        let other = signed_in(&world, "").await;
        for script in ["push tea", "login 7"] {
            world.browser.run(script).await;
            let token = world.browser.token();
            let answer = world.browser.run("load; revoke-others 42").await;
            assert_eq!(answer.said(), [json!("the session is not signed in")], "{driver}: {script}");
            assert!(is_signed_in(&other).await && world.browser.token() == token, "{driver}: {script}");
        }
    }
}
