//! One check's stage: the driver, its time, and calls that must not fail.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::{Created, Driver, DriverError, Members, Owner};
use crate::record::{Applied, Commit, Deadlines, PrincipalKey, Record};
use crate::testing::ManualClock;
use crate::token::Selector;

use super::fixtures;
use super::subject::{Damage, Fill, Habits, OpenAgain, Subject};

/// What a check is run on. Made by [`examine`](super::examine), for each check anew.
pub struct Trial<D> {
    driver: Arc<D>,
    clock: Option<ManualClock>,
    habits: Habits,
    open_again: Option<OpenAgain<D>>,
    damage: Option<Damage>,
    fill: Option<Fill>,
}

impl<D: Driver> Trial<D> {
    pub(super) fn new(subject: Subject<D>, clock: ManualClock) -> Self {
        let Subject { driver, habits, open_again, damage, fill } = subject;
        let clock = (!habits.real_time).then_some(clock);
        Self { driver: Arc::new(driver), clock, habits, open_again, damage, fill }
    }

    /// The same store through another driver, where the author can open one.
    pub(super) async fn opened_again(&self) -> Option<Self> {
        let driver = said(self.open_again.as_ref(), "opened_again_by")?().await;
        Some(Self {
            driver: Arc::new(driver),
            clock: self.clock.clone(),
            habits: self.habits,
            open_again: None,
            damage: self.damage.clone(),
            fill: self.fill.clone(),
        })
    }

    /// Damages a record, where the author can.
    pub(super) async fn damage(&self, selector: &Selector) -> Option<()> {
        let damage = said(self.damage.as_ref(), "corrupted_by")?;
        damage(*selector).await;
        Some(())
    }

    /// Takes all room that is left, where the author can.
    pub(super) async fn fill(&self) -> Option<()> {
        let fill = said(self.fill.as_ref(), "filled_by")?;
        fill().await;
        Some(())
    }

    pub(super) fn driver(&self) -> Arc<D> {
        self.driver.clone()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.as_ref().map_or_else(|| SystemClock.now(), Clock::now)
    }

    /// The clock, where time can be moved.
    pub(super) fn clock(&self) -> Option<&ManualClock> {
        self.clock.as_ref()
    }

    pub(super) const fn habits(&self) -> Habits {
        self.habits
    }

    pub(super) const fn expires_by_itself(&self) -> bool {
        self.habits.expires_by_itself
    }

    /// A record made now, of the first epoch, with these fields.
    pub(super) fn record(&self, fields: &[(&str, &str)]) -> Record {
        Record::new(fixtures::metadata(self.now()), fixtures::fields(fields), Vec::new())
    }

    /// A record whose deadline passed a minute ago.
    pub(super) fn expired_record(&self, fields: &[(&str, &str)]) -> Record {
        let now = self.now().unix_millis();
        let ago = |seconds: u64| Timestamp::from_unix_millis(now - seconds * 1_000);
        let mut metadata = fixtures::metadata(ago(7_260));
        metadata.deadlines = Deadlines { idle: ago(60), ..metadata.deadlines };
        Record::new(metadata, fixtures::fields(fields), Vec::new())
    }

    /// A commit of the first epoch that changes nothing.
    pub(super) fn commit(&self) -> Commit {
        Commit::unchanged(0, self.now())
    }

    pub(super) fn later(&self, by: Duration) -> Timestamp {
        self.now().saturating_add(by)
    }

    /// Files a record with these fields under a new selector.
    pub(super) async fn filed(&self, fields: &[(&str, &str)]) -> Selector {
        self.file(&self.record(fields)).await
    }

    pub(super) async fn file(&self, record: &Record) -> Selector {
        let selector = fixtures::selector();
        let created = self.create(&selector, record).await;
        assert_eq!(created, Created::Filed, "`create` under a selector that nobody has");
        selector
    }

    pub(super) async fn create(&self, selector: &Selector, record: &Record) -> Created {
        answered("create", self.driver.create(selector, record).await)
    }

    pub(super) async fn load(&self, selector: &Selector) -> Option<Record> {
        answered("load", self.driver.load(selector).await)
    }

    /// The record that must be there.
    pub(super) async fn stored(&self, selector: &Selector) -> Record {
        let Some(record) = self.load(selector).await else {
            panic!("`load` finds no record where a live one must be");
        };
        record
    }

    pub(super) async fn apply(&self, selector: &Selector, commit: &Commit) -> Applied {
        answered("apply", self.driver.apply(selector, commit).await)
    }

    /// Applies a commit that must be stored.
    pub(super) async fn store(&self, selector: &Selector, commit: &Commit) {
        let applied = self.apply(selector, commit).await;
        assert!(matches!(applied, Applied::Stored(_)), "a commit that fits must be stored, not {applied:?}");
    }

    pub(super) async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> bool {
        answered("destroy", self.driver.destroy(selector, owner).await)
    }

    pub(super) async fn destroyed_recently(&self, selector: &Selector) -> bool {
        answered("destroyed_recently", self.driver.destroyed_recently(selector).await)
    }

    pub(super) async fn members(&self, principal: &PrincipalKey) -> Members {
        answered("members", self.driver.members(principal).await)
    }

    /// The members whose records say that they are the principal's: what the core shows and ends.
    pub(super) async fn sessions_of(&self, principal: &PrincipalKey) -> BTreeSet<Selector> {
        let mut his = BTreeSet::new();
        for selector in self.members(principal).await.selectors {
            let record = self.load(&selector).await;
            if record.is_some_and(|record| Owner::Principal(principal).owns(&record)) {
                assert!(his.insert(selector), "the index lists one session twice");
            }
        }
        his
    }

    pub(super) async fn revoke_all(&self, principal: &PrincipalKey, except: Option<&Selector>) -> usize {
        answered("revoke_all", self.driver.revoke_all(principal, except).await)
    }

    pub(super) async fn sweep(&self, limit: usize) -> usize {
        answered("sweep", self.driver.sweep(limit).await)
    }
}

impl<D> fmt::Debug for Trial<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial").field("clock", &self.clock).finish_non_exhaustive()
    }
}

/// No check gives a driver a reason to fail.
pub(super) fn answered<T>(call: &str, answer: Result<T, DriverError>) -> T {
    match answer {
        Ok(answer) => answer,
        Err(error) => match error.source() {
            Some(cause) => panic!("`{call}` failed: {error}: {cause}"),
            None => panic!("`{call}` failed: {error}"),
        },
    }
}

/// What the author has said; else a word on what this check leaves unproven.
#[expect(clippy::print_stdout, reason = "tests show what they print")]
fn said<T>(what: Option<T>, by: &str) -> Option<T> {
    if what.is_none() {
        println!("left out, and proven by nothing: the subject does not say `{by}`");
    }
    what
}
