//! The shop as a service of hyper: from a request to a reply, with the session around it.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use http::Request;
use http::request::Parts;
use hyper::body::Body;
use hyper::service::Service;
use session_runtime::csrf::{CsrfRefusal, CsrfService};
use session_runtime::{Builder, LocalPath, Session, SessionError, SessionService, Sessions, SignedIn};

use crate::accounts::Accounts;
use crate::actions;
use crate::forms::{self, Empty};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::route::{Action, Route, View};
use crate::session::Shop;
use crate::visit;

/// The shop with its sessions.
pub type ShopService =
    SessionService<CsrfService<App, fn(&CsrfRefusal) -> Reply>, fn(&SessionError) -> Reply>;

/// What the shop asks of its sessions, wherever they are kept: whoever needs to be signed in is sent to its login.
pub fn configured(builder: Builder) -> Builder {
    match LocalPath::parse(View::Login.path()) {
        Some(login) => builder.login_at(login),
        None => builder,
    }
}

/// The shop with these sessions, ready for a connection or a test.
#[must_use]
pub fn app(sessions: &Sessions) -> ShopService {
    let refused: fn(&CsrfRefusal) -> Reply = pages::refused;
    let guard = sessions.csrf().body_limit(forms::LONGEST).patience(forms::PATIENCE).on_refusal(refused);
    sessions.service(guard.service(App::new(sessions))).on_failure(pages::failure)
}

/// The shop without sessions around it. What it knows of a visitor is in the session; it holds the passwords alone.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) sessions: Sessions,
    pub(crate) accounts: Accounts,
}

impl<B> Service<Request<B>> for App
where
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    type Response = Reply;
    type Error = SessionError;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, SessionError>> + Send>>;

    fn call(&self, request: Request<B>) -> Self::Future {
        let app = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            match app.answer(&head, body).await {
                Ok(reply) => Ok(reply),
                Err(Problem::Session(error)) => Err(error),
                Err(Problem::Invalid(back)) => Ok(reply::redirect(&back)),
                Err(problem) => visit::explain(&problem, &head).await,
            }
        })
    }
}

impl App {
    pub(crate) fn new(sessions: &Sessions) -> Self {
        Self { sessions: sessions.clone(), accounts: Accounts::default() }
    }

    async fn answer<B>(&self, head: &Parts, body: B) -> Result<Reply, Problem>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        match Route::find(&head.method, head.uri.path())? {
            Route::Asset(asset) => Ok(reply::asset(asset)),
            Route::Page(view) => {
                Ok(visit::show(view, &visit::begin(head).await?, head, &self.sessions).await?)
            }
            Route::Action(action) => self.perform(action, head, body).await,
        }
    }

    /// Does what a form asks for. The form is read first, so that a bad one costs no look into the store.
    async fn perform<B>(&self, action: Action, head: &Parts, body: B) -> Result<Reply, Problem>
    where
        B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let headers = &head.headers;
        let session = async || Session::<Shop>::load(head).await;
        let signed_in = async || SignedIn::<Shop>::load(head).await;
        match action {
            Action::Add => actions::add(&forms::read(headers, body).await?, &session().await?),
            Action::Remove => actions::remove(&forms::read(headers, body).await?, &session().await?),
            Action::Clear => {
                let Empty {} = forms::read(headers, body).await?;
                actions::clear(&session().await?)
            }
            Action::Switch => actions::switch(&forms::read(headers, body).await?, &session().await?),
            Action::Order => actions::order(&forms::input(headers, body).await?, &session().await?),
            Action::Write => actions::write(&forms::input(headers, body).await?, &session().await?, head),
            Action::Login => {
                let input = forms::input(headers, body).await?;
                actions::login(&input, &session().await?, &self.accounts, head).await
            }
            Action::Logout => {
                let Empty {} = forms::read(headers, body).await?;
                actions::logout(&session().await?)
            }
            Action::EndDevice => {
                let choice = forms::read(headers, body).await?;
                actions::end_device(&choice, &signed_in().await?, &self.sessions).await
            }
            Action::EndOthers => {
                let Empty {} = forms::read(headers, body).await?;
                actions::end_others(&signed_in().await?, &self.sessions).await
            }
            Action::ChangePassword => {
                let input = forms::input(headers, body).await?;
                actions::change_password(&input, &signed_in().await?, &self.accounts).await
            }
        }
    }
}
