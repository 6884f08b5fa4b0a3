//! A driver around a driver that logs what it is asked and fails when it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::clock::Timestamp;
use crate::driver::{Applicability, Created, Crowd, Driver, DriverError, DriverFate, Members, Owner};
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

/// A call of a driver, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Call {
    /// [`Driver::load`]
    Load,
    /// [`Driver::create`]
    Create,
    /// [`Driver::apply`]
    Apply,
    /// [`Driver::destroy`]
    Destroy,
    /// [`Driver::destroyed_recently`]
    DestroyedRecently,
    /// [`Driver::members`], and what tells a part of it: [`Driver::announce`], [`Driver::generation`]
    Members,
    /// [`Driver::revoke_all`]
    RevokeAll,
    /// [`Driver::sweep`]
    Sweep,
}

/// What happens to the calls of one name.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// They fail, and nothing is applied.
    Unavailable,
    /// They are carried out, and then fail as if the answer had been lost.
    AnswerLost,
    /// The same, and the answer takes its time to be lost: the call waits once for the runtime to come round.
    AnswerLate,
    /// What is stored cannot be read.
    Corrupt,
    /// There is no room.
    Full,
    /// They never answer.
    Hang,
    /// They wait in front of the driver until the gate is opened.
    HeldBefore(Gate),
    /// They are carried out, and their answers wait until the gate is opened.
    HeldAfter(Gate),
}

/// Holds calls until it is opened. Clones share the state.
#[derive(Clone, Debug)]
pub struct Gate {
    opening: Arc<Semaphore>,
    arrived: Arc<Semaphore>,
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self { opening: Arc::new(Semaphore::new(0)), arrived: Arc::new(Semaphore::new(0)) }
    }

    /// Lets all calls pass from now on.
    pub fn open(&self) {
        self.opening.close();
    }

    /// Waits until a call stands at the gate; once per call.
    pub async fn reached(&self) {
        if let Ok(permit) = self.arrived.acquire().await {
            permit.forget();
        }
    }

    /// Stands at the gate until it is opened.
    pub async fn pass(&self) {
        self.arrived.add_permits(1);
        // An error means that the gate was opened.
        let _ = self.opening.acquire().await;
    }
}

/// Logs every call to a driver, and injects faults. Clones share log and faults.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::MemoryDriver;
/// use session_runtime::testing::{Call, Fault, SpyDriver};
///
/// let spy = SpyDriver::new(MemoryDriver::new());
/// let sessions = Sessions::builder(spy.clone()).build()?;
/// spy.fail(Call::Load, Fault::Unavailable);
/// assert!(spy.calls().is_empty());
/// # Ok::<(), session_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct SpyDriver<D> {
    driver: Arc<D>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    calls: Vec<Call>,
    commits: Vec<Commit>,
    faults: HashMap<Call, Fault>,
}

impl<D: Driver> SpyDriver<D> {
    /// Puts a spy around `driver`.
    pub fn new(driver: D) -> Self {
        Self { driver: Arc::new(driver), shared: Arc::default() }
    }

    /// The driver inside.
    #[must_use]
    pub fn driver(&self) -> &D {
        &self.driver
    }

    /// All calls since the start or the last [`forget`](SpyDriver::forget), in the order in which they began.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.shared().calls.clone()
    }

    /// The commits that were to be applied.
    #[must_use]
    pub fn commits(&self) -> Vec<Commit> {
        self.shared().commits.clone()
    }

    /// Empties the log.
    pub fn forget(&self) {
        let mut shared = self.shared();
        shared.calls.clear();
        shared.commits.clear();
    }

    /// Lets all calls of one name fail from now on.
    pub fn fail(&self, call: Call, fault: Fault) {
        self.shared().faults.insert(call, fault);
    }

    /// Ends all faults.
    pub fn recover(&self) {
        self.shared().faults.clear();
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn pass<T>(
        &self,
        call: Call,
        carry_out: impl Future<Output = Result<T, DriverError>>,
    ) -> Result<T, DriverError> {
        let fault = {
            let mut shared = self.shared();
            shared.calls.push(call);
            shared.faults.get(&call).cloned()
        };
        match fault {
            None => carry_out.await,
            Some(Fault::Unavailable) => Err(DriverError::unavailable("injected")),
            Some(fault @ (Fault::AnswerLost | Fault::AnswerLate)) => {
                carry_out.await?;
                if matches!(fault, Fault::AnswerLate) {
                    tokio::task::yield_now().await;
                }
                Err(DriverError::Unavailable { applied: Applicability::Unknown, source: "injected".into() })
            }
            Some(Fault::Corrupt) => Err(DriverError::Corrupt { source: "injected".into() }),
            Some(Fault::Full) => Err(DriverError::Full),
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::HeldBefore(gate)) => {
                gate.pass().await;
                carry_out.await
            }
            Some(Fault::HeldAfter(gate)) => {
                let answer = carry_out.await;
                gate.pass().await;
                answer
            }
        }
    }
}

impl<D> Clone for SpyDriver<D> {
    fn clone(&self) -> Self {
        Self { driver: self.driver.clone(), shared: self.shared.clone() }
    }
}

impl<D: Driver> Driver for SpyDriver<D> {
    const EVICTS: bool = D::EVICTS;

    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        self.pass(Call::Load, self.driver.load(selector)).await
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        self.pass(Call::Create, self.driver.create(selector, record)).await
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        self.shared().commits.push(commit.clone());
        self.pass(Call::Apply, self.driver.apply(selector, commit)).await
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        self.pass(Call::Destroy, self.driver.destroy(selector, owner)).await
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        self.pass(Call::DestroyedRecently, self.driver.destroyed_recently(selector)).await
    }

    async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, DriverError> {
        self.pass(Call::Members, self.driver.announce(principal, selector, until)).await
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        self.pass(Call::Members, self.driver.admit(principal, selector, until, most)).await
    }

    async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        self.pass(Call::Members, self.driver.crowd(principal, most)).await
    }

    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        self.pass(Call::DestroyedRecently, self.driver.fate(selector)).await
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        self.pass(Call::Members, self.driver.generation(principal)).await
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        self.pass(Call::Members, self.driver.members(principal)).await
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        self.pass(Call::RevokeAll, self.driver.revoke_all(principal, except)).await
    }

    async fn sweep(&self, limit: usize) -> Result<usize, DriverError> {
        self.pass(Call::Sweep, self.driver.sweep(limit)).await
    }
}
