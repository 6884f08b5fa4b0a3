//! One server on a free port, with a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redis::{Client, Cmd, Connection, FromRedisValue, RedisResult};
use tempfile::TempDir;

use super::options::Options;
use super::ports;
use super::process::Process;
use super::wait::until_within;

/// A running server, killed when it is dropped.
pub struct Server {
    port: u16,
    folder: TempDir,
    options: Options,
    process: Option<Process>,
}

impl Server {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub fn start(options: &Options) -> Self {
        for _ in 0..ATTEMPTS {
            let port = ports::free();
            let folder = tempfile::tempdir().unwrap();
            let mut server = Self { port, folder, options: options.clone(), process: None };
            server.launch();
            // Another process may have been faster at taking the port.
            if server.answers_within(PATIENCE) {
                return server;
            }
            assert!(server.log().contains("ddress already in use"), "no answer: {}", server.log());
        }
        panic!("no server could be started in {ATTEMPTS} attempts, since its port was always taken");
    }

    /// Kills the server with SIGKILL.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts the server again, on the same port and folder, and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub fn restart(&mut self) {
        self.kill();
        self.launch();
        assert!(self.answers_within(PATIENCE), "no answer after a restart: {}", self.log());
    }

    /// Where clients find it, the password included.
    pub fn url(&self) -> String {
        self.url_by(self.port)
    }

    /// The same through another port, that of a proxy.
    pub fn url_by(&self, port: u16) -> String {
        match self.options.secret() {
            Some(password) => format!("redis://:{password}@127.0.0.1:{port}"),
            None => format!("redis://127.0.0.1:{port}"),
        }
    }

    /// The port with TLS.
    ///
    /// # Panics
    /// If there is none.
    pub fn tls_port(&self) -> u16 {
        self.options.tls_port().unwrap()
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The answer to one command, on a connection of its own.
    ///
    /// # Panics
    /// If it is an error.
    pub fn ask<T: FromRedisValue>(&self, command: &[&str]) -> T {
        let answer = self.try_ask(command);
        answer.unwrap_or_else(|error| panic!("{}: {error}: {}", command.join(" "), self.log()))
    }

    /// The answer to one command, or the error.
    ///
    /// # Errors
    /// The server's, or those of the connection.
    pub fn try_ask<T: FromRedisValue>(&self, command: &[&str]) -> RedisResult<T> {
        words(command).query(&mut self.connection()?)
    }

    /// How often the server was asked for each command, those of scripts included.
    pub fn commandstats(&self) -> BTreeMap<String, u64> {
        let info: String = self.ask(&["INFO", "commandstats"]);
        let counted = |line: &str| {
            let (name, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
            Some((name.to_owned(), rest.split(',').next()?.parse().ok()?))
        };
        info.lines().filter_map(counted).collect()
    }

    /// One line of `INFO`.
    pub fn info(&self, name: &str) -> Option<String> {
        let info: String = self.try_ask(&["INFO", "everything"]).ok()?;
        info.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.to_owned()))
    }

    /// All keys there are.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        self.ask(&["KEYS", "*"])
    }

    /// Every file that the server wrote into its folder, but for its log.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect(self.folder.path(), &mut files);
        files.retain(|file| *file != self.log_file());
        files
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the server wrote about itself.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    pub(super) fn connection(&self) -> RedisResult<Connection> {
        let connection = Client::open(self.url())?.get_connection_with_timeout(ANSWER)?;
        connection.set_read_timeout(Some(ANSWER))?;
        Ok(connection)
    }

    fn launch(&mut self) {
        let own = [
            ("port", self.port.to_string()),
            ("cluster-port", ports::bus(self.port).to_string()),
            ("bind", "127.0.0.1".to_owned()),
            ("dir", self.folder.path().display().to_string()),
            ("save", String::new()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let settings = own.iter().chain(self.options.settings());
        let arguments = settings.flat_map(|(name, value)| [format!("--{name}"), value.clone()]);
        let arguments: Vec<String> = arguments.collect();
        self.process = Some(Process::start("redis-server", &arguments, &self.log_file()));
    }

    /// Whether this server answers, not another one on the same port, and has read its files.
    fn answers_within(&self, limit: Duration) -> bool {
        let answers = || {
            self.try_ask::<String>(&["PING"]).ok()?;
            let (_, folder): (String, String) = self.try_ask(&["CONFIG", "GET", "dir"]).ok()?;
            (Path::new(&folder) == self.folder.path().canonicalize().ok()?).then_some(())
        };
        until_within(limit, answers).is_some()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

pub(super) fn words(command: &[&str]) -> Cmd {
    let mut words = Cmd::new();
    for word in command {
        words.arg(word);
    }
    words
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

const ATTEMPTS: usize = 5;
/// For an answer of a server that is there.
const ANSWER: Duration = Duration::from_secs(10);
/// For a server to start.
const PATIENCE: Duration = Duration::from_secs(20);
