//! What an author hands to the kit: a driver on an empty store, and what the kit may expect of its time.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::driver::{BoxFuture, Driver};
use crate::token::Selector;

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
///
/// # What is left out, and when
/// | said of the subject | left out |
/// |---|---|
/// | [`in_real_time`](Subject::in_real_time) | `deadlines`: `a_record_ends_at_its_deadline`, `a_touch_revives_nothing`, `a_sweep_goes_by_the_present_deadline`; `principals`: `a_session_in_use_stays_listed`, `an_expired_session_is_his_no_more`; of `endings::endings_are_remembered_alike` that the memory ends |
/// | [`expiring_by_itself`](Subject::expiring_by_itself) | that sweeps remove every expired record: `deadlines::a_sweep_keeps_its_batch_and_spares_the_living`, `deadlines::a_sweep_goes_by_the_present_deadline`, `crowds::sweeps_at_once_count_each_record_once`, `damage::a_sweep_leaves_what_is_damaged` |
/// | nothing of [`opened_again_by`](Subject::opened_again_by) | all of `reopening` |
/// | [`in_one_process`](Subject::in_one_process) | `reopening`: `two_processes_see_each_other`, `additions_of_two_processes_add_up`, and of the others that a generation is the same after a restart |
/// | [`forgetting_its_index`](Subject::forgetting_its_index) | `reopening`: `the_index_is_there_after_a_restart` |
/// | nothing of [`corrupted_by`](Subject::corrupted_by) | all of `damage` |
/// | nothing of [`filled_by`](Subject::filled_by) | all of `room` |
#[must_use]
pub struct Subject<D> {
    pub(super) driver: D,
    pub(super) habits: Habits,
    pub(super) open_again: Option<OpenAgain<D>>,
    pub(super) damage: Option<Damage>,
    pub(super) fill: Option<Fill>,
}

/// What the kit must not expect of a driver, and what it may.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is true of a driver or not, whatever the others are")]
pub(super) struct Habits {
    pub(super) real_time: bool,
    pub(super) expires_by_itself: bool,
    pub(super) one_process: bool,
    pub(super) forgets_index: bool,
    pub(super) remembers_the_destroyed: bool,
}

pub(super) type OpenAgain<D> = Box<dyn Fn() -> BoxFuture<'static, D> + Send + Sync>;
pub(super) type Damage = Arc<dyn Fn(Selector) -> BoxFuture<'static, ()> + Send + Sync>;
pub(super) type Fill = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

impl<D: Driver> Subject<D> {
    /// The driver goes by the clock it was given, and removes expired records only when it is swept.
    pub fn new(driver: D) -> Self {
        Self { driver, habits: Habits::default(), open_again: None, damage: None, fill: None }
    }

    /// The store's time cannot be moved: the kit goes by the system's clock, and leaves out the checks that have to
    /// wait for a deadline.
    pub fn in_real_time(mut self) -> Self {
        self.habits.real_time = true;
        self
    }

    /// The store removes expired records by itself, so that a sweep may find none.
    pub fn expiring_by_itself(mut self) -> Self {
        self.habits.expires_by_itself = true;
        self
    }

    /// The guarantees of the driver hold as long as one process uses the store, and its generations begin anew with
    /// each: the profile of [`SingleProcess`](crate::drivers::SingleProcess). Such a driver says so in its name.
    pub fn in_one_process(mut self) -> Self {
        self.habits.one_process = true;
        self
    }

    /// The driver loses its principal index by a restart.
    pub fn forgetting_its_index(mut self) -> Self {
        self.habits.forgets_index = true;
        self
    }

    /// [`destroyed_recently`](Driver::destroyed_recently) is kept: every ending must be remembered. Without this a
    /// driver may answer `false` to all.
    pub fn remembering_the_destroyed(mut self) -> Self {
        self.habits.remembers_the_destroyed = true;
        self
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

    /// `damage` replaces what is stored of a record, behind the driver's back, with something that is no record.
    ///
    /// Without it the checks of [`damage`](super::damage) prove nothing.
    pub fn corrupted_by<F, Damaging>(self, damage: F) -> Self
    where
        F: Fn(Selector) -> Damaging + Send + Sync + 'static,
        Damaging: Future<Output = ()> + Send + 'static,
    {
        Self { damage: Some(Arc::new(move |selector| Box::pin(damage(selector)))), ..self }
    }

    /// `fill` takes all room that the store has left, so that it is [`Full`](crate::drivers::DriverError::Full).
    ///
    /// Without it the check of [`room`](super::room) proves nothing.
    pub fn filled_by<F, Filling>(self, fill: F) -> Self
    where
        F: Fn() -> Filling + Send + Sync + 'static,
        Filling: Future<Output = ()> + Send + 'static,
    {
        Self { fill: Some(Arc::new(move || Box::pin(fill()))), ..self }
    }
}

impl<D> fmt::Debug for Subject<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("habits", &self.habits)
            .field("open_again", &self.open_again.is_some())
            .field("damage", &self.damage.is_some())
            .field("fill", &self.fill.is_some())
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
