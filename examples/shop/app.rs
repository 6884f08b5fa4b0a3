//! The shop as a service of hyper: from a request to a reply, with the session around it.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use http::request::Parts;
use http::{Method, Request};
use hyper::body::Body;
use hyper::service::Service;
use session_runtime::csrf::{CsrfRefusal, CsrfService};
use session_runtime::{Session, SessionError, SessionService, Sessions};

use crate::actions;
use crate::forms;
use crate::pages;
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::route::{Route, View};
use crate::session::{Notice, Shop};

/// The shop with its sessions.
pub type ShopService =
    SessionService<CsrfService<App, fn(&CsrfRefusal) -> Reply>, fn(&SessionError) -> Reply>;

/// The shop with these sessions, ready for a connection or a test.
#[must_use]
pub fn app(sessions: &Sessions) -> ShopService {
    let refused: fn(&CsrfRefusal) -> Reply = pages::refused;
    let guard = sessions.csrf().body_limit(forms::LONGEST).patience(forms::PATIENCE).on_refusal(refused);
    sessions.service(guard.service(App)).on_failure(pages::failure)
}

/// The shop without sessions around it. It holds nothing: what it knows of a visitor is in the session.
#[derive(Clone, Copy, Debug)]
pub struct App;

impl<B> Service<Request<B>> for App
where
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    type Response = Reply;
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, SessionError>> + Send>>;

    fn call(&self, request: Request<B>) -> Self::Future {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            match answer(&head, body).await {
                Ok(reply) => Ok(reply),
                Err(Problem::Session(error)) => Err(error),
                Err(Problem::Invalid(back)) => Ok(reply::redirect(&back)),
                Err(problem) => {
                    // For reading only: an icon that a browser asks for on its own must not consume the notice that
                    // waits for the next page.
                    let session = Session::<Shop>::load_readonly(&head).await?;
                    pages::problem(&session, &problem)
                }
            }
        })
    }
}

async fn answer<B>(head: &Parts, body: B) -> Result<Reply, Problem>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    match Route::find(&head.method, head.uri.path())? {
        Route::Asset(asset) => Ok(reply::asset(asset)),
        Route::Page(view) => Ok(show(view, head).await?),
        Route::Action(action) => actions::perform(action, head, body).await,
    }
}

async fn show(view: View, head: &Parts) -> Result<Reply, SessionError> {
    // A HEAD request asks what a GET would say; it is no visit.
    let session: Session<Shop> = if head.method == Method::HEAD {
        Session::load_readonly(head).await?
    } else {
        Session::load(head).await?
    };
    match view {
        View::Products => pages::products(&session),
        View::Cart => pages::cart(&session),
        View::Checkout if session.user().get()?.is_none() => sign_in_first(&session, head),
        View::Checkout => pages::checkout(&session),
        View::Contact => pages::contact(&session, head),
        View::Login => pages::login(&session),
        View::Facts => pages::facts(&session),
    }
}

/// To the login, which leads back here.
fn sign_in_first(session: &Session<Shop>, head: &Parts) -> Result<Reply, SessionError> {
    if !session.is_readonly() {
        session.remember_intended(head)?;
        session.notice().flash(Notice::SignInFirst)?;
    }
    Ok(reply::see_other(View::Login))
}
