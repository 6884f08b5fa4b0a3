//! One application on each driver, and what an attacker presents to it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use serde_json::json;
use session_runtime::Selector;
use session_runtime::testing::TestResponse;
use session_tests::stage::{Acts as _, Browser, Says as _, World};

/// Where records live.
pub(crate) const STORES: [&str; 4] = ["memory", "file", "redis", "simple"];
/// The same, and browsers that carry them themselves, with a store of what was ended.
pub(crate) const DRIVERS: [&str; 5] = ["memory", "file", "redis", "simple", "cookie"];

/// With the driver of this name and everything as it is by default.
pub(crate) fn world(driver: &str) -> World {
    World::on(driver, |builder| builder)
}

/// What an attacker does.
pub(crate) trait Attacks {
    /// The answer to a stranger's request that presents exactly this cookie value.
    async fn presents(&self, value: &str, script: &str) -> TestResponse;
    /// Whether a stranger who presents this value sees a session with anything in it.
    async fn opens(&self, value: &str) -> bool;
}

impl Attacks for World {
    async fn presents(&self, value: &str, script: &str) -> TestResponse {
        let request = self.stranger().post("/").header(COOKIE, format!("__Host-id={value}"));
        request.body(script.to_owned()).send().await.unwrap()
    }

    async fn opens(&self, value: &str) -> bool {
        let answer = self.presents(value, "load-readonly").await;
        assert!(answer.status().is_success(), "{}", answer.status());
        assert!(answer.sent_no_cookie(), "who only looks is answered with no cookie");
        answer.fact("fresh") == json!(false)
            || answer.fact("all") != json!({})
            || !answer.fact("user").is_null()
    }
}

/// Puts a cookie into somebody's browser.
pub(crate) fn plant(victim: &Browser, value: &str) {
    victim.put_cookie(&format!("__Host-id={value}; Path=/; Secure")).unwrap();
}

/// The selector of the session that a browser holds.
pub(crate) async fn selector_of(browser: &Browser) -> Selector {
    browser.run("load-readonly").await.fact("selector").as_str().unwrap().parse().unwrap()
}

/// The cookie that these two halves make.
pub(crate) fn token_of(selector: &[u8; 16], verifier: &[u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode([*selector, *verifier].as_flattened())
}

/// What a token of a server's store consists of.
pub(crate) fn halves(token: &str) -> ([u8; 16], [u8; 16]) {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    let (selector, verifier) = bytes.split_at(16);
    (selector.try_into().unwrap(), verifier.try_into().unwrap())
}
