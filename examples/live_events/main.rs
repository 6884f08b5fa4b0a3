//! A stream of events that ends when its session does: signed out anywhere, every open page shows it at once.
//!
//! `cargo run -p session-examples --example live_events`, then open <http://127.0.0.1:3000> in two browsers, sign in, and end
//! all sessions in one of them.
#![expect(clippy::print_stdout, reason = "says where it listens")]

mod pages;

use std::error::Error;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, Sessions};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sessions = Sessions::builder(MemoryDriver::new())
        .cookie(CookieConfig::insecure_development()) // plain http; leave this out behind TLS
        .build()?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        let known = sessions.clone();
        let service = sessions.service(service_fn(move |request| pages::answer(known.clone(), request)));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}
