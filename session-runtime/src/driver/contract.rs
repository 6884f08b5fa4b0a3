//! The contract between the core and a place where records live.

use std::future::Future;

use crate::clock::Timestamp;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::answers::{Created, Crowd, DriverFate, Members, Owner};
use super::crowds;
use super::error::DriverError;

/// A server-side store of records. Implement it with plain `async fn`s; one value serves the whole process.
///
/// The core never upserts: [`create`](Driver::create) fails on an existing selector, [`apply`](Driver::apply) on a
/// missing one. Thus no write that arrives late brings a destroyed session back.
///
/// A driver that holds whole records is a lock and one call of [`Record::apply`], which is the reference for what a
/// commit means; one that works field by field does the same in its store's language. A store that can only get and
/// put is a [`SimpleDriver`](crate::drivers::SimpleDriver), which serves one process.
///
/// # The odd cases
///
/// **Missing and taken**
/// - An unknown selector: `load` answers `None`, `apply` [`Applied::Gone`], `destroy` `false`. None is an error, and
///   none brings a record into being.
/// - A collision: `create` on a selector that is taken answers [`Created::Taken`] and leaves what is there as it is. Of
///   many at once one is filed. The core then tries another selector.
/// - A destroyed record stays destroyed: every later `apply` is `Gone`, a touch too, whoever sends it and however late.
///
/// **Expiry**
/// - A record ends at [`Deadlines::effective`](crate::record::Deadlines::effective), in the millisecond of the deadline
///   itself. It then counts as unknown in every call, whether or not it was removed yet; only `create` may find its
///   selector taken until then. Nothing revives it.
/// - `apply` judges by [`Commit::at`]; all other calls by the driver's own clock, or its store's.
/// - Clocks differ, by seconds, between servers and between them and the store. A commit may be dated before the record
///   was created or after the driver's present, and is applied all the same. A driver whose store removes records by
///   its own clock lets it do so late rather than early: the core looks at the deadline of what is loaded.
/// - A deadline may be [`Timestamp::MAX`](crate::Timestamp::MAX). It is kept as it is, and what a store cannot count to
///   is cut to what it can.
/// - A commit without changes but with `idle_until` is a touch: it raises the idle deadline, never past the absolute
///   one, and moves nothing else. Touches that cross leave the furthest.
///
/// **Atomicity**
/// - Two `apply` calls at once: each sees the other's whole result or nothing of it. So does `load`.
/// - `apply` against `destroy`: either the commit came first and is destroyed with the rest, or it is `Gone`.
/// - A commit is all or nothing. A refusal ([`Applied::Refused`]), another epoch ([`Applied::Superseded`]) and an
///   error leave the record as it was, to the byte.
/// - Fields that a commit does not name stay, whoever wrote them, and so does what the driver does not understand of a
///   value: texts are kept to the byte, never parsed and written anew.
/// - Sums of integers are exact over all of `i128` and `u128`. No number passes through a float but a float.
/// - Whether a session was emptied is judged in the same step that removes its last field ([`Applied::Emptied`]).
///
/// **Failures**
/// - Corrupt: what cannot be read is [`DriverError::Corrupt`] in every call that has to read it, and is left in place,
///   never treated as empty or missing. A sweep and a revocation go past it to the others.
/// - Full: [`DriverError::Full`] for what needs room. What is stored stays, can be read, and can be destroyed; no session
///   with a principal makes room for another.
/// - A lost answer: [`DriverError::Unavailable`] with what is known of its effect,
///   [`Applicability::No`](crate::drivers::Applicability::No) only where nothing can have been applied. What may have
///   been applied is never sent again: an addition would count twice.
/// - Cancellation: the core gives a call up at its deadline, by dropping the future. Whatever was begun is then applied
///   as a whole or not at all, at once or later, but never on top of what was answered since; no lock stays behind. A
///   lock must therefore outlive the future where the write behind it does: give both to a task.
/// - No call hangs for good, and none blocks a thread of the runtime.
///
/// **Texts and sizes**
/// - Keys are any Unicode, empty ones and ones of many kilobytes too, compared to the byte. A layout keeps them apart
///   from its own names: a field called `principal` is a field.
/// - [`Commit::max_bytes`] bounds what `apply` may lead to, by [`Record::size`]; what does not grow passes over it.
///   `create` is not bounded: the core has looked at the record before.
///
/// # The principal index
/// It never loses a live session; entries that are stale do no harm, since whoever lists verifies each member against
/// its record. From this follow the rules:
/// - The entry is written before the record carries the principal, and removed after the record is gone: at every
///   moment, also if the process ends in it, a record with a principal is listed.
/// - Entries younger than 60 seconds are not cleaned, since their record may be on its way.
/// - An entry lives as long as its session can: touches of the session must not leave it behind.
/// - A login under another principal moves the session to the other list. A login that failed lists nobody who matters.
/// - [`members`](Driver::members) names no selector twice.
/// - [`revoke_all`](Driver::revoke_all) raises the generation *before* it lists and destroys, also if there is nothing to
///   destroy. A login reads the generation before and after, and ends itself if it moved. Generations never repeat while
///   a login can be on its way. Nothing but a revocation moves them.
///
/// # Security
/// Selectors and principal keys may be logged; stored values may not. No part of a request but a parsed
/// [`Selector`] ever reaches a driver as a name, so that none can reach a path or a query.
///
/// [`driver_conformance!`](crate::driver_conformance) proves that a driver keeps the contract.
pub trait Driver: Send + Sync + 'static {
    /// Whether no call of this driver ever waits, so that its futures are ready at their first poll: `false` by
    /// default. Loads and commits over such a driver take no allocation for their futures. If a call waits all the
    /// same, it is given up as [`DriverError::Unavailable`].
    const IMMEDIATE: bool = false;

    /// Whether this driver may drop live records of nobody to make room for others: `false` by default.
    const EVICTS: bool = false;

    /// The live record under `selector`.
    ///
    /// # Errors
    /// [`DriverError`] when the store is away or the record cannot be read.
    fn load(&self, selector: &Selector) -> impl Future<Output = Result<Option<Record>, DriverError>> + Send;

    /// Files a new record, unless the selector is taken. What has expired takes none: it is replaced.
    ///
    /// # Errors
    /// [`DriverError`]; [`DriverError::Full`] when there is no room.
    fn create(
        &self,
        selector: &Selector,
        record: &Record,
    ) -> impl Future<Output = Result<Created, DriverError>> + Send;

    /// Applies a commit atomically to the live record under `selector`.
    ///
    /// # Errors
    /// [`DriverError`]; everything that concerns the record itself is an [`Applied`].
    fn apply(
        &self,
        selector: &Selector,
        commit: &Commit,
    ) -> impl Future<Output = Result<Applied, DriverError>> + Send;

    /// Destroys the record under `selector` if it is still its `owner`'s; whether there was one.
    ///
    /// # Errors
    /// [`DriverError`].
    fn destroy(
        &self,
        selector: &Selector,
        owner: Owner<'_>,
    ) -> impl Future<Output = Result<bool, DriverError>> + Send;

    /// Whether a live session was destroyed under this selector within the last minute or so.
    ///
    /// Asked before a visitor who presented a dead token gets a new session: his browser may have received a newer
    /// cookie meanwhile, which an answer to the old request must not replace. A driver that keeps no such memory
    /// answers `false`. One that does remembers every kind of ending alike: destroyed, emptied by a commit, revoked; and
    /// neither what has expired nor what was evicted.
    ///
    /// # Errors
    /// [`DriverError`].
    fn destroyed_recently(
        &self,
        selector: &Selector,
    ) -> impl Future<Output = Result<bool, DriverError>> + Send {
        let _ = selector;
        std::future::ready(Ok(false))
    }

    /// Says that the session under `selector` is about to become the principal's by a `create` or an `apply`, and will
    /// end at `until` at the latest; the generation of the principal's sessions.
    ///
    /// A driver whose index lies elsewhere than its records may write the entry here, together with reading the
    /// generation. It must not rely on being asked: `create` and `apply` also come without. By default this is the
    /// generation and nothing else.
    ///
    /// # Errors
    /// [`DriverError`].
    fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> impl Future<Output = Result<u64, DriverError>> + Send {
        let _ = (selector, until);
        self.generation(principal)
    }

    /// The same as [`announce`](Driver::announce), unless the principal has `most` live sessions beside this one already:
    /// then nothing is entered, and the answer is `None`.
    ///
    /// A driver that enters the session here in one atomic step with the count admits `most` of many logins at once,
    /// never more. A session whose record is on its way counts from its admission; one whose login then failed counts
    /// for as long as young entries of the index are not cleaned. Stale entries do not count.
    ///
    /// By default each entry of the index is verified before the session is announced, which is **not atomic**: of
    /// several logins at once more than `most` may be admitted.
    ///
    /// # Errors
    /// [`DriverError`].
    fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> impl Future<Output = Result<Option<u64>, DriverError>> + Send {
        async move {
            if crowds::has_room(self, principal, selector, most).await? {
                self.announce(principal, selector, until).await.map(Some)
            } else {
                Ok(None)
            }
        }
    }

    /// The generation, and the live sessions of the principal beyond `most`, the one with the oldest login first; of two
    /// logins in the same millisecond the one with the lesser selector. Asked after a login was stored, so that whoever
    /// asks last sees all of them.
    ///
    /// By default [`members`](Driver::members), each verified against its record where there are more than `most`.
    ///
    /// # Errors
    /// [`DriverError`].
    fn crowd(
        &self,
        principal: &PrincipalKey,
        most: usize,
    ) -> impl Future<Output = Result<Crowd, DriverError>> + Send {
        crowds::over(self, principal, most)
    }

    /// What became of the session under a selector that [`load`](Driver::load) does not know, as far as it is still
    /// known. Only told to somebody, and nothing depends on it. A driver that remembers what has expired says for how
    /// long; by default this is [`destroyed_recently`](Driver::destroyed_recently).
    ///
    /// # Errors
    /// [`DriverError`].
    fn fate(&self, selector: &Selector) -> impl Future<Output = Result<DriverFate, DriverError>> + Send {
        async {
            let destroyed = self.destroyed_recently(selector).await?;
            Ok(if destroyed { DriverFate::Destroyed } else { DriverFate::Unknown })
        }
    }

    /// The generation that [`members`](Driver::members) also tells, which it is taken from by default: for drivers that
    /// can read it for less.
    ///
    /// # Errors
    /// [`DriverError`].
    fn generation(&self, principal: &PrincipalKey) -> impl Future<Output = Result<u64, DriverError>> + Send {
        async { Ok(self.members(principal).await?.generation) }
    }

    /// The index entry of a principal: generation and selectors, some of which may be stale.
    ///
    /// # Errors
    /// [`DriverError`].
    fn members(&self, principal: &PrincipalKey) -> impl Future<Output = Result<Members, DriverError>> + Send;

    /// Raises the generation, then destroys every session of the principal, but for `except`; how many there were.
    ///
    /// # Errors
    /// [`DriverError`].
    fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> impl Future<Output = Result<usize, DriverError>> + Send;

    /// Removes at most `limit` expired records; how many it removed. Zero means that none are left for now.
    ///
    /// # Errors
    /// [`DriverError`].
    fn sweep(&self, limit: usize) -> impl Future<Output = Result<usize, DriverError>> + Send;
}
