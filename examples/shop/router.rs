//! The same shop as a router of axum: addresses and extractors are axum's, all else is what the service of hyper uses too.

mod extract;
mod refusals;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get, post};
use http::request::Parts;
use session_runtime::csrf::CsrfRefusal;
use session_runtime::{Input, Session, SessionError, Sessions, SignedIn};

use crate::actions;
use crate::app::App;
use crate::forms::{self, Choice, DeviceChoice, Empty, Switch};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{self, Reply};
use crate::route::{Asset, Route, View};
use crate::session::Shop;
use crate::visit;

use self::extract::{Form, Visit};

/// The shop with these sessions, ready to be served or to be nested.
pub fn router(sessions: &Sessions) -> Router {
    let guard = sessions.csrf().body_limit(forms::LONGEST).patience(forms::PATIENCE);
    let guard = guard.on_refusal(|refusal: &CsrfRefusal| pages::refused(refusal).map(Body::new));
    let failure = |error: &SessionError| pages::failure(error).map(Body::new);
    // The layer that is added last stands outside.
    routes()
        .with_state(App::new(sessions))
        .fallback(stray)
        .method_not_allowed_fallback(stray)
        .layer(DefaultBodyLimit::max(forms::LONGEST))
        .layer(from_fn(refusals::with_page))
        .layer(guard.layer())
        .layer(sessions.layer().on_failure(failure))
}

fn routes() -> Router<App> {
    Router::new()
        .route("/", page(View::Products))
        .route("/cart", page(View::Cart))
        .route("/cart/add", post(add))
        .route("/cart/remove", post(remove))
        .route("/cart/clear", post(clear))
        .route("/theme", post(switch))
        .route("/checkout", page(View::Checkout).post(order))
        .route("/contact", page(View::Contact).post(write))
        .route("/login", page(View::Login).post(login))
        .route("/logout", post(logout))
        .route("/devices", page(View::Devices))
        .route("/devices/end", post(end_device))
        .route("/devices/end-others", post(end_others))
        .route("/password", post(change_password))
        .route("/session", page(View::Facts))
        .route("/style.css", get(async || reply::asset(Asset::Style)))
        .route("/icon.svg", get(async || reply::asset(Asset::Icon)))
}

type Answer = Result<Reply, Problem>;

fn page(view: View) -> MethodRouter<App> {
    get(async move |State(app): State<App>, Visit(session): Visit, head: Parts| {
        visit::show(view, &session, &head, &app.sessions).await
    })
}

async fn add(session: Session<Shop>, Form(choice): Form<Choice>) -> Answer {
    actions::add(&choice, &session)
}

async fn remove(session: Session<Shop>, Form(choice): Form<Choice>) -> Answer {
    actions::remove(&choice, &session)
}

async fn clear(session: Session<Shop>, _: Form<Empty>) -> Answer {
    actions::clear(&session)
}

async fn switch(session: Session<Shop>, Form(switch): Form<Switch>) -> Answer {
    actions::switch(&switch, &session)
}

async fn order(session: Session<Shop>, input: Input) -> Answer {
    actions::order(&input, &session)
}

async fn write(session: Session<Shop>, head: Parts, input: Input) -> Answer {
    actions::write(&input, &session, &head)
}

async fn login(State(app): State<App>, session: Session<Shop>, head: Parts, input: Input) -> Answer {
    actions::login(&input, &session, &app.accounts, &head).await
}

async fn logout(session: Session<Shop>, _: Form<Empty>) -> Answer {
    actions::logout(&session)
}

async fn end_device(
    State(app): State<App>,
    session: SignedIn<Shop>,
    Form(choice): Form<DeviceChoice>,
) -> Answer {
    actions::end_device(&choice, &session, &app.sessions).await
}

async fn end_others(State(app): State<App>, session: SignedIn<Shop>, _: Form<Empty>) -> Answer {
    actions::end_others(&session, &app.sessions).await
}

async fn change_password(State(app): State<App>, session: SignedIn<Shop>, input: Input) -> Answer {
    actions::change_password(&input, &session, &app.accounts).await
}

/// No route has this address, or none with this method.
async fn stray(head: Parts) -> Problem {
    Route::find(&head.method, head.uri.path()).map_or_else(Problem::from, |_| Problem::Path)
}
