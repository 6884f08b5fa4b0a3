//! One account on several browsers.

use serde_json::{Value, json};
use session_runtime::{Builder, PrincipalSessions, Selector};
use session_tests::stage::{Acts as _, Browser, Says as _, World};

/// Where a server keeps the sessions.
pub(crate) const STORES: [&str; 4] = ["memory", "file", "simple", "redis"];
/// The same, and browsers that carry them themselves, with a store of what was ended.
pub(crate) const DRIVERS: [&str; 5] = ["memory", "file", "simple", "redis", "cookie"];

pub(crate) fn world(driver: &str) -> World {
    world_with(driver, |builder| builder)
}

pub(crate) fn world_with(driver: &str, configure: impl FnOnce(Builder) -> Builder) -> World {
    World::on(driver, configure)
}

/// The sessions of the one that the stories are about.
pub(crate) fn his(world: &World) -> PrincipalSessions {
    world.sessions.of(&42_u64).unwrap()
}

/// Another browser, in which he has signed in.
pub(crate) async fn signed_in(world: &World, script: &str) -> Browser {
    let browser = world.stranger();
    browser.run(&format!("login 42; {script}")).await;
    browser
}

/// Who the browser is signed in as.
pub(crate) async fn user(browser: &Browser) -> Value {
    browser.run("load-readonly").await.fact("user")
}

pub(crate) async fn is_signed_in(browser: &Browser) -> bool {
    user(browser).await == json!(42)
}

/// The selector of the session that a browser holds.
pub(crate) async fn selector_of(browser: &Browser) -> Selector {
    browser.run("load-readonly").await.fact("selector").as_str().unwrap().parse().unwrap()
}
