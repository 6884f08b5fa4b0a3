//! The smallest typed session on hyper: a counter that no request loses.
//!
//! `cargo run -p session-examples --example counter_hyper`, then open <http://127.0.0.1:3000> and reload.
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
use session_runtime::{CookieConfig, Session, SessionError, SessionSchema, Sessions};
use tokio::net::TcpListener;

/// What is kept about a visitor.
#[derive(SessionSchema)]
struct Visit {
    views: u64,
}

async fn show(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, SessionError> {
    let session = Session::<Visit>::load(&request).await?;
    let views = session.views().increment()?; // an addition in the store, not a read and a write
    Ok(Response::new(format!("Visit {views}\n").into()))
} // committed here, before the response leaves

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
