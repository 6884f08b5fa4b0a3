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

/// A form that is to be filled in better leads back to its page, an error of the session answers for itself, and any other
/// problem is left for [`with_page`].
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Invalid(back) => back.into_response(),
            Self::Session(error) => {
                let mut response = error.into_response();
                response.extensions_mut().insert(Failed);
                response
            }
            problem => {
                let mut response = problem.status().into_response();
                response.extensions_mut().insert(Arc::new(problem));
                response
            }
        }
    }
}

/// Marks the answer to an error of the session, whose status alone may say something else.
#[derive(Clone, Copy)]
struct Failed;

/// Gives what was refused its page.
pub(super) async fn with_page(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let mut response = next.run(Request::from_parts(head.clone(), body)).await;
    let status = response.status();
    if response.extensions_mut().remove::<Failed>().is_some() || status.is_server_error() {
        return dressed(response, pages::unavailable(status));
    }
    let problem = response.extensions_mut().remove::<Arc<Problem>>();
    let Some(problem) = problem.or_else(|| refused(status)) else {
        return response;
    };
    match visit::explain(&problem, &head).await {
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
        StatusCode::UNAUTHORIZED => Problem::SignIn,
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

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use hyper::service::Service as _;
    use hyper_util::service::TowerToHyperService;
    use session_runtime::{Key, SessionError};

    use super::*;

    #[tokio::test]
    async fn an_error_of_the_session_gets_its_own_page_whatever_its_status() {
        let too_large = || SessionError::TooLarge { biggest: Key::from_static("cart"), bytes: 9, limit: 8 };
        let router =
            Router::new().route("/", get(async move || Problem::from(too_large()))).layer(from_fn(with_page));
        let answer = TowerToHyperService::new(router).call(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let page = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&page).contains("One moment, please"));
    }
}
