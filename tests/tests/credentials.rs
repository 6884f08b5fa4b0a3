//! Sessions that are bound to the credentials they were opened with, on every driver.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed story")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::HeaderMap;
use http::header::COOKIE;
use session_runtime::drivers::{
    BoxError, CookieDriver, Durability, FileConfig, FileDriver, KeyRing, MemoryDriver, RedisConfig,
    RedisDriver, Revocation, RevocationStore,
};
use session_runtime::testing::{Call, Fault, SpyDriver};
use session_runtime::{
    Builder, CredentialSource, Event, EventKind, Fate, Reason, Session, SessionError, Sessions,
};
use session_tests::redis::{Options, Server};

/// The accounts of an application: one principal, whose hash is this.
#[derive(Clone)]
struct Accounts(Arc<Inner>);

struct Inner {
    /// `Err` while they are away.
    hash: Mutex<Result<Option<&'static str>, &'static str>>,
    asked: AtomicUsize,
    revoked: AtomicUsize,
}

impl Accounts {
    fn new() -> Self {
        let hash = Mutex::new(Ok(Some("first")));
        Self(Arc::new(Inner { hash, asked: AtomicUsize::default(), revoked: AtomicUsize::default() }))
    }

    fn become_(&self, hash: Result<Option<&'static str>, &'static str>) {
        *self.0.hash.lock().unwrap() = hash;
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::Relaxed)
    }

    fn revoked(&self) -> usize {
        self.0.revoked.load(Ordering::Relaxed)
    }

    fn over(&self, builder: Builder) -> Sessions {
        let told = self.clone();
        let observe = move |event: &Event<'_>| {
            if event.kind == EventKind::Revoked(Reason::Credentials) && event.session.is_some() {
                told.0.revoked.fetch_add(1, Ordering::Relaxed);
            }
        };
        builder.credentials(self.clone()).observer(observe).build().unwrap()
    }
}

impl CredentialSource for Accounts {
    async fn current(&self, principal: &str) -> Result<Option<Vec<u8>>, BoxError> {
        assert_eq!(principal, "42");
        self.0.asked.fetch_add(1, Ordering::Relaxed);
        // A question to a database waits.
        tokio::task::yield_now().await;
        let hash = *self.0.hash.lock().unwrap();
        Ok(hash?.map(|hash| hash.as_bytes().to_vec()))
    }
}

/// A browser that signed in, with what its session is bound to.
async fn signed_in(sessions: &Sessions, bound: Option<&str>) -> HeaderMap {
    let session: Session = sessions.create().await.unwrap();
    session.login(42).unwrap();
    if let Some(bound) = bound {
        session.bind_credentials(bound.as_bytes()).unwrap();
    }
    session.commit().await.unwrap();
    holding(sessions, &session)
}

fn holding(sessions: &Sessions, session: &Session) -> HeaderMap {
    let lines = sessions.set_cookies(session).unwrap();
    let pairs: Vec<_> = lines.iter().map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    HeaderMap::from_iter([(COOKIE, pairs.join("; ").parse().unwrap())])
}

async fn opens(sessions: &Sessions, browser: &HeaderMap) -> Result<bool, SessionError> {
    let session: Session = sessions.load(browser).await?;
    Ok(session.principal::<u64>()? == Some(42))
}

/// What holds on every driver.
async fn ends_at_its_next_load(builder: Builder) {
    let accounts = Accounts::new();
    let sessions = accounts.over(builder);
    let [one, other] = [signed_in(&sessions, Some("first")).await, signed_in(&sessions, Some("first")).await];
    let free = signed_in(&sessions, None).await;
    assert!(opens(&sessions, &one).await.unwrap());
    accounts.become_(Ok(Some("second")));
    let renewed = signed_in(&sessions, Some("second")).await;
    for browser in [&one, &other] {
        let session: Session = sessions.load(browser).await.unwrap();
        assert_eq!(session.principal::<u64>().unwrap(), None);
        assert_eq!(session.fate().await.unwrap(), Fate::Ended);
    }
    assert!(opens(&sessions, &renewed).await.unwrap(), "bound to the present ones");
    assert!(opens(&sessions, &free).await.unwrap(), "bound to none");
    assert_eq!(accounts.revoked(), 2);
    // An account that is no more has no sessions.
    accounts.become_(Ok(None));
    assert!(!opens(&sessions, &renewed).await.unwrap());
}

#[tokio::test]
async fn a_changed_fingerprint_ends_the_session_at_its_next_load_on_memory() {
    ends_at_its_next_load(Sessions::builder(MemoryDriver::new())).await;
}

#[tokio::test]
async fn a_changed_fingerprint_ends_the_session_at_its_next_load_on_files() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        FileConfig { durability: Durability::Rename, ..FileConfig::new(folder.path().join("sessions")) };
    ends_at_its_next_load(Sessions::builder(FileDriver::open(config).unwrap())).await;
}

#[tokio::test]
async fn a_changed_fingerprint_ends_the_session_at_its_next_load_on_redis() {
    let server = Server::start(&Options::new());
    let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
    ends_at_its_next_load(Sessions::builder(driver)).await;
}

#[tokio::test]
async fn a_changed_fingerprint_ends_the_session_at_its_next_load_in_cookies() {
    let stores = [
        Revocation::Checked(RevocationStore::over(MemoryDriver::new())),
        // Which has no other way to end a session.
        Revocation::AcceptReplay,
    ];
    for revocation in stores {
        ends_at_its_next_load(Sessions::builder(CookieDriver::new(
            KeyRing::ephemeral().unwrap(),
            revocation,
        )))
        .await;
    }
}

#[tokio::test]
async fn an_ended_session_stays_ended_though_the_old_credentials_come_back() {
    let accounts = Accounts::new();
    let sessions = accounts.over(Sessions::builder(MemoryDriver::new()));
    let browser = signed_in(&sessions, Some("first")).await;
    accounts.become_(Ok(Some("second")));
    assert!(!opens(&sessions, &browser).await.unwrap());
    accounts.become_(Ok(Some("first")));
    assert!(!opens(&sessions, &browser).await.unwrap());
}

#[tokio::test]
async fn a_source_that_is_away_signs_nobody_out() {
    let accounts = Accounts::new();
    let sessions = accounts.over(Sessions::builder(MemoryDriver::new()));
    let browser = signed_in(&sessions, Some("first")).await;
    accounts.become_(Err("the accounts are away"));
    let error = opens(&sessions, &browser).await.unwrap_err();
    assert_eq!(error.status(), 503);
    accounts.become_(Ok(Some("first")));
    assert!(opens(&sessions, &browser).await.unwrap());
}

#[tokio::test]
async fn a_session_that_cannot_be_ended_is_not_opened_either() {
    let accounts = Accounts::new();
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = accounts.over(Sessions::builder(spy.clone()));
    let browser = signed_in(&sessions, Some("first")).await;
    accounts.become_(Ok(Some("second")));
    spy.fail(Call::Destroy, Fault::Unavailable);
    assert_eq!(opens(&sessions, &browser).await.unwrap_err().status(), 503);
    spy.recover();
    assert!(!opens(&sessions, &browser).await.unwrap());
}

#[tokio::test]
async fn a_session_without_a_fingerprint_asks_nobody() {
    let accounts = Accounts::new();
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = accounts.over(Sessions::builder(spy.clone()));
    let browser = signed_in(&sessions, None).await;
    spy.forget();
    assert!(opens(&sessions, &browser).await.unwrap());
    assert!(!opens(&sessions, &HeaderMap::new()).await.unwrap());
    assert_eq!((accounts.asked(), spy.calls()), (0, vec![Call::Load]));
    let bound = signed_in(&sessions, Some("first")).await;
    spy.forget();
    assert!(opens(&sessions, &bound).await.unwrap());
    assert_eq!(
        (accounts.asked(), spy.calls()),
        (1, vec![Call::Load]),
        "a source that waits costs no second read"
    );
}

#[tokio::test]
async fn credentials_are_checked_by_hand_where_no_source_is_given() {
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = Sessions::builder(spy.clone()).build().unwrap();
    let browser = signed_in(&sessions, Some("first")).await;
    let session: Session = sessions.load(&browser).await.unwrap();
    assert!(session.check_credentials(b"first").unwrap());
    assert!(!session.check_credentials(b"second").unwrap());
    assert_eq!(session.principal::<u64>().unwrap(), None, "reads as empty at once");
    session.commit().await.unwrap();
    assert!(!opens(&sessions, &browser).await.unwrap());
    assert_eq!(spy.driver().len(), 0);

    let free = signed_in(&sessions, None).await;
    let session: Session = sessions.load(&free).await.unwrap();
    assert!(session.check_credentials(b"any").unwrap(), "bound to none");
}

#[tokio::test]
async fn a_session_is_bound_anew_and_forgets_with_its_login() {
    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let session: Session = sessions.create().await.unwrap();
    assert!(matches!(session.bind_credentials(b"first"), Err(SessionError::SignedOut)));
    session.login(42).unwrap();
    session.bind_credentials(b"first").unwrap();
    assert!(session.check_credentials(b"first").unwrap(), "before it is stored too");
    session.commit().await.unwrap();
    session.bind_credentials(b"second").unwrap();
    session.commit().await.unwrap();
    assert!(session.check_credentials(b"second").unwrap());
    session.login(42).unwrap();
    session.commit().await.unwrap();
    assert!(session.check_credentials(b"third").unwrap(), "a login that binds nothing is bound to nothing");
}
