//! One server process of a test that needs several, or one that may be killed: sessions over a driver, asked by lines.
//!
//! `worker <driver>`, where `<driver>` is a name and what it needs: `file:/path` (fully durable),
//! `file-rename:/path` or `redis:redis://127.0.0.1:6379`. Each line of its input is a request, run in a task of its own; each line of its output answers
//! one, in JSON, with the number of the line it answers. The first line says `ready`, or `refused` and why.
//!
//! | line | what it does |
//! |---|---|
//! | `http TOKEN SCRIPT` | the request of a browser that holds `TOKEN` (`-` for none), as the stories write it |
//! | `revoke USER` | revokes all sessions of a principal |
//! | `sweep` | sweeps until nothing is left |
//! | `shell COMMAND` | runs a command where this process sees the file system |
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test's process: it speaks by lines, and a failed step ends it"
)]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::service::Service as _;
use serde_json::{Value, json};
use session_runtime::drivers::{Driver, Durability, FileConfig, FileDriver, RedisConfig, RedisDriver};
use session_runtime::record::Principal;
use session_runtime::{JsonText, SessionError, Sessions};
use session_tests::stage::Script;

#[tokio::main(worker_threads = 2)]
async fn main() -> ExitCode {
    let spec = std::env::args().nth(1).expect("worker <driver>");
    let (name, place) = spec.split_once(':').expect("a driver is a name and a place");
    match name {
        "file" => begin(FileDriver::open(place)).await,
        "file-rename" => {
            let config = FileConfig { durability: Durability::Rename, ..FileConfig::new(place) };
            begin(FileDriver::open(config)).await
        }
        "redis" => {
            let mut config = RedisConfig::standalone(place);
            config.response_timeout = PATIENCE;
            Box::pin(begin(RedisDriver::connect(config).await)).await
        }
        other => panic!("no driver is called {other}"),
    }
}

async fn begin<D: Driver, E: Error>(opened: Result<D, E>) -> ExitCode {
    match opened {
        Ok(driver) => {
            println!("{}", json!({ "ready": true }));
            serve(Arc::new(driver)).await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}", json!({ "refused": told(&error) }));
            ExitCode::FAILURE
        }
    }
}

async fn serve<D: Driver>(driver: Arc<D>) {
    let sessions = Sessions::builder(driver.clone()).driver_deadline(PATIENCE).update_deadline(PATIENCE);
    let sessions = sessions.build().unwrap();
    let (line_sender, mut lines) = tokio::sync::mpsc::unbounded_channel::<String>();
    // Ends with its input, or with the process.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            line_sender.send(line.unwrap()).unwrap();
        }
    });
    let mut number = 0;
    let mut tasks = tokio::task::JoinSet::new();
    while let Some(line) = lines.recv().await {
        let (driver, sessions) = (driver.clone(), sessions.clone());
        tasks.spawn(async move {
            let mut answer = answer(&*driver, &sessions, &line).await;
            answer["line"] = json!(number);
            println!("{answer}");
        });
        number += 1;
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

async fn answer<D: Driver>(driver: &D, sessions: &Sessions, line: &str) -> Value {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    match verb {
        "http" => http(sessions, rest).await,
        "revoke" => {
            let user = Principal::new(JsonText::parse(rest).unwrap());
            result(driver.revoke_all(user.key(), None).await)
        }
        "sweep" => loop {
            match driver.sweep(100).await {
                Ok(0) => break json!({ "done": true }),
                Ok(_) => {}
                Err(error) => break json!({ "error": told(&error) }),
            }
        },
        "shell" => {
            let status = std::process::Command::new("sh").args(["-c", rest]).status().unwrap();
            json!({ "success": status.success() })
        }
        other => panic!("no such verb: {other}"),
    }
}

async fn http(sessions: &Sessions, rest: &str) -> Value {
    let (token, script) = rest.split_once(' ').expect("http TOKEN SCRIPT");
    let mut request = Request::post("https://shop.example/");
    if token != "-" {
        request = request.header("cookie", format!("__Host-id={token}"));
    }
    let request = request.body(Full::from(script.to_owned())).unwrap();
    let failure = |error: &SessionError| {
        let text = json!({ "error": told(error), "kind": kind(error) }).to_string();
        Response::builder().status(error.status()).body(Full::from(text)).unwrap()
    };
    let service = sessions.service(Script::default()).on_failure(failure);
    let response = service.call(request).await.unwrap();
    let cookie = response.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut answer: Value = serde_json::from_slice(&body).unwrap_or_else(|_| json!({}));
    answer["status"] = json!(status);
    answer["token"] = json!(cookie.as_deref().and_then(token_of));
    answer
}

/// The token that a line of `Set-Cookie` carries; none where it removes the cookie.
fn token_of(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once('=')?;
    rest.split(';').next().filter(|token| !token.is_empty())
}

fn kind(error: &SessionError) -> String {
    match error {
        SessionError::Unavailable { applied, .. } => format!("unavailable, {applied}"),
        SessionError::Full => "full".to_owned(),
        SessionError::Corrupt { .. } => "corrupt".to_owned(),
        _ => "other".to_owned(),
    }
}

fn result<T: Into<Value>, E: Error>(result: Result<T, E>) -> Value {
    match result {
        Ok(value) => json!({ "value": value.into() }),
        Err(error) => json!({ "error": told(&error) }),
    }
}

/// An error with its causes.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// With which no request fails only because the machine is slow.
const PATIENCE: Duration = Duration::from_secs(300);
