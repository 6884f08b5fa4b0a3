//! What an author hands to the kit: a driver on an empty store, and what the kit may expect of its time.

use std::fmt;
use std::future::Future;

use crate::driver::{BoxFuture, Driver};

/// A driver to be examined, on a fresh and empty store.
///
/// A plain driver will do where it takes its time from the [`ManualClock`](crate::testing::ManualClock) that it was
/// made with. What differs from that is said here:
///
/// ```
/// use std::sync::Arc;
/// use session_runtime::drivers::MemoryDriver;
/// use session_runtime::testing::conformance::Subject;
///
/// // A store that lives on elsewhere, is reached by several processes, and goes by its own clock.
/// let store = Arc::new(MemoryDriver::new());
/// let subject = Subject::new(store.clone()).in_real_time().opened_again_by(move || {
///     let store = store.clone();
///     async move { store }
/// });
/// # drop(subject);
/// ```
#[must_use]
pub struct Subject<D> {
    pub(super) driver: D,
    pub(super) real_time: bool,
    pub(super) expires_by_itself: bool,
    pub(super) open_again: Option<OpenAgain<D>>,
}

pub(super) type OpenAgain<D> = Box<dyn Fn() -> BoxFuture<'static, D> + Send + Sync>;

impl<D: Driver> Subject<D> {
    /// The driver goes by the clock it was given, and removes expired records only when it is swept.
    pub fn new(driver: D) -> Self {
        Self { driver, real_time: false, expires_by_itself: false, open_again: None }
    }

    /// The store's time cannot be moved: the kit goes by the system's clock, and leaves out the checks that have to
    /// wait for a deadline.
    pub fn in_real_time(self) -> Self {
        Self { real_time: true, ..self }
    }

    /// The store removes expired records by itself, so that a sweep may find none.
    pub fn expiring_by_itself(self) -> Self {
        Self { expires_by_itself: true, ..self }
    }

    /// `open` gives another driver on the same store, as after a restart or in another process.
    ///
    /// Without it the checks of [`reopening`](super::reopening) prove nothing.
    pub fn opened_again_by<F, Opening>(self, open: F) -> Self
    where
        F: Fn() -> Opening + Send + Sync + 'static,
        Opening: Future<Output = D> + Send + 'static,
    {
        Self { open_again: Some(Box::new(move || Box::pin(open()))), ..self }
    }
}

impl<D> fmt::Debug for Subject<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("real_time", &self.real_time)
            .field("expires_by_itself", &self.expires_by_itself)
            .field("open_again", &self.open_again.is_some())
            .finish_non_exhaustive()
    }
}

/// What [`examine`](super::examine) accepts: a driver, or a [`Subject`].
pub trait IntoSubject {
    /// The driver.
    type Driver: Driver;

    /// The subject.
    fn into_subject(self) -> Subject<Self::Driver>;
}

impl<D: Driver> IntoSubject for D {
    type Driver = D;

    fn into_subject(self) -> Subject<D> {
        Subject::new(self)
    }
}

impl<D: Driver> IntoSubject for Subject<D> {
    type Driver = D;

    fn into_subject(self) -> Self {
        self
    }
}
