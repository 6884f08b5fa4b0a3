//! What the methods of the driver are made of.

use redis::Value;

use crate::clock::Timestamp;
use crate::driver::contract::Owner;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Verdict};
use crate::token::Selector;

use super::commit_call::{Answer, CommitCall, is_computed};
use super::ending::{self, Ending};
use super::failure::Failure;
use super::index::{self, Entry};
use super::layout::METADATA;
use super::reading;
use super::redis_driver::RedisDriver;
use super::scripts::{Call, Name};
use super::sums;

impl RedisDriver {
    pub(super) fn ending(&self, owner: Owner<'_>) -> Ending {
        let (link, scripts) = (self.link.clone(), self.scripts.clone());
        Ending { link, scripts, now: self.clock.now(), owner: ending::owner(owner) }
    }

    pub(super) async fn enter(
        &self,
        selector: &Selector,
        principal: &PrincipalKey,
        until: Timestamp,
    ) -> Result<u64, DriverError> {
        let index = self.names.index(principal);
        let times = [self.clock.now(), until];
        let entered = index::enter(&self.link, &self.scripts, &index, selector, times).await;
        // An entry without its session does no harm.
        entered.map_err(Failure::of_read)
    }

    /// Enters a session that nobody announced. What comes of the commit if there is no such session.
    pub(super) async fn enter_unannounced(
        &self,
        selector: &Selector,
        principal: &PrincipalKey,
        commit: &Commit,
    ) -> Result<Option<Applied>, DriverError> {
        let answer = self.metadata(selector).await?;
        let Some(metadata) = reading::live(&answer, commit.at)? else {
            return Ok(Some(Applied::Gone));
        };
        if metadata.epoch != commit.epoch {
            return Ok(Some(Applied::Superseded));
        }
        self.enter(selector, principal, metadata.deadlines.absolute).await?;
        Ok(None)
    }

    pub(super) async fn metadata(&self, selector: &Selector) -> Result<Value, DriverError> {
        let mut command = redis::cmd("HGET");
        let session = self.names.session(selector);
        command.arg(&session).arg(METADATA);
        self.link.ask(&session, &command).await.map_err(Failure::of_read)
    }

    /// One attempt, in one round trip unless sums have to be computed here.
    pub(super) async fn attempt(&self, session: &str, commit: &Commit) -> Result<Answer, DriverError> {
        let mut computed = Vec::new();
        // What few commits need is in boxes, so that the futures of the others stay small.
        if commit.fields.iter().any(is_computed) {
            match Box::pin(sums::compute(&self.link, session, commit)).await? {
                Ok(sums) => computed = sums,
                Err(applied) => return Ok(Answer::Applied(applied)),
            }
        }
        let call = CommitCall { commit, now: self.clock.now(), computed: &computed };
        let script = Call { script: Name::Commit, key: session, room: call.room() };
        let answer = self.scripts.run(&self.link, script, |command| call.arguments(command)).await;
        call.answer(&answer.map_err(Failure::of_write)?)
    }

    /// Names what makes the record too large. None if it is not any more.
    pub(super) async fn too_large(
        &self,
        session: &str,
        commit: &Commit,
    ) -> Result<Option<Applied>, DriverError> {
        let answer = self.hash(session).await?;
        let record = reading::record(answer, commit.at)?;
        Ok(match record.map(|record| record.apply(commit)) {
            None => Some(Applied::Gone),
            Some(Verdict::Leave(applied)) => Some(applied),
            Some(Verdict::Store(..) | Verdict::Destroy) => None,
        })
    }

    pub(super) async fn hash(&self, session: &str) -> Result<Value, DriverError> {
        let mut command = redis::Cmd::with_capacity(2, 7 + session.len());
        command.arg("HGETALL").arg(session);
        self.link.ask(session, &command).await.map_err(Failure::of_read)
    }

    /// The principal's sessions among these, and the other entries.
    pub(super) async fn sort<'e>(
        &self,
        entries: &'e [Entry],
        principal: &PrincipalKey,
        now: Timestamp,
    ) -> Result<(Vec<&'e Entry>, Vec<&'e Entry>), DriverError> {
        let sessions = entries.iter().map(|entry| self.names.session(&entry.selector)).collect();
        let his = index::verify(&self.link, sessions, *principal, now).await?;
        let (his, others): (Vec<_>, Vec<_>) = entries.iter().zip(his).partition(|(_, his)| *his);
        let entries = |pairs: Vec<(&'e Entry, bool)>| pairs.into_iter().map(|(entry, _)| entry).collect();
        Ok((entries(his), entries(others)))
    }
}
