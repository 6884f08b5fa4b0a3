//! The object-safe twin of [`Driver`], so that nothing a handler names is generic over it.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::clock::Timestamp;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::contract::{Created, Driver, Owner};
use super::error::{Applicability, DriverError};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A call that was made: answered already, or to be waited for.
pub(crate) enum Call<'a, T> {
    Answered(Result<T, DriverError>),
    Waiting(BoxFuture<'a, Result<T, DriverError>>),
}

pub(crate) trait ErasedDriver: Send + Sync {
    fn is_immediate(&self) -> bool;
    fn load<'a>(&'a self, selector: &'a Selector) -> Call<'a, Option<Record>>;
    fn create<'a>(&'a self, selector: &'a Selector, record: &'a Record) -> Call<'a, Created>;
    fn apply<'a>(&'a self, selector: &'a Selector, commit: &'a Commit) -> Call<'a, Applied>;
    fn destroy<'a>(&'a self, selector: &'a Selector, owner: Owner<'a>) -> Call<'a, bool>;
    fn destroyed_recently<'a>(&'a self, selector: &'a Selector) -> Call<'a, bool>;
    fn announce<'a>(
        &'a self,
        principal: &'a PrincipalKey,
        selector: &'a Selector,
        until: Timestamp,
    ) -> Call<'a, u64>;
    fn generation<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, u64>;
    fn sweep(&self, limit: usize) -> Call<'_, usize>;
}

impl<D: Driver> ErasedDriver for D {
    fn is_immediate(&self) -> bool {
        D::IMMEDIATE
    }

    fn load<'a>(&'a self, selector: &'a Selector) -> Call<'a, Option<Record>> {
        call::<D, _>(Driver::load(self, selector))
    }

    fn create<'a>(&'a self, selector: &'a Selector, record: &'a Record) -> Call<'a, Created> {
        call::<D, _>(Driver::create(self, selector, record))
    }

    fn apply<'a>(&'a self, selector: &'a Selector, commit: &'a Commit) -> Call<'a, Applied> {
        call::<D, _>(Driver::apply(self, selector, commit))
    }

    fn destroy<'a>(&'a self, selector: &'a Selector, owner: Owner<'a>) -> Call<'a, bool> {
        call::<D, _>(Driver::destroy(self, selector, owner))
    }

    fn destroyed_recently<'a>(&'a self, selector: &'a Selector) -> Call<'a, bool> {
        call::<D, _>(Driver::destroyed_recently(self, selector))
    }

    fn announce<'a>(
        &'a self,
        principal: &'a PrincipalKey,
        selector: &'a Selector,
        until: Timestamp,
    ) -> Call<'a, u64> {
        call::<D, _>(Driver::announce(self, principal, selector, until))
    }

    fn generation<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, u64> {
        call::<D, _>(Driver::generation(self, principal))
    }

    fn sweep(&self, limit: usize) -> Call<'_, usize> {
        call::<D, _>(Driver::sweep(self, limit))
    }
}

/// An immediate driver's future lives on the stack; another's needs a box, since it may have to be resumed.
fn call<'a, D: Driver, T>(future: impl Future<Output = Result<T, DriverError>> + Send + 'a) -> Call<'a, T> {
    if !D::IMMEDIATE {
        return Call::Waiting(Box::pin(future));
    }
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Call::Answered(answer),
        Poll::Pending => Call::Answered(Err(DriverError::Unavailable {
            applied: Applicability::Unknown,
            source: "a driver that says it is immediate has waited".into(),
        })),
    }
}
