//! The shop as a program: arguments, sessions, listener, and an orderly end.
#![expect(clippy::print_stdout, reason = "a program tells people where it listens")]

mod arguments;

use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use session_runtime::{CookieConfig, Sessions};
use tokio::net::TcpListener;

use self::arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_ansi(colours);
    log.with_writer(std::io::stderr).init();
    let ran = match Arguments::read() {
        Ok(Some(arguments)) => run(&arguments).await,
        Ok(None) => {
            println!("{}", Arguments::help());
            Ok(())
        }
        Err(error) => Err(error.into()),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {}", with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let sessions = sessions(arguments.driver.as_deref()).await?;
    let _sweeper = sessions.spawn_sweeper(SWEEP);
    let listener = TcpListener::bind(arguments.listen)
        .await
        .map_err(|error| format!("cannot listen at {}: {error}", arguments.listen))?;
    let stop = stop()?;
    let address = listener.local_addr()?;
    let on = if arguments.axum { "axum" } else { "hyper" };
    println!("The shop is open at http://{address}, on {on} (ctrl-c closes it)");
    if arguments.axum {
        shop::serve_axum(listener, sessions, stop).await;
    } else {
        shop::serve(listener, sessions, stop).await;
    }
    println!("The shop is closed.");
    Ok(())
}

async fn sessions(driver: Option<&str>) -> Result<Sessions, Box<dyn Error>> {
    let backend = match driver {
        Some(name) => shop::drivers().open(name).await?,
        None => shop::drivers().open_from_env("SESSION_DRIVER", "memory").await?,
    };
    // Over plain http browsers refuse the safe default, a cookie that is `Secure`. A shop behind TLS leaves this out.
    let builder = Sessions::builder(backend).cookie(CookieConfig::insecure_development());
    Ok(shop::configured(builder).build()?)
}

/// The error and what lies behind it, in one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Ready when the process is asked to end: by ctrl-c, or by SIGTERM as service managers send it.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        let terminated = terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated => {}
        }
    })
}

const SWEEP: Duration = Duration::from_secs(60);
