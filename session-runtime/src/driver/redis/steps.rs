//! What the methods of the driver are made of.

use redis::{Cmd, Value};

use crate::clock::Timestamp;
use crate::driver::answers::{Created, Owner};
use crate::driver::error::DriverError;
use crate::record::{PrincipalKey, Record};
use crate::token::Selector;

use super::ending::{self, Ending, REMEMBERED};
use super::failure::Failure;
use super::index::{self, Entry};
use super::layout;
use super::reading;
use super::redis_driver::RedisDriver;
use super::scripts::{Call, Name};

/// What came of putting one state of a session in the place of another.
pub(super) enum Swapped {
    Done,
    /// There was another one, or none.
    Overtaken(Option<Record>),
}

impl RedisDriver {
    pub(super) fn ending(&self, owner: Owner<'_>) -> Ending {
        let (link, scripts) = (self.link.clone(), self.scripts.clone());
        Ending { link, scripts, now: self.clock.now(), owner: layout::owner(owner) }
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

    /// The record, be it expired.
    pub(super) async fn read(
        &self,
        selector: &Selector,
        session: &str,
    ) -> Result<Option<Record>, DriverError> {
        let mut command = Cmd::with_capacity(2, 3 + session.len());
        command.arg("GET").arg(session);
        let answer = self.link.ask(session, command).await.map_err(Failure::of_read)?;
        reading::record(selector, &answer)
    }

    /// Files a record where something lies: what has expired is none, and is replaced.
    pub(super) async fn create_over(
        &self,
        selector: &Selector,
        session: &str,
        record: &Record,
    ) -> Result<Created, DriverError> {
        let stored = match self.read(selector, session).await {
            Err(DriverError::Corrupt { .. }) => None,
            stored => stored?,
        };
        let Some(stored) = stored.filter(|stored| stored.is_expired(self.clock.now())) else {
            return Ok(Created::Taken);
        };
        Ok(match self.swap(selector, session, &stored, Some(record), true).await? {
            Swapped::Done => Created::Filed,
            Swapped::Overtaken(_) => Created::Taken,
        })
    }

    /// Puts `next`, or the memory of a destroyed session, in the place of `record`. What does not grow is not refused
    /// for lack of memory.
    pub(super) async fn swap(
        &self,
        selector: &Selector,
        session: &str,
        record: &Record,
        next: Option<&Record>,
        grows: bool,
    ) -> Result<Swapped, DriverError> {
        // What has no revision is no state that the store knows.
        let mark = record.revision().map_or_else(Vec::new, |revision| layout::mark(revision).to_vec());
        let now = self.clock.now();
        let (value, lifetime) = if let Some(next) = next {
            let until = next.metadata().deadlines.effective();
            (layout::live(selector, next, self.revisions.next()), index::kept(now, until))
        } else {
            let until = now.saturating_add(REMEMBERED);
            (ending::remembered(now).into_bytes(), index::lifetime(now, until))
        };
        let (mark, value) = (&mark, &value);
        let swap = |beyond_memory: &'static [&str]| {
            let call = Call { script: Name::Swap, key: session, room: (4, value.len() + 40) };
            self.scripts.run(&self.link, call, move |command: &mut Cmd| {
                command.arg(mark).arg(value).arg(lifetime).arg(beyond_memory);
            })
        };
        let mut answer = swap(&[]).await;
        if !grows && answer.as_ref().is_err_and(|failure| failure.is("OOM")) {
            // Nothing was done yet.
            answer = Box::pin(swap(&["1"])).await;
        }
        match answer.map_err(Failure::of_write)? {
            Value::Int(1) => Ok(Swapped::Done),
            instead => reading::record(selector, &instead).map(Swapped::Overtaken),
        }
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
