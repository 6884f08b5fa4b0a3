//! Drivers written from scratch, and chosen when the program starts.
//!
//! `SESSION_DRIVER=files cargo run -p session-examples --example own_driver`, then open <http://127.0.0.1:3000>, reload,
//! and look into the folder that it names. Without the variable the sessions are kept in a table, and any name that is
//! none is answered with those there are. `tests/own_driver.rs` proves that both drivers keep the contract.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "says where it listens, or why it does not")]

mod drivers;

use std::error::Error;
use std::process::ExitCode;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use session_runtime::{CookieConfig, Session, SessionError, SessionSchema, Sessions};
use tokio::net::TcpListener;

/// What is kept about a visitor.
#[derive(SessionSchema)]
struct Visit {
    views: u64,
}

async fn show(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, SessionError> {
    let session = Session::<Visit>::load(&request).await?;
    let views = session.views().increment()?;
    Ok(Response::new(format!("Visit {views}\n").into()))
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join("session-example");
    println!("files, if they are chosen, go to {}", folder.display());
    let backend = drivers::registry(folder).open_from_env("SESSION_DRIVER", "table").await?;
    let sessions = Sessions::builder(backend)
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

#[tokio::main]
async fn main() -> ExitCode {
    if let Err(error) = serve().await {
        eprintln!("{error}"); // an unknown driver is told with the names there are
        let mut cause = error.source();
        while let Some(error) = cause {
            eprintln!("because: {error}");
            cause = error.source();
        }
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
