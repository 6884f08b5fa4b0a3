//! Commits: what a commit makes of a record is computed here and put in the record's place, unless another commit was
//! quicker; then it is computed anew from what that one has left.

use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, Record, Verdict};
use crate::token::Selector;

use super::redis_driver::RedisDriver;
use super::steps::Swapped;

/// What came of a commit on one state of a record.
pub(super) enum Attempt {
    Applied(Applied),
    /// It does not apply to that state, which need not be the present one.
    Left(Applied),
    /// The record was in another state, or is gone.
    Overtaken(Option<Record>),
}

impl RedisDriver {
    /// Applies a commit to the record as the request has seen it: in one round trip, if nobody wrote since.
    pub(super) async fn attempt(
        &self,
        selector: &Selector,
        session: &str,
        record: &Record,
        commit: &Commit,
    ) -> Result<Attempt, DriverError> {
        let (next, applied) = match record.apply(commit) {
            Verdict::Store(next, sums) => (Some(next), Applied::Stored(sums)),
            Verdict::Destroy => (None, Applied::Emptied),
            Verdict::Leave(applied) => return Ok(Attempt::Left(applied)),
        };
        let grows = next.is_some() && (commit.session().login.is_some() || commit.growth() > 0);
        match self.swap(selector, session, record, next.as_ref(), grows).await? {
            Swapped::Done => Ok(Attempt::Applied(applied)),
            Swapped::Overtaken(instead) => Ok(Attempt::Overtaken(instead)),
        }
    }

    /// Applies a commit to the record as it was just found. Who is overtaken waits for his turn among those of this
    /// process, and begins with what the other one has left.
    pub(super) async fn apply_in_turn(
        &self,
        selector: &Selector,
        session: &str,
        mut found: Option<Record>,
        commit: &Commit,
    ) -> Result<Applied, DriverError> {
        let mut turn = None;
        while let Some(record) = found {
            match self.attempt(selector, session, &record, commit).await? {
                Attempt::Applied(applied) | Attempt::Left(applied) => return Ok(applied),
                Attempt::Overtaken(instead) => found = instead,
            }
            if turn.is_none() {
                turn = self.turns.take(selector).await;
            }
        }
        Ok(Applied::Gone)
    }

    /// Writes the entry of a login that was not announced, before the record says whose it is.
    pub(super) async fn enter_unannounced(
        &self,
        selector: &Selector,
        record: &Record,
        commit: &Commit,
    ) -> Result<(), DriverError> {
        if let Some(login) = &commit.session().login
            && !self.announced.take(*selector, *login.key())
        {
            let until = commit.session().deadlines.unwrap_or(record.metadata().deadlines).absolute;
            Box::pin(self.enter(selector, login.key(), until)).await?;
        }
        Ok(())
    }
}
