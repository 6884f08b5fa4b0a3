//! The object-safe twin of [`Driver`], so that nothing a handler names is generic over it.

use std::future::Future;
use std::pin::Pin;

use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::contract::{Created, Driver, Members, Owner};
use super::error::DriverError;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

type Answer<'a, T> = BoxFuture<'a, Result<T, DriverError>>;

pub(crate) trait ErasedDriver: Send + Sync {
    fn load<'a>(&'a self, selector: &'a Selector) -> Answer<'a, Option<Record>>;
    fn create<'a>(&'a self, selector: &'a Selector, record: &'a Record) -> Answer<'a, Created>;
    fn apply<'a>(&'a self, selector: &'a Selector, commit: &'a Commit) -> Answer<'a, Applied>;
    fn destroy<'a>(&'a self, selector: &'a Selector, owner: Owner<'a>) -> Answer<'a, bool>;
    fn destroyed_recently<'a>(&'a self, selector: &'a Selector) -> Answer<'a, bool>;
    fn members<'a>(&'a self, principal: &'a PrincipalKey) -> Answer<'a, Members>;
    fn sweep(&self, limit: usize) -> Answer<'_, usize>;
}

impl<D: Driver> ErasedDriver for D {
    fn load<'a>(&'a self, selector: &'a Selector) -> Answer<'a, Option<Record>> {
        Box::pin(Driver::load(self, selector))
    }

    fn create<'a>(&'a self, selector: &'a Selector, record: &'a Record) -> Answer<'a, Created> {
        Box::pin(Driver::create(self, selector, record))
    }

    fn apply<'a>(&'a self, selector: &'a Selector, commit: &'a Commit) -> Answer<'a, Applied> {
        Box::pin(Driver::apply(self, selector, commit))
    }

    fn destroy<'a>(&'a self, selector: &'a Selector, owner: Owner<'a>) -> Answer<'a, bool> {
        Box::pin(Driver::destroy(self, selector, owner))
    }

    fn destroyed_recently<'a>(&'a self, selector: &'a Selector) -> Answer<'a, bool> {
        Box::pin(Driver::destroyed_recently(self, selector))
    }

    fn members<'a>(&'a self, principal: &'a PrincipalKey) -> Answer<'a, Members> {
        Box::pin(Driver::members(self, principal))
    }

    fn sweep(&self, limit: usize) -> Answer<'_, usize> {
        Box::pin(Driver::sweep(self, limit))
    }
}
