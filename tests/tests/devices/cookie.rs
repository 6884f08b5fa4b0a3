//! Where browsers carry their sessions, and a store remembers which have ended.

use session_runtime::drivers::{Applicability, CookieDriver, KeyRing, Revocation};
use session_runtime::testing::{Call, Fault, Gate};
use session_runtime::{SessionError, Sessions};
use session_tests::stage::{Acts as _, Says as _, open};

use super::stage::{his, is_signed_in, selector_of, signed_in, world};

/// What a tab of the same browser may do with the cookie from before.
const LATE: [&str; 5] = ["load; push late", "push late; commit", "flash late", "regenerate", "elevate"];

#[tokio::test]
async fn a_second_tab_does_not_undo_the_new_cookie() {
    for ending in ["credentials-changed", "credentials-changed; status 500", "revoke-others 42"] {
        for late in LATE {
            let world = world("cookie");
            world.browser.run("login 42; push tea").await;
            let tab = world.stranger_with_our_cookie();
            let open = world.script.gate("open");
            let slow = tokio::spawn(tab.begin(&format!("load; at-gate open; {late}")));
            open.reached().await;
            // The generation was raised, and the secret is not replaced yet.
            let between = Gate::closed();
            world.spy.fail(Call::Members, Fault::HeldBefore(between.clone()));
            let changing = tokio::spawn(world.browser.begin(ending));
            between.reached().await;
            let what = format!("{ending}, {late}");
            assert!(tab.run(late).await.sent_no_cookie(), "{what}: in between");
            between.open();
            world.spy.recover();
            let answer = changing.await.unwrap().unwrap();
            assert!(answer.cookie_line().is_some(), "{what}: {} {:?}", answer.status(), answer.said());
            world.browser.deliver(&answer);
            open.open();
            let answer = slow.await.unwrap().unwrap();
            assert!(answer.sent_no_cookie(), "{what}: loaded before, {:?}", answer.set_cookies());
            let answer = tab.run(late).await;
            assert!(answer.sent_no_cookie(), "{what}: loaded after, {:?}", answer.set_cookies());
            assert!(is_signed_in(&world.browser).await, "{what}");
        }
    }
}

#[tokio::test]
async fn who_changed_his_password_stays_signed_in_although_the_list_was_out_of_reach() {
    let world = world("cookie");
    let other = signed_in(&world, "").await;
    world.browser.run("login 42; push tea").await;
    world.spy.fail(Call::Members, Fault::Unavailable);
    let answer = world.browser.run("credentials-changed").await;
    assert_eq!(answer.status(), 503);
    world.spy.recover();
    assert!(is_signed_in(&world.browser).await, "his next seal is of the new generation");
    assert!(!is_signed_in(&other).await);
    let answer = world.browser.run("credentials-changed").await;
    assert!(answer.status().is_success(), "{}", answer.status());
    assert!(is_signed_in(&world.browser).await);
    assert_eq!(his(&world).count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_revocation_whose_list_was_out_of_reach_may_have_ended_sessions() {
    let world = world("cookie");
    world.browser.run("login 42").await;
    world.spy.fail(Call::Members, Fault::Unavailable);
    let error = his(&world).revoke_all().await.unwrap_err();
    assert!(matches!(error, SessionError::Unavailable { applied: Applicability::Unknown, .. }), "{error}");
    world.spy.recover();
    assert!(!is_signed_in(&world.browser).await);
}

#[tokio::test]
async fn an_ended_session_is_off_the_list() {
    let world = world("cookie");
    let [out, other, stays] =
        [signed_in(&world, "").await, signed_in(&world, "").await, signed_in(&world, "").await];
    out.run("logout").await;
    other.run("login 7").await;
    let listed = his(&world).list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].selector, selector_of(&stays).await);
    assert_eq!(his(&world).revoke_all().await.unwrap(), 1);
    assert_eq!(his(&world).count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_login_that_was_overtaken_is_not_listed() {
    let world = world("cookie");
    let gate = Gate::closed();
    world.spy.fail(Call::Create, Fault::HeldAfter(gate.clone()));
    let login = tokio::spawn(world.browser.begin("login 42"));
    gate.reached().await;
    world.spy.recover();
    his(&world).revoke_all().await.unwrap();
    gate.open();
    assert!(login.await.unwrap().unwrap().sent_no_cookie());
    assert_eq!(his(&world).list().await.unwrap(), []);
}

#[tokio::test]
async fn a_revoked_session_stays_ended_after_another_login_of_its_principal() {
    let world = world("cookie");
    world.browser.run("login 42; push tea").await;
    let selector = selector_of(&world.browser).await;
    let copy = world.stranger_with_our_cookie();
    assert!(his(&world).revoke(&selector).await.unwrap());
    // Whoever signs in again gets another session; every seal of the old one is worthless, also one made anew.
    world.browser.run("login 42").await;
    assert!(!is_signed_in(&copy).await && is_signed_in(&world.browser).await);
    assert_ne!(selector_of(&world.browser).await, selector);
    assert_eq!(his(&world).count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_login_that_does_not_fit_goes_without_its_device() {
    let world = world("cookie");
    let fits =
        async |bytes: usize| world.browser.run(&format!("put-large {bytes}")).await.status().is_success();
    let mut most = 0;
    for step in [4_096, 1_024, 256, 64, 16] {
        while fits(most + step).await {
            most += step;
        }
    }
    // Room for a login, and not for the longest description of a device.
    assert!(fits(most - 64).await);
    let address = "x".repeat(45);
    let agent = "y".repeat(40);
    let login = world.browser.post("/").header("user-agent", &agent);
    let answer = login.body(format!("address {address}; login 42")).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    assert!(is_signed_in(&world.browser).await);
    assert_eq!(his(&world).list().await.unwrap()[0].agent, None);
}

#[tokio::test]
async fn without_a_store_nothing_of_it_is_promised() {
    let clock = session_runtime::testing::ManualClock::default();
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
    let sessions = Sessions::builder(driver).clock(clock.clone()).build().unwrap();
    let (_, browser) = open(&sessions, &clock);
    browser.run("login 42; push tea").await;
    let his = sessions.of(&42_u64).unwrap();
    assert!(matches!(his.list().await, Err(SessionError::NotKept)));
    assert!(matches!(his.count().await, Err(SessionError::NotKept)));
    assert!(matches!(his.revoke_all().await, Err(SessionError::NotKept)));
    let selector = selector_of(&browser).await;
    assert!(matches!(his.revoke(&selector).await, Err(SessionError::NotKept)));
    let answer = browser.run("push bread; credentials-changed").await;
    assert!(answer.status().is_server_error(), "told at the call, before the handler goes on");
    let answer = browser.run("revoke-others 42").await;
    assert_eq!(answer.said(), [serde_json::json!(SessionError::NotKept.to_string())]);
    assert!(is_signed_in(&browser).await);
}

#[tokio::test]
async fn a_revoked_cookie_begins_no_session_while_the_end_is_fresh() {
    let world = world("cookie");
    world.browser.run("login 42; push tea").await;
    his(&world).revoke_all().await.unwrap();
    for late in LATE.into_iter().take(3) {
        assert!(world.browser.run(late).await.sent_no_cookie(), "{late}");
    }
    // A login begins one all the same, and so does whoever comes later.
    world.later(61);
    let answer = world.browser.run("push late").await;
    assert!(answer.cookie_line().is_some() && answer.fact("user").is_null());
}

#[tokio::test]
async fn a_login_from_after_the_revocation_stays_listed() {
    let world = world("cookie");
    let gone = signed_in(&world, "").await;
    let gate = Gate::closed();
    // The generation was raised, and the list is not cleared yet.
    world.spy.fail(Call::Members, Fault::HeldBefore(gate.clone()));
    let his_sessions = his(&world);
    let revoking = tokio::spawn(async move { his_sessions.revoke_all().await });
    gate.reached().await;
    world.browser.run("login 42").await;
    gate.open();
    world.spy.recover();
    assert_eq!(revoking.await.unwrap().unwrap(), 1);
    assert!(is_signed_in(&world.browser).await && !is_signed_in(&gone).await);
    assert_eq!(his(&world).count().await.unwrap(), 1);
}
