//! The cookie's name and attributes, where somebody else could set, read or keep it.

use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, SameSite, Sessions};
use session_tests::stage::{Acts, Says, World};

fn built(cookie: CookieConfig) -> bool {
    Sessions::builder(MemoryDriver::new()).cookie(cookie).build().is_ok()
}

/// Browsers take prefixes in any capitals, and so do the rules; the names of layered cookies fall under them.
#[test]
fn a_prefix_promises_the_same_in_any_capitals() {
    for name in ["__Host-id", "__host-id", "__HOST-id", "__Host-Http-id", "__HoSt-hTTp-id"] {
        let cookie = CookieConfig { name: name.to_owned(), ..CookieConfig::default() };
        assert!(built(cookie.clone()), "{name}");
        assert!(!built(CookieConfig { domain: Some("shop.example".to_owned()), ..cookie.clone() }), "{name}");
        assert!(!built(CookieConfig { path: "/shop".to_owned(), ..cookie.clone() }), "{name}");
        assert!(!built(CookieConfig { secure: false, ..cookie }), "{name}");
    }
    for name in ["__Secure-id", "__secure-id", "__SECURE-id"] {
        let cookie = CookieConfig { name: name.to_owned(), ..CookieConfig::default() };
        assert!(built(CookieConfig { domain: Some("shop.example".to_owned()), ..cookie.clone() }), "{name}");
        assert!(!built(CookieConfig { secure: false, ..cookie }), "{name}");
    }
}

/// An embedded page has a session of its own, which a logout takes away there, and only there.
#[tokio::test]
async fn a_partitioned_cookie_is_removed_as_one() {
    for driver in super::stage::DRIVERS {
        let cookie = CookieConfig { same_site: SameSite::None, partitioned: true, ..CookieConfig::default() };
        let world = World::on(driver, |builder| builder.cookie(cookie));
        let live = world.browser.run("put a").await.cookie_line().unwrap();
        let removal = world.browser.run("invalidate").await.cookie_line().unwrap();
        for line in [&live, &removal] {
            for attribute in ["; Partitioned", "; Secure", "; SameSite=None", "; Path=/", "; HttpOnly"] {
                assert!(line.contains(attribute), "{driver}: {attribute}: {line}");
            }
        }
        assert!(removal.starts_with("__Host-id=;") && removal.contains("; Max-Age=0"), "{driver}: {removal}");
        assert!(world.browser.held().is_none(), "{driver}");
    }
}

/// The secret is drawn for the answer that carries it: a cookie is never older than what was decided last.
#[tokio::test]
async fn the_cookie_of_an_answer_is_the_last_secret_of_its_request() {
    for driver in super::stage::DRIVERS {
        let world = World::on(driver, |builder| builder);
        for script in [
            "increment; commit; login 42",
            "login 42; commit; elevate; commit; regenerate",
            "logout; login 42",
        ] {
            let answer = world.browser.run(script).await;
            assert_eq!(answer.set_cookies().len(), 1, "{driver}: {script}");
            let signed_in = world.browser.run("load").await;
            assert_eq!(signed_in.fact("user"), 42, "{driver}: {script}");
        }
    }
}
