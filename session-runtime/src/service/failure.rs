//! The answer to a request whose session could not be loaded or committed.

use std::any::Any;
use std::error::Error;

use http::Response;

use crate::driver::BoxError;
use crate::error::SessionError;

/// Makes a response out of an error. Closures `Fn(&SessionError) -> Response<B>` do.
pub trait Failure<B> {
    /// The response. It should not show the error's text to the client.
    fn respond(&self, error: &SessionError) -> Response<B>;
}

/// Answers with the error's [`status`](SessionError::status) and an empty body.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultFailure;

impl<B: Default> Failure<B> for DefaultFailure {
    fn respond(&self, error: &SessionError) -> Response<B> {
        let mut response = Response::new(B::default());
        *response.status_mut() = error.status();
        response
    }
}

impl<B, F: Fn(&SessionError) -> Response<B>> Failure<B> for F {
    fn respond(&self, error: &SessionError) -> Response<B> {
        self(error)
    }
}

/// Marks a response that stands for a handler's session error, whatever its status.
#[derive(Clone, Copy, Debug)]
pub(super) struct HandlerFailed;

/// The session error that a handler's error is or was caused by, where its type shows that.
pub(super) fn session_error<E: 'static>(error: &E) -> Option<&SessionError> {
    let error: &dyn Any = error;
    if let Some(boxed) = error.downcast_ref::<BoxError>() {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&**boxed);
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref::<SessionError>() {
                return Some(found);
            }
            cause = error.source();
        }
        return None;
    }
    error.downcast_ref()
}
