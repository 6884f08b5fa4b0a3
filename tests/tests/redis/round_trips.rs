//! What a request costs, counted twice: by the server itself, and by what passes between it and the driver.
//!
//! The server's `MONITOR` names the commands that a client sent; those inside of a script are not among them, since the
//! client waits for the script once. Several commands may be sent at once (a pipeline) and are one round trip then, which
//! only the wire can tell: the proxy counts how often the client sent something after it had been answered.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use session_runtime::drivers::{RedisConfig, RedisDriver};
use session_runtime::testing::ManualClock;
use session_runtime::{Builder, Clock as _, LimitPolicy, Sessions, SystemClock};
use session_tests::redis::{Monitor, Options, Proxy, Server};

use super::stage::browser;
use session_tests::stage::{Acts, Browser};

/// How old a secret gets.
const EVERY: Duration = Duration::from_secs(3_600);

struct Counter<'s> {
    server: &'s Server,
    proxy: Proxy,
    monitor: Monitor<'s>,
    clock: ManualClock,
    browser: Browser,
}

impl<'s> Counter<'s> {
    async fn start(server: &'s Server) -> Self {
        Self::start_with(server, |builder| builder).await
    }

    async fn start_with(server: &'s Server, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let proxy = Proxy::start(server.port()).await;
        let config = RedisConfig::standalone(server.url_by(proxy.port()));
        let clock = ManualClock::at(SystemClock.now());
        let driver = RedisDriver::connect(config).await.unwrap().with_clock(clock.clone());
        let renewed = Sessions::builder(driver).clock(clock.clone()).renew_every(EVERY);
        let sessions = configure(renewed).build().unwrap();
        let browser = browser(&sessions);
        // A server learns each script the first time it is sent.
        for script in ["increment", "login 1; theme dark", "logout", "put a; login 2", "logout"] {
            browser.other_browser().run("increment").await;
            browser.run(script).await;
        }
        let mut counter = Self { server, proxy, monitor: Monitor::start(server), clock, browser };
        counter.browser = counter.browser.other_browser();
        counter
    }

    /// The round trips of one request. What the server counts and what it was sent must agree.
    async fn cost(&mut self, script: &str) -> usize {
        let (turns, stats) = (self.proxy.turns(), self.server.commandstats());
        self.monitor.seen();
        let answer = self.browser.run(script).await;
        assert!(answer.status().is_success(), "{script}: {}", answer.status());
        let turns = self.proxy.turns() - turns;
        let seen = self.monitor.seen();
        let commands: Vec<&str> = seen.iter().map(|seen| seen.name.as_str()).collect();
        println!("`{script}`: {turns} round trips: {}", commands.join(", "));
        assert_eq!(turns == 0, commands.is_empty(), "`{script}`: {commands:?}");
        assert!(turns <= commands.len(), "`{script}`: {turns} round trips of {commands:?}");
        let counted = counted_since(&stats, &self.server.commandstats());
        for name in &commands {
            let sent = commands.iter().filter(|sent| *sent == name).count() as u64;
            let counted = counted.get(&name.to_lowercase()).copied().unwrap_or(0);
            assert!(counted >= sent, "`{script}`: {name} was sent {sent} times and counted {counted} times");
        }
        // Of a script the server also counts the commands inside.
        if !commands.iter().any(|name| name.starts_with("EVAL")) {
            assert_eq!(counted.values().sum::<u64>(), commands.len() as u64, "`{script}`: {counted:?}");
        }
        turns
    }
}

/// What the server counted in between, but for what this test asks it.
fn counted_since(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    let ours = |name: &str| ["info", "echo", "monitor"].contains(&name) || name.starts_with("client");
    let grown = after.iter().map(|(name, calls)| (name, calls - before.get(name).copied().unwrap_or(0)));
    grown
        .filter(|(name, calls)| *calls > 0 && !ours(name))
        .map(|(name, calls)| (name.clone(), calls))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_costs_as_few_round_trips_as_it_can() {
    let server = Server::start(&Options::new());
    let mut counter = Counter::start(&server).await;
    assert_eq!(counter.cost("load").await, 0, "a visitor without a cookie");
    assert_eq!(counter.cost("increment").await, 1, "the first write of a new session");
    assert_eq!(counter.cost("").await, 0, "untouched");
    assert_eq!(counter.cost("load").await, 1, "a read");
    assert_eq!(counter.cost("increment").await, 2, "a write");
    assert_eq!(counter.cost("increment; push 3; put a; theme dark; flash x").await, 2, "writes of all kinds");
    assert_eq!(counter.cost("load").await, 2, "flash that has arrived is consumed");
    assert_eq!(counter.cost("push 4").await, 2, "an update");
    assert_eq!(counter.cost("regenerate").await, 2, "a rotation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_renewal_is_one_round_trip_and_its_confirmation_another() {
    let server = Server::start(&Options::new());
    let mut counter = Counter::start(&server).await;
    counter.cost("login 42").await;
    counter.clock.advance(EVERY);
    assert_eq!(counter.cost("load").await, 2, "the read and the renewal");
    assert_eq!(counter.cost("load").await, 2, "the read and the confirmation");
    assert_eq!(counter.cost("load").await, 1, "all was done");
    counter.clock.advance(EVERY);
    assert_eq!(counter.cost("load-readonly").await, 1, "who only reads");
    assert_eq!(counter.cost("increment").await, 2, "a write with a renewal in it");
    assert_eq!(counter.cost("increment").await, 2, "a write with a confirmation in it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_throttled_touch_is_one_round_trip() {
    let server = Server::start(&Options::new());
    let mut counter = Counter::start(&server).await;
    counter.cost("increment").await;
    counter.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(counter.cost("load").await, 1, "too early for a touch");
    counter.clock.advance(Duration::from_secs(20 * 60));
    assert_eq!(counter.cost("load").await, 2, "the read and the touch");
    assert_eq!(counter.cost("load").await, 1, "touched moments ago");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn logins_and_logouts_stay_within_their_limits() {
    let server = Server::start(&Options::new());
    let mut counter = Counter::start(&server).await;
    for (script, most) in [
        ("login 42", 4),
        ("logout", 3),
        ("increment; theme dark", 1),
        ("login 42; put a", 4),
        ("login 42", 4),
        ("logout", 3),
        ("login 43", 4),
        ("logout", 3),
    ] {
        let cost = counter.cost(script).await;
        assert!(cost <= most, "`{script}` took {cost} round trips, over {most}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_limit_costs_no_round_trip_where_there_is_room() {
    let most = NonZeroUsize::new(3).unwrap();
    for policy in [LimitPolicy::RefuseNew, LimitPolicy::EndOldest] {
        let server = Server::start(&Options::new());
        let limited = |builder: Builder| builder.max_sessions_per_principal(most, policy);
        let mut counter = Counter::start_with(&server, limited).await;
        for (script, most) in
            [("login 42", 4), ("login 42", 4), ("logout", 3), ("increment", 1), ("login 42", 4)]
        {
            let cost = counter.cost(script).await;
            assert!(cost <= most, "{policy:?}: `{script}` took {cost} round trips, over {most}");
        }
        counter.cost("credentials-changed").await;
        counter.cost("logout").await;
    }
}
