//! A hyper server around a service.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Serves on a free port, with a service for each connection.
pub(super) async fn serve<S>(service: impl Fn() -> S + Send + 'static) -> io::Result<SocketAddr>
where
    S: Service<Request<Incoming>, Response = Response<String>> + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that finds no answer says so.
            if stream.set_nodelay(true).is_ok() {
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service()));
            }
        }
    });
    Ok(address)
}

/// What every contender answers.
pub(super) fn answer() -> Response<String> {
    let mut response = Response::new(BODY.to_owned());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// The body of every answer.
pub(super) const BODY: &str = "ok";
