//! A browser of its own for each story, with an empty profile.

use std::error::Error;
use std::process::Stdio;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running chromedriver and its browser.
pub(crate) struct Chrome {
    pub(crate) client: Client,
    driver: Child,
    // Kept open: chromedriver dies of a closed pipe.
    _output: Lines<BufReader<ChildStdout>>,
    _profile: TempDir,
}

impl Chrome {
    pub(crate) async fn start() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("chromedriver cannot be started ({error}); {CURE}"))?;
        let output = driver.stdout.take().ok_or("chromedriver has no output")?;
        let mut output = BufReader::new(output).lines();
        let port = loop {
            let line = output.next_line().await?;
            let line = line.ok_or("chromedriver ended before it listened")?;
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').parse::<u16>()?;
            }
        };
        let profile = tempfile::tempdir()?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(|error| format!("chromium cannot be started ({error}); {CURE}"))?;
        Ok(Self { client, driver, _output: output, _profile: profile })
    }

    /// Ends the browser, then its driver.
    pub(crate) async fn quit(mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.client.close().await?;
        self.driver.kill().await?;
        Ok(())
    }
}

/// No sandbox, since tests run as root in containers; nothing that talks to anyone but the shop.
fn capabilities(profile: &TempDir) -> Capabilities {
    let args = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
    ];
    let profile = format!("--user-data-dir={}", profile.path().display());
    let args: Vec<&str> = args.into_iter().chain([profile.as_str()]).collect();
    let mut capabilities = Capabilities::new();
    capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": args }));
    capabilities
}

const CURE: &str = "on Debian: apt-get install chromium chromium-driver";
