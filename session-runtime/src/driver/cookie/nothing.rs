//! The store of a cookie driver that accepts replay: none.

use crate::driver::answers::{Created, Members, Owner};
use crate::driver::contract::Driver;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

/// Knows nothing and takes nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nothing;

impl Driver for Nothing {
    const IMMEDIATE: bool = true;

    async fn load(&self, _: &Selector) -> Result<Option<Record>, DriverError> {
        Ok(None)
    }

    async fn create(&self, _: &Selector, _: &Record) -> Result<Created, DriverError> {
        Err(DriverError::Full)
    }

    async fn apply(&self, _: &Selector, _: &Commit) -> Result<Applied, DriverError> {
        Ok(Applied::Gone)
    }

    async fn destroy(&self, _: &Selector, _: Owner<'_>) -> Result<bool, DriverError> {
        Ok(false)
    }

    async fn members(&self, _: &PrincipalKey) -> Result<Members, DriverError> {
        Ok(Members::default())
    }

    async fn revoke_all(&self, _: &PrincipalKey, _: Option<&Selector>) -> Result<usize, DriverError> {
        Ok(0)
    }

    async fn sweep(&self, _: usize) -> Result<usize, DriverError> {
        Ok(0)
    }
}
