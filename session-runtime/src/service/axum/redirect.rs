//! Redirects and refused forms as answers of axum.

use axum_core::response::{IntoResponse, Response};

use crate::redirect::{Redirect, Rejection};

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        self.response()
    }
}

/// What a refused form left is committed with the way back to it; a session's error counts as failed.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.answer().unwrap_or_else(IntoResponse::into_response)
    }
}
