//! The principal index lies under keys of its own, so that a login takes several steps; whichever of them is the last
//! that was done, no session is the principal's without being listed.

use session_runtime::drivers::{Driver as _, Owner, RedisConfig};
use session_runtime::record::Principal;
use session_runtime::{JsonText, Selector, Sessions, Token};
use session_tests::redis::{Monitor, Options, Proxy, Server, Trick};

use super::stage::{browser, driver, sessions, stored};
use session_tests::stage::{Acts, Shop};

const USER: u64 = 42;

async fn login(sessions: &Sessions, token: Option<Token>) -> Result<(), session_runtime::SessionError> {
    let session = match token {
        Some(token) => sessions.open::<Shop>(token).await?,
        None => sessions.create::<Shop>().await?,
    };
    session.user().login(USER)?;
    session.commit().await.map(drop)
}

/// All sessions that are stored under a name of the server.
fn selectors(server: &Server) -> Vec<Selector> {
    let keys: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
    keys.iter().map(|key| key.rsplit(':').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_that_breaks_off_anywhere_leaves_no_session_unlisted() {
    let principal = Principal::new(JsonText::parse("42").unwrap());
    let (mut broken_off, mut his) = (0, 0);
    for anonymous_before in [true, false] {
        for trick in [Trick::SwallowReply, Trick::SwallowRequest] {
            for step in 0..4 {
                let server = Server::start(&Options::new());
                let proxy = Proxy::start(server.port()).await;
                let through_proxy = sessions(RedisConfig::standalone(server.url_by(proxy.port()))).await;
                let config = RedisConfig::standalone(server.url());
                let (direct, driver) = (sessions(config.clone()).await, driver(config).await);
                let token = if anonymous_before { Some(stored(&direct).await) } else { None };
                proxy.play_after(step, trick);
                if login(&through_proxy, token).await.is_ok() {
                    continue;
                }
                broken_off += 1;
                let listed = driver.members(principal.key()).await.unwrap().selectors;
                for selector in selectors(&server) {
                    let record = driver.load(&selector).await.unwrap().unwrap();
                    let is_his = Owner::Principal(principal.key()).owns(&record);
                    assert!(!is_his || listed.contains(&selector), "{trick:?} at step {step}");
                    his += usize::from(is_his);
                }
            }
        }
    }
    println!("{broken_off} logins broke off, {his} of them after the session was the principal's");
    assert!(broken_off >= 10 && his >= 4, "the steps were missed: {broken_off}, {his}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_index_is_written_before_the_session() {
    let server = Server::start(&Options::new());
    let browser = browser(&sessions(RedisConfig::standalone(server.url())).await);
    let mut monitor = Monitor::start(&server);
    for script in ["login 42", "increment; login 42", "login 43"] {
        browser.run(script).await;
        let seen = monitor.seen();
        let writes = seen.iter().filter(|seen| seen.name.starts_with("EVAL") || seen.name == "SET");
        let lines: Vec<&str> = writes.map(|seen| seen.line.as_str()).collect();
        let index = lines.iter().position(|line| line.contains("session:p:")).unwrap();
        // The last write of a session is the one that makes it the principal's.
        let session = lines.iter().rposition(|line| line.contains("session:s:")).unwrap();
        assert!(index < session, "{script}: {lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_key_goes_away_by_itself() {
    let server = Server::start(&Options::new());
    let config = RedisConfig::standalone(server.url());
    let (browser, driver) = (browser(&sessions(config.clone()).await), driver(config).await);
    let expires = |after: &str| {
        for key in server.ask::<Vec<String>>(&["KEYS", "*"]) {
            let (left, kind): (i64, String) = (server.ask(&["PTTL", &key]), server.ask(&["TYPE", &key]));
            assert!(left > 0, "{key} ({kind}) stays for ever after {after}");
        }
    };
    for script in [
        "increment",
        "login 42",
        "elevate",
        "push tea; flash x",
        "clear",
        "logout",
        "put a",
        "login 7",
        "login 8",
        "forget a; logout",
    ] {
        browser.run(script).await;
        expires(script);
    }
    for id in ["42", "7", "\"nobody\""] {
        let principal = Principal::new(JsonText::parse(id).unwrap());
        driver.revoke_all(principal.key(), None).await.unwrap();
        driver.members(principal.key()).await.unwrap();
        expires("a revocation");
    }
}
