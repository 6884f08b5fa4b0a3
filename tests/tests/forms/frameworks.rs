//! The same form on plain hyper, over a socket, and on axum.

use axum::Router;
use axum::routing::{get, post};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::{Call, SpyDriver};
use session_runtime::{Flash, Input, Redirect, Rejection, Session, SessionError, Sessions, UntypedSession};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// What both do with what was sent.
fn sign(session: &UntypedSession, input: &Input) -> Result<Redirect, Rejection> {
    let name = Some(input.text("name")).filter(|name| !name.is_empty());
    let name = name.ok_or([("name", "Please enter a name.")]);
    let name = session.form("book").back_to("/book").accept(input, name)?;
    Ok(session.redirect("/book").with("notice", format!("Welcome, {name}!"))?)
}

/// What both show.
fn show(session: &UntypedSession) -> Result<String, SessionError> {
    let form = session.form("book");
    let notice = session.flash_messages().get_or("notice", String::new())?;
    let (errors, city) = (form.errors(), form.old_text("city"));
    Ok(format!("[{notice}] [{}] [{city}]", errors.first("name").unwrap_or_default()))
}

async fn on_hyper(request: Request<hyper::body::Incoming>) -> Result<Response<Full<Bytes>>, Rejection> {
    let session = UntypedSession::load(&request).await?;
    if request.method() == http::Method::GET {
        return Ok(Response::new(Full::from(show(&session)?)));
    }
    let body = request.into_body().collect().await.unwrap().to_bytes();
    Ok(sign(&session, &Input::from_urlencoded(&body))?.response())
}

async fn axum_page(session: Session) -> Result<String, SessionError> {
    show(&session)
}

async fn axum_sign(session: Session, input: Input) -> Result<Redirect, Rejection> {
    sign(&session, &input)
}

fn router(sessions: &Sessions) -> Router {
    Router::new().route("/book", get(axum_page).post(axum_sign)).layer(sessions.layer())
}

/// Sends requests one after the other with the cookie of the last; what was answered: status, `Location`, body.
async fn walk<F, A, B>(send: F) -> Vec<(u16, String, String)>
where
    F: Fn(Request<Full<Bytes>>) -> A,
    A: Future<Output = Response<B>>,
    B: hyper::body::Body<Data = Bytes>,
    B::Error: std::fmt::Debug,
{
    let mut cookie = None;
    let mut seen = Vec::new();
    for (method, body) in [
        ("GET", ""),
        ("POST", "name=+&city=London&password=hunter2"),
        ("GET", ""),
        ("GET", ""),
        ("POST", "name=Ada&city=London"),
        ("GET", ""),
        ("GET", ""),
    ] {
        let mut request = Request::builder().method(method).uri("/book").header("host", "shop.example");
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &cookie {
            request = request.header("cookie", cookie);
        }
        let answer = send(request.body(Full::from(body)).unwrap()).await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        if let Some(line) = header("set-cookie") {
            cookie = line.split(';').next().map(str::to_owned);
        }
        let (status, location) = (answer.status().as_u16(), header("location").unwrap_or_default());
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        seen.push((status, location, String::from_utf8(body.to_vec()).unwrap()));
    }
    seen
}

fn expected() -> Vec<(u16, String, String)> {
    let page = |text: &str| (200, String::new(), text.to_owned());
    let back = || (303, "/book".to_owned(), String::new());
    vec![
        page("[] [] []"),
        back(),
        page("[] [Please enter a name.] [London]"),
        page("[] [] []"),
        back(),
        page("[Welcome, Ada!] [] []"),
        page("[] [] []"),
    ]
}

#[tokio::test]
async fn the_same_form_on_hyper_over_a_socket() {
    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = sessions
                .service(service_fn(|request| async { on_hyper(request).await.or_else(Rejection::answer) }));
            tokio::spawn(async move {
                let connection = http1::Builder::new();
                connection.serve_connection(TokioIo::new(stream), service).await.unwrap();
            });
        }
    });
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let seen = walk(|mut request: Request<Full<Bytes>>| {
        *request.uri_mut() = format!("http://{address}/book").parse().unwrap();
        let answer = client.request(request);
        async { answer.await.unwrap() }
    })
    .await;
    served.abort();
    assert_eq!(seen, expected());
}

#[tokio::test]
async fn the_same_form_on_axum() {
    let router = router(&Sessions::builder(MemoryDriver::new()).build().unwrap());
    let seen = walk(|request| {
        let answer = router.clone().oneshot(request.map(axum::body::Body::new));
        async { answer.await.unwrap() }
    })
    .await;
    assert_eq!(seen, expected());
}

async fn with_flash(flash: Flash, session: Session) -> Result<String, SessionError> {
    flash.put("seen", session.increment("views")?)?;
    flash.get::<u64>("seen").map(|seen| format!("{seen:?}"))
}

async fn kept(flash: Flash) -> Result<String, SessionError> {
    flash.keep()?;
    Ok(flash.has("seen").to_string())
}

async fn failing(session: Session) -> Result<Redirect, Rejection> {
    session.put("a", 1)?;
    Err(SessionError::Conflict { key: "a".into() }.into())
}

#[tokio::test]
async fn extractors_share_one_load_and_responses_carry_the_commit() {
    let spy = SpyDriver::new(MemoryDriver::new());
    let sessions = Sessions::builder(spy.clone()).build().unwrap();
    let bare =
        Router::new().route("/", post(with_flash)).route("/kept", get(kept)).route("/fail", get(failing));
    let router = bare.layer(sessions.layer());
    let ask = async |method: &str, path: &str, cookie: &str| {
        let request = Request::builder().method(method).uri(path).header("cookie", cookie);
        router.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap()
    };
    let text = async |answer: Response<axum::body::Body>| {
        let body = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    };
    let first = ask("POST", "/", "").await;
    let cookie = first.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(text(first).await, "None");
    assert_eq!(text(ask("GET", "/kept", &cookie).await).await, "true");
    spy.forget();
    assert_eq!(text(ask("POST", "/", &cookie).await).await, "Some(1)");
    assert_eq!(spy.calls(), [Call::Load, Call::Apply]);

    let failed = ask("GET", "/fail", "").await;
    assert_eq!(failed.status(), StatusCode::CONFLICT);
    assert!(failed.headers().get("set-cookie").is_none(), "a session's error keeps nothing");
}

async fn echo(input: Input) -> String {
    input.text("name").to_owned()
}

#[tokio::test]
async fn axum_reads_input_from_forms_and_queries_only() {
    let router = Router::new().route("/", get(echo).post(echo));
    let send = async |method: &str, media: &str, body: Vec<u8>| {
        let request = Request::builder().method(method).uri("/?name=query").header("content-type", media);
        let answer =
            router.clone().oneshot(request.body(axum::body::Body::from(body)).unwrap()).await.unwrap();
        let status = answer.status();
        (status, axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap())
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(send("POST", form, b"name=Ada".to_vec()).await, (StatusCode::OK, "Ada".into()));
    let with_charset = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
    assert_eq!(send("POST", with_charset, b"name=Ada".to_vec()).await, (StatusCode::OK, "Ada".into()));
    assert_eq!(send("GET", form, b"name=Ada".to_vec()).await, (StatusCode::OK, "query".into()));
    for media in ["application/json", "multipart/form-data; boundary=x", ""] {
        let (status, _) = send("POST", media, b"name=Ada".to_vec()).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media}");
    }
    let (status, _) = send("POST", form, vec![b'a'; 3 << 20]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}
