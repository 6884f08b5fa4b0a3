//! Clients that increment one session again and again, and keep count of what they were told.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use session_runtime::drivers::Applicability;
use session_runtime::{Outcome, SessionError, Sessions, Token};
use tokio::task::JoinSet;

use super::stage::{LIMIT, breath, increment, unavailable};

/// What became of increments. Clones share the counts.
#[derive(Clone, Default)]
pub(crate) struct Tally(Arc<Counts>);

#[derive(Default)]
struct Counts {
    acknowledged: AtomicU64,
    unknown: AtomicU64,
    failed: AtomicU64,
}

impl Tally {
    /// Notes one answer: the increment is stored, it may be, or it is not.
    pub(crate) fn note(&self, answer: &Result<Outcome, SessionError>) {
        let count = match answer {
            Ok(Outcome::Committed) => &self.0.acknowledged,
            Ok(outcome) => panic!("an increment came to {outcome}"),
            Err(_) if unavailable(answer) == Applicability::Unknown => &self.0.unknown,
            Err(_) => &self.0.failed,
        };
        count.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn acknowledged(&self) -> u64 {
        self.0.acknowledged.load(Ordering::SeqCst)
    }

    pub(crate) fn unknown(&self) -> u64 {
        self.0.unknown.load(Ordering::SeqCst)
    }

    /// Waits until so many more were acknowledged.
    pub(crate) async fn grows_by(&self, more: u64) {
        let until = self.acknowledged() + more;
        let began = Instant::now();
        while self.acknowledged() < until {
            assert!(began.elapsed() < LIMIT, "no progress within {LIMIT:?}: {self}");
            breath().await;
        }
    }

    /// No increment that was acknowledged is missing, and none counts twice.
    pub(crate) fn assert_exact(&self, views: u64) {
        println!("{self}, {views} stored");
        let least = self.acknowledged();
        assert!((least..=least + self.unknown()).contains(&views), "{self}, but {views} are stored");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self.0.failed.load(Ordering::SeqCst);
        write!(f, "{} acknowledged, {} unknown, {failed} failed", self.acknowledged(), self.unknown())
    }
}

/// Clients at work on one session.
pub(crate) struct Load {
    pub(crate) tally: Tally,
    clients: JoinSet<()>,
    done: Arc<AtomicBool>,
}

impl Load {
    pub(crate) fn start(sessions: &Sessions, token: Token, clients: usize) -> Self {
        let (tally, done) = (Tally::default(), Arc::new(AtomicBool::new(false)));
        let mut load = Self { tally, clients: JoinSet::new(), done };
        for _ in 0..clients {
            let (sessions, tally, done) = (sessions.clone(), load.tally.clone(), load.done.clone());
            load.clients.spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    let answer = increment(&sessions, token).await;
                    tally.note(&answer);
                    if answer.is_err() {
                        breath().await;
                    }
                }
            });
        }
        load
    }

    /// Lets the clients finish what they are at.
    pub(crate) async fn end(mut self) -> Tally {
        self.done.store(true, Ordering::SeqCst);
        while let Some(ended) = self.clients.join_next().await {
            ended.unwrap();
        }
        self.tally
    }
}
