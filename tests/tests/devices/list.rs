//! The list of a principal's sessions.

use std::time::Duration;

use session_runtime::testing::{Call, Fault};
use session_runtime::{Clock as _, SessionError};
use session_tests::stage::{Acts as _, Says as _, World};

use super::stage::{DRIVERS, STORES, his, selector_of, signed_in, world};

/// By default.
const ABSOLUTE: Duration = Duration::from_secs(30 * 24 * 3_600);
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test]
async fn the_list_shows_each_device_once_and_marks_this_one() {
    for driver in DRIVERS {
        let world = world(driver);
        let begun = world.clock.now();
        let request = world.browser.post("/").header("user-agent", FIREFOX);
        request.body("address 2001:db8::1; login 42; hand-out").send().await.unwrap();
        let session = world.script.handed_out().remove(0);
        world.later(10);
        let phone = signed_in(&world, "").await;
        signed_in(&world, "login 7").await;
        let visitor = world.stranger();
        visitor.run("push tea").await;
        let devices = his(&world).list().await.unwrap();
        let selectors: Vec<_> = devices.iter().map(|device| device.selector).collect();
        let expected = [selector_of(&phone).await, selector_of(&world.browser).await];
        assert_eq!(selectors, expected, "{driver}: the one that was seen last first");
        assert_eq!(
            devices.iter().map(|device| device.is_current(&session)).collect::<Vec<_>>(),
            [false, true]
        );
        let device = &devices[1];
        assert_eq!(device.agent.as_deref(), Some("Firefox on Linux"), "{driver}");
        assert_eq!(device.address.as_deref(), Some("2001:db8::1"), "{driver}");
        assert_eq!((device.created_at, device.seen_at, device.authenticated_at), (begun, begun, Some(begun)));
        let end =
            if driver == "cookie" { begun.saturating_add(ABSOLUTE) } else { session.expires_at().unwrap() };
        assert_eq!(device.expires_at, end, "{driver}");
        assert_eq!((&devices[0].agent, &devices[0].address), (&None, &None), "{driver}");
        assert_eq!(his(&world).count().await.unwrap(), 2, "{driver}");
        assert_eq!(world.sessions.of(&43_u64).unwrap().list().await.unwrap(), [], "{driver}");
    }
}

#[tokio::test]
async fn a_device_is_seen_when_its_session_is_touched() {
    for driver in STORES {
        let world = world(driver);
        world.browser.run("login 42").await;
        let begun = world.clock.now();
        // Enough for a touch.
        world.later(3_600);
        world.browser.run("load").await;
        let device = his(&world).list().await.unwrap().remove(0);
        assert_eq!((device.created_at, device.seen_at), (begun, world.clock.now()), "{driver}");
        assert_eq!(device.authenticated_at, Some(begun), "{driver}");
    }
}

#[tokio::test]
async fn the_next_login_says_what_device_it_is_on() {
    for driver in DRIVERS {
        let world = world(driver);
        let login = world.browser.post("/").header("user-agent", FIREFOX);
        login.body("login 42; address 192.0.2.7").send().await.unwrap();
        // An address alone is stored by nobody, and changes nothing.
        assert!(world.browser.run("address 192.0.2.8").await.sent_no_cookie());
        let device = his(&world).list().await.unwrap().remove(0);
        assert_eq!(device.address.as_deref(), Some("192.0.2.7"), "{driver}");
        let again = world.browser.post("/").header("user-agent", "curl/8.5.0");
        again.body("login 42").send().await.unwrap();
        let devices = his(&world).list().await.unwrap();
        assert_eq!(devices.len(), 1, "{driver}");
        assert_eq!(
            (devices[0].agent.as_deref(), &devices[0].address),
            (Some("curl/8.5.0"), &None),
            "{driver}"
        );
    }
}

#[tokio::test]
async fn what_has_ended_is_not_listed() {
    for driver in STORES {
        let world = world(driver);
        let [out, other, short] =
            [signed_in(&world, "").await, signed_in(&world, "").await, signed_in(&world, "").await];
        out.run("logout").await;
        other.run("login 7").await;
        assert_eq!(his(&world).count().await.unwrap(), 1, "{driver}");
        assert_eq!(his(&world).list().await.unwrap()[0].selector, selector_of(&short).await, "{driver}");
        world.later(31 * 24 * 3_600);
        assert_eq!(his(&world).list().await.unwrap(), [], "{driver}: expired");
        assert_eq!(his(&world).count().await.unwrap(), 0, "{driver}: expired");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_left_out_and_a_store_that_is_away_says_so() {
    let world = World::on("memory", |builder| builder);
    world.browser.run("login 42").await;
    world.spy.fail(Call::Load, Fault::Corrupt);
    assert_eq!(his(&world).list().await.unwrap(), []);
    world.spy.fail(Call::Load, Fault::Unavailable);
    assert!(matches!(his(&world).list().await, Err(SessionError::Unavailable { .. })));
    world.spy.recover();
    assert_eq!(his(&world).list().await.unwrap().len(), 1);
}
