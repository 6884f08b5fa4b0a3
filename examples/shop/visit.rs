//! Which page a visitor gets, whether hyper or axum has found the way to it.

use http::Method;
use http::request::Parts;
use session_runtime::{Session, SessionError, Sessions, SignedIn};

use crate::pages;
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::route::View;
use crate::session::{Notice, Shop};

/// The session for a page. A HEAD request asks what a GET would say; it is no visit.
pub(crate) async fn begin(head: &Parts) -> Result<Session<Shop>, SessionError> {
    if head.method == Method::HEAD { Session::load_readonly(head).await } else { Session::load(head).await }
}

pub(crate) async fn show(
    view: View,
    session: &Session<Shop>,
    head: &Parts,
    sessions: &Sessions,
) -> Result<Reply, Problem> {
    Ok(match view {
        View::Products => pages::products(session)?,
        View::Cart => pages::cart(session)?,
        View::Checkout if session.user().get()?.is_none() => sign_in_first(session, head)?,
        View::Checkout => pages::checkout(session)?,
        View::Contact => pages::contact(session, head)?,
        View::Login => pages::login(session)?,
        View::Devices => pages::devices(&SignedIn::of(session.clone(), head)?, sessions).await?,
        View::Facts => pages::facts(session)?,
    })
}

/// The page about a problem. It only reads: an icon that a browser asks for on its own must not consume the notice that
/// waits for the next page.
pub(crate) async fn explain(problem: &Problem, head: &Parts) -> Result<Reply, SessionError> {
    let session = Session::<Shop>::load_readonly(head).await?;
    pages::problem(&session, problem)
}

/// To the login, which leads back here.
fn sign_in_first(session: &Session<Shop>, head: &Parts) -> Result<Reply, SessionError> {
    if !session.is_readonly() {
        session.remember_intended(head)?;
        session.notice().flash(Notice::SignInFirst)?;
    }
    Ok(reply::see_other(View::Login))
}
