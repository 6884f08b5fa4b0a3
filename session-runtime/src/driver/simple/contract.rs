//! What a store of whole records must be able to do, at the least.

use std::future::{Future, ready};
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::Record;
use crate::token::Selector;

/// A store that can only get and put whole records. [`SingleProcess`](super::SingleProcess) makes a
/// [`Driver`](crate::drivers::Driver) of it, **for one process**; several processes on one such store lose updates.
///
/// Where the store can do more (compare and swap, transactions, scripts), implement
/// [`Driver`](crate::drivers::Driver) instead: its guarantees hold for any number of processes.
///
/// # What the adapter relies on
/// - A `read` sees all of a `write` or nothing of it, also while the write is going on and after a crash in its middle.
/// - A `write` that was answered is seen by every `read` after it: no cache in between that lags behind.
/// - What is there and cannot be read is [`DriverError::Corrupt`], never `None`: a record that counts as missing is a
///   person logged out. The error says what is wrong without repeating what is stored.
/// - A call that fails says whether it took effect: [`Applicability::No`](crate::drivers::Applicability::No), or
///   `Unknown`. It is never sent again.
///
/// The adapter calls `write`, `touch` and `destroy` of one selector one at a time, and `read` at any time. A call that
/// it has begun it waits for, even if whoever asked has gone.
///
/// # Text and expiry
/// A store of text keeps [`Record::to_document`] and reads it back by [`Record::from_document`], whose error becomes a
/// [`DriverError::Corrupt`] by `?`. A store that removes entries by itself is told
/// [`Deadlines::effective`](crate::record::Deadlines::effective) of the record's metadata with every `write` and
/// `touch`; it may keep the entry longer, never shorter.
///
/// ```
/// use std::collections::BTreeMap;
/// use tokio::sync::Mutex;
/// use session_runtime::drivers::{DriverError, SimpleDriver};
/// use session_runtime::record::Record;
/// use session_runtime::Selector;
///
/// /// The smallest store there is: text by name.
/// #[derive(Default)]
/// struct Texts(Mutex<BTreeMap<Selector, String>>);
///
/// impl SimpleDriver for Texts {
///     async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
///         let texts = self.0.lock().await;
///         Ok(texts.get(selector).map(|text| Record::from_document(text)).transpose()?)
///     }
///
///     async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
///         self.0.lock().await.insert(*selector, record.to_document());
///         Ok(())
///     }
///
///     async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
///         self.0.lock().await.remove(selector);
///         Ok(())
///     }
/// }
///
/// # #[cfg(feature = "memory")]
/// let sessions = session_runtime::Sessions::builder(
///     session_runtime::drivers::SingleProcess::new(Texts::default()),
/// ).build()?;
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
pub trait SimpleDriver: Send + Sync + 'static {
    /// What is stored under `selector`; `None` if nothing is. It may have expired: that is looked at elsewhere.
    ///
    /// # Errors
    /// [`DriverError`] when the store is away or the record cannot be read.
    fn read(&self, selector: &Selector) -> impl Future<Output = Result<Option<Record>, DriverError>> + Send;

    /// Stores `record` under `selector`, in place of what is there.
    ///
    /// # Errors
    /// [`DriverError`]; [`DriverError::Full`] when there is no room, and what was there is there still.
    fn write(
        &self,
        selector: &Selector,
        record: &Record,
    ) -> impl Future<Output = Result<(), DriverError>> + Send;

    /// Removes what is stored under `selector`; that nothing is stored is fine.
    ///
    /// # Errors
    /// [`DriverError`].
    fn destroy(&self, selector: &Selector) -> impl Future<Output = Result<(), DriverError>> + Send;

    /// Stores `record`, which differs from what is stored by its idle deadline and nothing else.
    ///
    /// Writes it as a whole by default; for stores where moving a deadline costs less than that. The deadline must be
    /// moved in what `read` answers, too, and not only in the expiry of the store.
    ///
    /// # Errors
    /// As of [`write`](SimpleDriver::write).
    fn touch(
        &self,
        selector: &Selector,
        record: &Record,
    ) -> impl Future<Output = Result<(), DriverError>> + Send {
        self.write(selector, record)
    }

    /// Selectors of records whose deadline has come, at most `limit`: what a sweep is to remove. The adapter looks at
    /// each again before it removes it. Records that cannot be read are not among them.
    ///
    /// None by default: for stores that remove what has expired by themselves, by the deadline they were told.
    ///
    /// # Errors
    /// [`DriverError`].
    fn expired(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Selector>, DriverError>> + Send {
        let _ = (now, limit);
        ready(Ok(Vec::new()))
    }
}

impl<D: SimpleDriver> SimpleDriver for Arc<D> {
    async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        (**self).read(selector).await
    }

    async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        (**self).write(selector, record).await
    }

    async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
        (**self).destroy(selector).await
    }

    async fn touch(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        (**self).touch(selector, record).await
    }

    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<Selector>, DriverError> {
        (**self).expired(now, limit).await
    }
}
