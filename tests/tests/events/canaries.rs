//! No event tells what opens a session, what is in it, or whose it is: neither to an observer nor to `tracing`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation, RevocationStore};
use session_runtime::record::Principal;
use session_runtime::testing::{Call, Fault, ManualClock, SpyDriver};
use session_runtime::{Builder, JsonText, Session, Sessions};
use session_tests::stage::{Acts, Browser, Says as _, World, open};

use super::listener::Listener;
use super::log::Log;

const VALUE: &str = "canary-value-fjord";
const PRINCIPAL: u64 = 7_131_071_310_773;

/// Everything that must not be told, as far as it is known now.
struct Canaries(Vec<String>);

impl Canaries {
    fn new() -> Self {
        let key = *Principal::new(JsonText::parse(&PRINCIPAL.to_string()).unwrap()).key();
        let hex = hex(key.as_bytes());
        Self(vec![
            VALUE.to_owned(),
            PRINCIPAL.to_string(),
            key.to_string(),
            hex,
            format!("{:?}", key.as_bytes()),
        ])
    }

    /// The cookie that the browser holds: of a token the half that opens, of a sealed session all of it.
    fn hold(&mut self, browser: &Browser) {
        let Some(cookie) = browser.held() else { return };
        let value = cookie.value();
        if value.len() != 43 {
            self.0.push(value[20..60].to_owned());
            return;
        }
        let verifier = &URL_SAFE_NO_PAD.decode(value).unwrap()[16..];
        self.0.push(value[23..].to_owned());
        self.0.push(URL_SAFE_NO_PAD.encode(verifier));
        self.0.push(hex(verifier));
        self.0.push(format!("{verifier:?}"));
    }

    fn are_not_in(&self, told: &[String]) {
        for line in told {
            for canary in &self.0 {
                assert!(!line.contains(canary), "`{canary}` is told: {line}");
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

/// Every act of the stage, with every failure of the store, and what strangers do.
async fn everything(
    spy: &SpyDriver<impl session_runtime::drivers::Driver>,
    clock: &ManualClock,
    sessions: &Sessions,
    browser: &Browser,
    canaries: &mut Canaries,
) {
    let login = format!("login {PRINCIPAL}");
    let put = format!("put {VALUE}; push {VALUE}; theme {VALUE}; flash {VALUE}; now {VALUE}");
    for script in ["load", &put, &login, "elevate", "regenerate", "increment; abandon-commit", &put, "load"] {
        let old = browser.other_browser();
        if let Some(held) = browser.held() {
            old.put_cookie(&format!("__Host-id={}; Path=/; Secure", held.value())).unwrap();
        }
        browser.run(script).await;
        canaries.hold(browser);
        old.run("load; increment").await;
        canaries.hold(&old);
    }
    for call in [Call::Load, Call::Apply, Call::Create, Call::Members, Call::Destroy, Call::DestroyedRecently]
    {
        for fault in [Fault::Unavailable, Fault::AnswerLost, Fault::Corrupt, Fault::Full] {
            spy.fail(call, fault);
            browser.run(&put).await;
            browser.run(&login).await;
            browser.run("logout").await;
            spy.recover();
            canaries.hold(browser);
        }
    }
    browser.run(&login).await;
    canaries.hold(browser);
    sessions.of(&PRINCIPAL).unwrap().revoke_all().await.map(drop).unwrap();
    browser.run(&put).await;
    canaries.hold(browser);
    let session: Session = sessions.create().await.unwrap();
    session.login(PRINCIPAL).unwrap();
    session.bind_credentials(VALUE.as_bytes()).unwrap();
    session.commit().await.unwrap();
    assert!(!session.check_credentials(b"others").unwrap());
    session.commit().await.unwrap();
    clock.advance(std::time::Duration::from_secs(8_000));
    browser.run("load").await;
    sessions.sweep(100).await.unwrap();
}

fn both(log: &Log, listener: &Listener) -> Vec<String> {
    let told = listener.told();
    assert!(told.len() > 50, "{} events", told.len());
    let observed: Vec<String> = log.take().into_iter().map(|told| told.shown).collect();
    assert!(observed.len() > 50, "{} events", observed.len());
    [told, observed].concat()
}

#[tokio::test]
async fn no_event_tells_a_token_a_value_or_a_principal() {
    let (log, listener, mut canaries) = (Log::default(), Listener::listen(), Canaries::new());
    let clock = ManualClock::default();
    let driver = MemoryDriver::new().with_clock(clock.clone());
    let world = World::over(driver, clock, |builder| builder.observer(log.clone()));
    everything(&world.spy, &world.clock, &world.sessions, &world.browser, &mut canaries).await;
    canaries.are_not_in(&both(&log, &listener));
}

#[tokio::test]
async fn no_event_tells_a_seal_a_value_or_a_principal() {
    let (log, listener, mut canaries) = (Log::default(), Listener::listen(), Canaries::new());
    let clock = ManualClock::default();
    let spy = SpyDriver::new(MemoryDriver::new().with_clock(clock.clone()));
    let store = Revocation::Checked(RevocationStore::over(spy.clone()));
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), store);
    let builder: Builder = Sessions::builder(driver).clock(clock.clone()).observer(log.clone());
    let sessions = builder.build().unwrap();
    let (_, browser) = open(&sessions, &clock);
    everything(&spy, &clock, &sessions, &browser, &mut canaries).await;
    canaries.are_not_in(&both(&log, &listener));
}

#[tokio::test]
async fn tracing_gets_the_name_and_a_short_public_hash() {
    let listener = Listener::listen();
    let world = World::new();
    let id = world.browser.run("increment; commit").await.fact("id");
    let told = listener.told();
    let line = told.iter().find(|line| line.contains("event=\"session.created\"")).unwrap();
    assert!(line.starts_with("DEBUG") && line.contains(&format!("session={id}")), "{line}");
    assert!(line.contains("outcome=created"), "{line}");
}
