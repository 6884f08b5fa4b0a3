//! A page that listens, and the stream that it listens to: open for as long as the session lives.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::channel::{Channel, Sender};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use session_runtime::{Detached, Rejection, Session, SessionError, SessionSchema, Sessions, SignedIn};

/// What is kept about a visitor.
#[derive(SessionSchema)]
pub(crate) struct Visitor {
    #[session(principal)]
    user: Option<u64>,
    clicks: u64,
}

type Page = Response<BoxBody<Bytes, Infallible>>;

pub(crate) async fn answer<B: Sync>(sessions: Sessions, request: Request<B>) -> Result<Page, SessionError> {
    let path = request.uri().path().to_owned();
    let page = match (request.method(), path.as_str()) {
        (&Method::GET, "/") => show(&request).await,
        (&Method::GET, "/events") => listen(&request).await,
        (&Method::POST, "/login") => login(&request).await,
        (&Method::POST, "/click") => click(&request).await,
        (&Method::POST, "/end") => end(&sessions, &request).await,
        _ => Ok(text(StatusCode::NOT_FOUND, "There is no such page.\n")),
    };
    page.or_else(Rejection::answer)
}

/// The stream: how often somebody clicked, each second, until the session ends. `SignedIn` answers strangers with 401.
async fn listen<B>(request: &Request<B>) -> Result<Page, Rejection> {
    let session = Detached::of(&*SignedIn::<Visitor>::load(request).await?)?;
    let (sender, body) = Channel::new(1);
    tokio::spawn(tell(session, sender));
    let mut response = Response::new(body.boxed());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Ends with the session, or with the listener: then nothing can be sent any more.
async fn tell(session: Detached<Visitor>, mut sender: Sender<Bytes>) {
    let mut ended = session.watch();
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            _ = &mut ended => {
                let _ = sender.send_data("event: ended\ndata: signed out\n\n".into()).await;
                return;
            }
            _ = seconds.tick() => {
                let Ok(clicks) = clicks(&session).await else { return };
                if sender.send_data(format!("data: {clicks}\n\n").into()).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn clicks(session: &Detached<Visitor>) -> Result<u64, SessionError> {
    session.reload().await?;
    session.clicks().get()
}

async fn show<B>(request: &Request<B>) -> Result<Page, Rejection> {
    let session = Session::<Visitor>::load(request).await?;
    let page = if session.user().get()?.is_some() { LISTENING } else { SIGNED_OUT };
    let mut response = text(StatusCode::OK, page);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

async fn login<B>(request: &Request<B>) -> Result<Page, Rejection> {
    let session = Session::<Visitor>::load(request).await?;
    session.user().login(1_u64)?;
    Ok(session.redirect("/").response())
}

async fn click<B>(request: &Request<B>) -> Result<Page, Rejection> {
    let session = SignedIn::<Visitor>::load(request).await?;
    session.clicks().increment()?;
    Ok(session.redirect("/").response())
}

/// Ends all sessions of the user, in every browser, and so their streams.
async fn end<B>(sessions: &Sessions, request: &Request<B>) -> Result<Page, Rejection> {
    let session = SignedIn::<Visitor>::load(request).await?;
    sessions.of(session.principal())?.revoke_all().await?;
    Ok(session.redirect("/").response())
}

fn text(status: StatusCode, text: &'static str) -> Page {
    let mut response = Response::new(Full::from(text).boxed());
    *response.status_mut() = status;
    response
}

const SIGNED_OUT: &str =
    "<!doctype html><title>Live</title><form method=post action=/login><button>Sign in</button></form>";

const LISTENING: &str = "<!doctype html><title>Live</title><p>Clicks: <output></output>
<form method=post action=/click><button>Click</button></form>
<form method=post action=/end><button>End all sessions</button></form>
<script>
  const events = new EventSource('/events');
  events.onmessage = (event) => { document.querySelector('output').value = event.data; };
  events.addEventListener('ended', () => { events.close(); location.reload(); });
</script>";
