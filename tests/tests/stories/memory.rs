//! The bounds of the memory driver.

use std::time::Duration;

use session_runtime::drivers::{Driver as _, MemoryBounds, MemoryDriver};
use session_runtime::testing::ManualClock;
use session_runtime::{Session, SessionError, Sessions, Token};

use session_tests::stage::Shop;

struct Bounded {
    clock: ManualClock,
    driver: std::sync::Arc<MemoryDriver>,
    sessions: Sessions,
}

fn bounded(sessions: usize, bytes: usize) -> Bounded {
    let clock = ManualClock::default();
    let driver = MemoryDriver::bounded(MemoryBounds { sessions, bytes }).with_clock(clock.clone());
    let driver = std::sync::Arc::new(driver);
    let sessions = Sessions::builder(driver.clone()).clock(clock.clone()).build().unwrap();
    Bounded { clock, driver, sessions }
}

impl Bounded {
    async fn visit(&self, prepare: impl FnOnce(&Session<Shop>)) -> Result<Token, SessionError> {
        let session = self.sessions.create::<Shop>().await?;
        session.views().increment()?;
        prepare(&session);
        session.commit().await?;
        self.clock.advance(Duration::from_secs(1));
        Ok(self.sessions.token(&session).unwrap())
    }

    async fn lives(&self, token: Token) -> bool {
        self.driver.load(&token.selector()).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn the_longest_idle_anonymous_session_makes_room() {
    let bounded = bounded(3, usize::MAX);
    let first = bounded.visit(|_| ()).await.unwrap();
    let second = bounded.visit(|_| ()).await.unwrap();
    let user = bounded.visit(|session| session.user().login(1).unwrap()).await.unwrap();
    // The first becomes the most recently used one.
    bounded.clock.advance(Duration::from_secs(3_600));
    let reopened = bounded.sessions.open::<Shop>(first).await.unwrap();
    reopened.views().increment().unwrap();
    reopened.commit().await.unwrap();
    let third = bounded.visit(|_| ()).await.unwrap();
    assert_eq!(
        [
            bounded.lives(first).await,
            bounded.lives(second).await,
            bounded.lives(user).await,
            bounded.lives(third).await
        ],
        [true, false, true, true]
    );
    assert_eq!(bounded.driver.len(), 3);
}

#[tokio::test]
async fn expired_sessions_go_first() {
    let bounded = bounded(3, usize::MAX);
    let user = bounded.visit(|session| session.user().login(1).unwrap()).await.unwrap();
    bounded.clock.advance(Duration::from_secs(2 * 3_600));
    let visitors = [bounded.visit(|_| ()).await.unwrap(), bounded.visit(|_| ()).await.unwrap()];
    bounded.visit(|_| ()).await.unwrap();
    assert!(bounded.lives(visitors[0]).await && bounded.lives(visitors[1]).await);
    assert!(!bounded.lives(user).await);
}

#[tokio::test]
async fn a_session_with_a_principal_is_never_evicted() {
    let bounded = bounded(2, usize::MAX);
    for id in 0..2 {
        bounded.visit(|session| session.user().login(id).unwrap()).await.unwrap();
    }
    let error = bounded.visit(|_| ()).await.unwrap_err();
    assert!(matches!(error, SessionError::Full));
    assert_eq!(error.status(), 503);
    assert_eq!(bounded.driver.len(), 2);
}

#[tokio::test]
async fn a_visitor_who_logs_in_is_no_longer_evictable() {
    let bounded = bounded(2, usize::MAX);
    let visitor = bounded.visit(|_| ()).await.unwrap();
    let session = bounded.sessions.open::<Shop>(visitor).await.unwrap();
    session.user().login(1).unwrap();
    session.commit().await.unwrap();
    for _ in 0..5 {
        bounded.visit(|_| ()).await.unwrap();
    }
    assert!(bounded.lives(visitor).await);
}

#[tokio::test]
async fn bytes_are_bounded_on_creation_and_on_growth() {
    let bounded = bounded(usize::MAX, 100_000);
    for _ in 0..50 {
        bounded.visit(|session| session.put("large", "x".repeat(9_000)).unwrap()).await.unwrap();
        assert!(bounded.driver.bytes() <= 100_000);
    }
    let growing = bounded.visit(|_| ()).await.unwrap();
    for number in 0..9 {
        let session = bounded.sessions.open::<Shop>(growing).await.unwrap();
        session.put(&format!("large{number}"), "x".repeat(9_000)).unwrap();
        session.commit().await.unwrap();
        assert!(bounded.driver.bytes() <= 100_000);
    }
    assert!(bounded.lives(growing).await, "the session that grows is not the one that is evicted");
    let session = bounded.sessions.open::<Shop>(growing).await.unwrap();
    session.put("large0", "x".repeat(8_000)).unwrap();
    session.commit().await.unwrap();
    let session = bounded.sessions.open::<Shop>(growing).await.unwrap();
    session.put("more", "x".repeat(50_000)).unwrap();
    assert!(matches!(session.commit().await.unwrap_err(), SessionError::Full));
    assert_eq!(bounded.driver.len(), 1);
}

#[tokio::test]
async fn the_count_of_bytes_returns_to_zero() {
    let bounded = bounded(100, usize::MAX);
    for id in 0..20 {
        let token = bounded.visit(|session| session.user().login(id % 3).unwrap()).await.unwrap();
        let session = bounded.sessions.open::<Shop>(token).await.unwrap();
        session.put("field", "x".repeat(usize::try_from(id).unwrap() * 100)).unwrap();
        session.commit().await.unwrap();
        if id % 2 == 0 {
            session.invalidate().unwrap();
            session.commit().await.unwrap();
        }
    }
    bounded.clock.advance(Duration::from_secs(3 * 3_600));
    while bounded.sessions.sweep(3).await.unwrap() > 0 {}
    assert_eq!((bounded.driver.len(), bounded.driver.bytes()), (0, 0));
}
