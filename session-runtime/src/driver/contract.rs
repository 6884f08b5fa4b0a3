//! The contract between the core and a place where records live.

use std::future::Future;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::error::DriverError;

/// A server-side store of records. Implement it with plain `async fn`s; one value serves the whole process.
///
/// The core never upserts: [`create`](Driver::create) fails on an existing selector, [`apply`](Driver::apply) on a
/// missing one. Thus no write that arrives late brings a destroyed session back.
///
/// # The odd cases
/// - An unknown selector: `load` answers `None`, `apply` [`Applied::Gone`], `destroy` `false`. None is an error.
/// - An expired record counts as unknown in every call, whether or not it was removed yet; only `create` may find its
///   selector taken until then.
/// - Two `apply` calls at once: each sees the other's whole result or nothing of it.
/// - `apply` against `destroy`: either the commit came first and is destroyed with the rest, or it is `Gone`.
/// - A refusal ([`Applied::Refused`]) leaves the record as it was, to the byte.
/// - Fields that a commit does not name stay, whoever wrote them.
/// - A commit without changes but with `idle_until` is a touch: it moves the idle deadline and nothing else.
/// - What cannot be read is [`DriverError::Corrupt`] and is left in place, never treated as empty.
/// - A call whose answer got lost is [`DriverError::Unavailable`] with what is known of its effect; never sent twice.
///
/// # The principal index
/// It never loses a live session: the entry is written before the record carries the principal, entries younger than
/// 60 seconds are not cleaned, and whoever lists verifies each member against its record. It holds a generation that
/// [`revoke_all`](Driver::revoke_all) raises before it lists and destroys.
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

    /// The live record under `selector`.
    ///
    /// # Errors
    /// [`DriverError`] when the store is away or the record cannot be read.
    fn load(&self, selector: &Selector) -> impl Future<Output = Result<Option<Record>, DriverError>> + Send;

    /// Files a new record, unless the selector is taken.
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
    /// answers `false`.
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

/// Whether [`Driver::create`] filed the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It did.
    Filed,
    /// The selector is taken, and what is there stays as it is.
    Taken,
}

/// Whose a record must be for [`Driver::destroy`] to destroy it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// Anybody's.
    Anyone,
    /// Nobody's: the session is not logged in.
    Nobody,
    /// This principal's.
    Principal(&'a PrincipalKey),
}

impl Owner<'_> {
    /// Whether `record` is such a one.
    #[must_use]
    pub fn owns(&self, record: &Record) -> bool {
        let principal = record.metadata().principal.as_ref();
        match self {
            Self::Anyone => true,
            Self::Nobody => principal.is_none(),
            Self::Principal(key) => principal.is_some_and(|principal| principal.key() == *key),
        }
    }
}

/// What the index says of a principal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Differs from what was read before if, and only if, the principal's sessions were revoked since.
    pub generation: u64,
    /// Selectors that may be the principal's; to be verified against their records.
    pub selectors: Vec<Selector>,
}

impl<D: Driver> Driver for Arc<D> {
    const IMMEDIATE: bool = D::IMMEDIATE;

    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        (**self).load(selector).await
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        (**self).create(selector, record).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        (**self).apply(selector, commit).await
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        (**self).destroy(selector, owner).await
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        (**self).destroyed_recently(selector).await
    }

    async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, DriverError> {
        (**self).announce(principal, selector, until).await
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        (**self).generation(principal).await
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        (**self).members(principal).await
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        (**self).revoke_all(principal, except).await
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        (**self).sweep(limit).await
    }
}
