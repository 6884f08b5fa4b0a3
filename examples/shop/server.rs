//! From a listener to connections, until it is time to stop.

use std::error::Error;
use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use session_runtime::Sessions;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use crate::app::app;
use crate::router::router;

/// Who is at the other end of a request's connection. Behind a proxy that is the proxy, and whoever has one reads the header
/// that it writes instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves the shop until `stop` is ready; then lets running requests finish, for a while.
pub async fn serve(listener: TcpListener, sessions: Sessions, stop: impl Future<Output = ()>) {
    serve_with(app(&sessions), listener, sessions, stop).await;
}

/// The same for its version on axum.
pub async fn serve_axum(listener: TcpListener, sessions: Sessions, stop: impl Future<Output = ()>) {
    serve_with(TowerToHyperService::new(router(&sessions)), listener, sessions, stop).await;
}

async fn serve_with<S, B>(
    service: S,
    listener: TcpListener,
    sessions: Sessions,
    stop: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let service = service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            service.call(request)
        });
        let connection = http.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                // A client that hangs up, or speaks something else than HTTP.
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    if timeout(PATIENCE, connections.shutdown()).await.is_err() {
        tracing::warn!("some connections did not finish in time");
    }
    // A commit that has begun runs to its end, even without its client.
    sessions.drained().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, Peer) {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => return (stream, Peer(address.ip())),
            Err(error) => {
                // Mostly a lack of file descriptors, which other connections will give back.
                tracing::warn!(%error, "a connection cannot be accepted");
                sleep(PAUSE).await;
            }
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);
