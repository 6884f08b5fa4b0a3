//! The object-safe twin of [`Driver`], so that nothing a handler names is generic over it.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::clock::Timestamp;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::answers::{Created, Crowd, DriverFate, Members, Owner};
use super::contract::Driver;
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
    fn admit<'a>(
        &'a self,
        principal: &'a PrincipalKey,
        selector: &'a Selector,
        until: Timestamp,
        most: usize,
    ) -> Call<'a, Option<u64>>;
    fn crowd<'a>(&'a self, principal: &'a PrincipalKey, most: usize) -> Call<'a, Crowd>;
    fn fate<'a>(&'a self, selector: &'a Selector) -> Call<'a, DriverFate>;
    fn generation<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, u64>;
    fn members<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, Members>;
    fn revoke_all<'a>(&'a self, principal: &'a PrincipalKey, except: Option<&'a Selector>)
    -> Call<'a, usize>;
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

    fn admit<'a>(
        &'a self,
        principal: &'a PrincipalKey,
        selector: &'a Selector,
        until: Timestamp,
        most: usize,
    ) -> Call<'a, Option<u64>> {
        call::<D, _>(Driver::admit(self, principal, selector, until, most))
    }

    fn crowd<'a>(&'a self, principal: &'a PrincipalKey, most: usize) -> Call<'a, Crowd> {
        call::<D, _>(Driver::crowd(self, principal, most))
    }

    fn fate<'a>(&'a self, selector: &'a Selector) -> Call<'a, DriverFate> {
        call::<D, _>(Driver::fate(self, selector))
    }

    fn members<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, Members> {
        call::<D, _>(Driver::members(self, principal))
    }

    fn generation<'a>(&'a self, principal: &'a PrincipalKey) -> Call<'a, u64> {
        call::<D, _>(Driver::generation(self, principal))
    }

    fn revoke_all<'a>(
        &'a self,
        principal: &'a PrincipalKey,
        except: Option<&'a Selector>,
    ) -> Call<'a, usize> {
        call::<D, _>(Driver::revoke_all(self, principal, except))
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
