//! A driver behind a counted pointer is the same driver.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::answers::{Created, Crowd, DriverFate, Members, Owner};
use super::contract::Driver;
use super::error::DriverError;

impl<D: Driver> Driver for Arc<D> {
    const IMMEDIATE: bool = D::IMMEDIATE;
    const EVICTS: bool = D::EVICTS;

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

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        (**self).admit(principal, selector, until, most).await
    }

    async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        (**self).crowd(principal, most).await
    }

    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        (**self).fate(selector).await
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
