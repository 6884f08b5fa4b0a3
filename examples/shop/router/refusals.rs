//! What goes wrong as answers of axum. An answer is made without its request, but a page needs the session: so handlers
//! answer with the problem, and the page is made on its way out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::forms;
use crate::pages;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::visit;

/// A form that is to be filled in better leads back to its page, and an error of the session answers for itself; any
/// other problem is left for [`with_page`].
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(back) => back.into_response(),
            Self::Session(error) => error.into_response(),
            problem => {
                let mut response = problem.status().into_response();
                response.extensions_mut().insert(Arc::new(problem));
                response
            }
        }
    }
}

/// Gives what was refused its page.
pub(super) async fn with_page(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let mut response = next.run(Request::from_parts(head.clone(), body)).await;
    let problem = response.extensions_mut().remove::<Arc<Problem>>().or_else(|| refused(response.status()));
    let status = response.status();
    let page = match problem {
        Some(problem) => visit::explain(&problem, &head).await,
        None if status.is_server_error() => Ok(pages::unavailable(status)),
        None => return response,
    };
    match page {
        Ok(page) => dressed(response, page),
        Err(error) => {
            let page = pages::failure(&error);
            dressed(error.into_response(), page)
        }
    }
}

/// The answers of extractors that come with the sessions have a status and no more.
fn refused(status: StatusCode) -> Option<Arc<Problem>> {
    let problem = match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::MediaType,
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLong(forms::LONGEST),
        StatusCode::BAD_REQUEST => Problem::Form,
        _ => return None,
    };
    Some(Arc::new(problem))
}

/// The page in place of the body. The extensions stay: by them an error of the session tells its layer that the request
/// has failed.
fn dressed(mut response: Response, page: Reply) -> Response {
    let (head, body) = page.into_parts();
    *response.status_mut() = head.status;
    response.headers_mut().extend(head.headers);
    *response.body_mut() = Body::new(body);
    response
}
