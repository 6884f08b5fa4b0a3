//! A session without a schema: values by string keys, nested ones by dot paths.
//!
//! `cargo run -p session-examples --example untyped_hyper`, then open <http://127.0.0.1:3000/some/page> and others.
#![expect(clippy::print_stdout, reason = "says where it listens")]

use std::error::Error;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, SessionError, Sessions, UntypedSession};
use tokio::net::TcpListener;

async fn show(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, SessionError> {
    let session = UntypedSession::load(&request).await?;
    let before: String = session.get_or("last.page", "nowhere".to_owned())?;
    session.put("last.page", request.uri().path())?;
    let pages = session.increment("pages")?;
    session.flash("came_from", &before)?; // for the next request only
    let flashed: Option<String> = session.flash_messages().get("came_from")?;
    let text = format!("Page {pages}. You came from {before}, and from {flashed:?} before that.\n");
    Ok(Response::new(text.into()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = Sessions::builder(MemoryDriver::new())
        .cookie(CookieConfig::insecure_development()) // plain http; leave this out behind TLS
        .build()?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let service = sessions.service(service_fn(show));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
