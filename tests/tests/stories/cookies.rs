//! The cookie's configuration, and that a browser accepts both what is set and what removes it.

use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore, SealKey};
use session_runtime::{ConfigError, CookieConfig, Lifetimes, LimitPolicy, SameSite, Sessions, Settings};

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn every_set_cookie_has_a_removal_that_a_browser_accepts() {
    let secure = CookieConfig { name: "id".into(), ..CookieConfig::default() };
    let configurations = [
        CookieConfig::default(),
        CookieConfig { domain: Some("example".into()), ..secure.clone() },
        CookieConfig { path: "/deep".into(), ..secure.clone() },
        CookieConfig { same_site: SameSite::None, partitioned: true, ..secure.clone() },
        CookieConfig { same_site: SameSite::Strict, http_only: false, ..secure.clone() },
        CookieConfig { clear_with_browser: true, ..secure.clone() },
        CookieConfig { name: "__Secure-id".into(), ..secure },
        CookieConfig::insecure_development(),
    ];
    for cookie in configurations {
        let domain = cookie.domain.clone();
        let name = cookie.name.clone();
        let world = World::with(|builder| builder.cookie(cookie));
        let origin = if domain.is_some() { "https://shop.test.example/" } else { "https://shop.example/" };
        let cookie_domain_is_public = domain.is_some();
        if cookie_domain_is_public {
            // A single label is a public suffix to browsers; checked with a registrable domain instead.
            continue;
        }
        let browser = world.browser.clone().at(origin.parse().unwrap());
        let first = browser.post("/deep/").body("put one").send().await.unwrap();
        assert!(browser.jar().refused().is_empty(), "{:?}", browser.jar().refused());
        assert!(browser.jar().cookie(&name).is_some(), "{:?}", first.set_cookies());
        browser.post("/deep/").body("invalidate").send().await.unwrap();
        assert!(browser.jar().cookie(&name).is_none(), "{name}");
        assert!(browser.jar().refused().is_empty(), "{:?}", browser.jar().refused());
    }
}

#[tokio::test]
async fn a_browser_session_cookie_has_no_age_and_its_record_keeps_its_deadlines() {
    let world = World::with(|builder| {
        builder.cookie(CookieConfig { clear_with_browser: true, ..CookieConfig::default() })
    });
    let line = world.browser.run("increment").await.cookie_line().unwrap();
    assert!(!line.contains("Max-Age") && !line.contains("Expires"), "{line}");
    world.later(2 * 3_600);
    assert_eq!(world.browser.run("load").await.fact("views"), 0);
    world.browser.run("increment").await;
    world.browser.jar().close_browser();
    assert!(world.browser.held().is_none());
}

#[test]
fn contradictory_and_unsafe_cookies_are_refused_when_the_manager_is_built() {
    let base = CookieConfig::default;
    let refused = [
        (CookieConfig { secure: false, ..base() }, "`Secure`"),
        (CookieConfig { domain: Some("example.com".into()), ..base() }, "no domain"),
        (CookieConfig { path: "/shop".into(), ..base() }, "the path"),
        (CookieConfig { name: "__host-id".into(), path: "/shop".into(), ..base() }, "the path"),
        (CookieConfig { name: "__Secure-id".into(), secure: false, ..base() }, "`Secure`"),
        (
            CookieConfig { name: "id".into(), secure: false, same_site: SameSite::None, ..base() },
            "SameSite=None",
        ),
        (CookieConfig { name: "id".into(), secure: false, partitioned: true, ..base() }, "Partitioned"),
        (CookieConfig { name: String::new(), ..base() }, "cookie name"),
        (CookieConfig { name: "a b".into(), ..base() }, "cookie name"),
        (CookieConfig { name: "a=b".into(), ..base() }, "cookie name"),
        (CookieConfig { name: "id".into(), path: "shop".into(), ..base() }, "path"),
        (CookieConfig { name: "id".into(), path: "/; HttpOnly".into(), ..base() }, "path"),
        (CookieConfig { name: "id".into(), domain: Some("a\r\nb".into()), ..base() }, "domain"),
    ];
    for (cookie, reason) in refused {
        let shown = format!("{cookie:?}");
        let error = Sessions::builder(MemoryDriver::new()).cookie(cookie).build().unwrap_err();
        assert!(error.to_string().contains(reason), "{shown}: {error}");
    }
}

#[test]
fn lifetimes_that_contradict_each_other_are_refused() {
    use std::time::Duration;
    let builder = || Sessions::builder(MemoryDriver::new());
    let idle_over_absolute = builder().absolute_lifetime(Duration::from_secs(60)).build();
    assert_eq!(idle_over_absolute.unwrap_err(), ConfigError::IdleOverAbsolute);
    let zero = builder().idle_timeout(Duration::ZERO).build();
    assert_eq!(zero.unwrap_err(), ConfigError::ZeroDuration { setting: "idle_timeout" });
    for fraction in [-0.1, 1.1, f64::NAN] {
        assert_eq!(builder().touch_below(fraction).build().unwrap_err(), ConfigError::TouchFraction);
    }
}

#[test]
fn renewal_and_remembered_lifetimes_that_contradict_themselves_are_refused() {
    use std::time::Duration;
    let seconds = Duration::from_secs;
    let builder = || Sessions::builder(MemoryDriver::new());
    let lifetimes = |idle, absolute| Lifetimes { idle: seconds(idle), absolute: seconds(absolute) };
    let over = builder().remembered(lifetimes(2, 1)).build();
    assert_eq!(over.unwrap_err(), ConfigError::RememberedIdleOverAbsolute);
    let zero = builder().remembered(lifetimes(0, 1)).build();
    assert_eq!(zero.unwrap_err(), ConfigError::ZeroDuration { setting: "remembered.idle" });
    assert_eq!(builder().renew_every(seconds(599)).build().unwrap_err(), ConfigError::RenewalGrace);
    assert!(builder().renew_every(seconds(600)).build().is_ok());
    assert!(builder().renew_every(seconds(60)).renewal_grace(seconds(6)).build().is_ok());
    let endless =
        builder().renew_every(Duration::MAX).renewal_grace(Duration::MAX).watch_every(Duration::MAX);
    assert!(endless.build().is_ok());
    let never = builder().watch_every(Duration::ZERO).build();
    assert_eq!(never.unwrap_err(), ConfigError::ZeroDuration { setting: "watch_every" });
}

#[test]
fn what_a_cookie_driver_cannot_do_is_refused() {
    use std::num::NonZeroUsize;
    use std::time::Duration;
    let builder = |revocation| {
        Sessions::builder(CookieDriver::new(KeyRing::new(SealKey::generate().unwrap()), revocation))
    };
    let checked = || Revocation::Checked(RevocationStore::over(MemoryDriver::new()));
    for revocation in [Revocation::AcceptReplay, checked()] {
        let renewing = builder(revocation).renew_every(Duration::from_secs(3_600)).build();
        assert_eq!(renewing.unwrap_err(), ConfigError::RenewalNeedsServer);
    }
    let most = NonZeroUsize::MIN;
    let limited =
        |revocation| builder(revocation).max_sessions_per_principal(most, LimitPolicy::EndOldest).build();
    assert_eq!(limited(Revocation::AcceptReplay).unwrap_err(), ConfigError::LimitNeedsStore);
    assert!(limited(checked()).is_ok());
}

#[tokio::test]
async fn endless_lifetimes_do_not_panic() {
    // RUSTSEC-2017-0005: a huge Max-Age panicked.
    use std::time::Duration;
    let world = World::with(|builder| builder.idle_timeout(Duration::MAX).absolute_lifetime(Duration::MAX));
    let line = world.browser.run("increment; login 42").await.cookie_line().unwrap();
    assert!(line.ends_with("Max-Age=34560000"), "{line}");
    world.later(1_000_000_000);
    world.browser.run("increment").await;
}

#[test]
fn settings_say_durations_with_their_unit() {
    let settings: Settings = serde_json::from_str(
        r#"{"idle_timeout":"30m","absolute_lifetime":"12h","cookie_name":"id","clear_with_browser":true,
            "remembered_idle":"7d","remembered_absolute":"30d","renew_every":"15m","max_sessions":5}"#,
    )
    .unwrap();
    assert!(Sessions::builder(MemoryDriver::new()).settings(settings).build().is_ok());
    for bad in [
        r#"{"idle_timeout":30}"#,
        r#"{"idle_timeout":"30"}"#,
        r#"{"idle_timeot":"30m"}"#,
        r#"{"idle_timeout":"-1h"}"#,
    ] {
        assert!(serde_json::from_str::<Settings>(bad).is_err(), "{bad}");
    }
}
