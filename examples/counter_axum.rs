//! The session as an extractor of axum.
//!
//! `cargo run -p session-examples --example counter_axum`, then open <http://127.0.0.1:3000> and reload.
#![expect(clippy::print_stdout, reason = "says where it listens")]

use std::error::Error;

use axum::Router;
use axum::routing::get;
use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, ReadOnly, Session, SessionError, SessionSchema, Sessions};
use tokio::net::TcpListener;

/// What is kept about a visitor.
#[derive(SessionSchema)]
struct Visit {
    views: u64,
}

async fn show(session: Session<Visit>) -> Result<String, SessionError> {
    let views = session.views().increment()?;
    Ok(format!("Visit {views}\n"))
}

/// For reading only: it neither counts as a visit nor keeps the session alive.
async fn peek(session: ReadOnly<Session<Visit>>) -> Result<String, SessionError> {
    Ok(format!("{}\n", session.views().get()?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = Sessions::builder(MemoryDriver::new())
        .cookie(CookieConfig::insecure_development()) // plain http; leave this out behind TLS
        .build()?;
    let router = Router::new().route("/", get(show)).route("/peek", get(peek)).layer(sessions.layer());
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
