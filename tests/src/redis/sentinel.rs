//! A primary with a replica, and three sentinels that watch them.

use std::fs;
use std::path::Path;

use redis::Client;
use tempfile::TempDir;

use super::options::Options;
use super::ports;
use super::process::Process;
use super::server::{Server, words};
use super::wait::until;

/// Three sentinels that make the replica a primary within a second or two after the primary's death.
pub struct Sentinels {
    primary: Server,
    replica: Server,
    watchers: Vec<Sentinel>,
}

struct Sentinel {
    port: u16,
    process: Option<Process>,
    _folder: TempDir,
}

impl Sentinels {
    /// Starts all five and waits until each knows of the others.
    ///
    /// # Panics
    /// If that does not come about.
    pub fn start(options: &Options) -> Self {
        let primary = Server::start(options);
        let replica = Server::start(&options.clone().replica_of(primary.port()));
        until("a replica that follows its primary", || {
            (replica.info("master_link_status")? == "up").then_some(())
        });
        let watchers: Vec<Sentinel> = (0..COUNT).map(|_| Sentinel::start(primary.port())).collect();
        let group = Self { primary, replica, watchers };
        for sentinel in &group.watchers {
            until("a sentinel that knows of the others", || sentinel.knows_all().then_some(()));
        }
        group
    }

    /// Where clients ask for the primary.
    pub fn urls(&self) -> Vec<String> {
        self.urls_with("", "")
    }

    /// The name under which the primary is watched.
    pub const MASTER: &str = "sessions";

    /// The same with a user, a password or a database, as they stand in a URL before and behind host and port.
    pub fn urls_with(&self, before: &str, behind: &str) -> Vec<String> {
        let url = |sentinel: &Sentinel| format!("redis://{before}127.0.0.1:{}{behind}", sentinel.port);
        self.watchers.iter().map(url).collect()
    }

    /// How many connections clients have to the living sentinels, the one that asks not counted.
    ///
    /// # Panics
    /// If one of them does not tell.
    pub fn clients(&self) -> usize {
        let count = |sentinel: &Sentinel| {
            let clients: String = sentinel.ask(&["CLIENT", "LIST"]).unwrap();
            clients.lines().filter(|client| !client.contains("name=sentinel-")).count() - 1
        };
        self.living().map(count).sum()
    }

    /// The server that is the primary at first.
    pub const fn primary(&self) -> &Server {
        &self.primary
    }

    /// The server that is the replica at first.
    pub const fn replica(&self) -> &Server {
        &self.replica
    }

    /// Waits until the replica has everything that the primary has acknowledged.
    ///
    /// # Panics
    /// If it does not get it.
    pub fn replicated(&self) {
        let (ours, its) = ("master_repl_offset", "slave_repl_offset");
        let sent = self.primary.info(ours).unwrap_or_else(|| panic!("no offset: {}", self.primary.log()));
        let sent: u64 = sent.parse().unwrap();
        until("a replica that has everything", || {
            (self.replica.info(its)?.parse::<u64>().ok()? >= sent).then_some(())
        });
    }

    /// Kills the sentinel that clients ask first. The others are still enough for a promotion.
    pub fn kill_first_sentinel(&mut self) {
        self.watchers[0].process = None;
    }

    /// Has the replica take the primary's place while that one lives on, as for maintenance.
    ///
    /// # Panics
    /// If the sentinels refuse.
    pub fn switch(&self) {
        self.begin_switch();
        self.promoted();
    }

    /// The same without waiting for the end.
    ///
    /// # Panics
    /// If the sentinels refuse.
    pub fn begin_switch(&self) {
        let asked = |sentinel: &Sentinel| sentinel.ask::<()>(&["SENTINEL", "FAILOVER", Self::MASTER]);
        until("a sentinel that begins a failover", || asked(&self.watchers[0]));
    }

    /// Has the sentinels publish nothing to clients: what they know is told to who asks.
    ///
    /// # Panics
    /// If one of them refuses.
    pub fn mute(&self) {
        for sentinel in &self.watchers {
            sentinel.ask::<()>(&["ACL", "SETUSER", "default", "-subscribe", "-psubscribe"]).unwrap();
        }
    }

    /// Kills the first primary.
    pub fn kill_primary(&mut self) {
        self.primary.kill();
    }

    /// Waits until the replica has become the primary, and all sentinels say so.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn promoted(&self) {
        let promoted = || {
            let told = |sentinel: &Sentinel| sentinel.primary() == Some(self.replica.port());
            (self.replica.info("role")? == "master" && self.living().all(told)).then_some(())
        };
        let logs: String =
            self.living().filter_map(|sentinel| Some(sentinel.process.as_ref()?.log())).collect();
        until(&format!("a promotion: {logs}"), promoted);
    }

    fn living(&self) -> impl Iterator<Item = &Sentinel> {
        self.watchers.iter().filter(|sentinel| sentinel.process.is_some())
    }
}

impl Sentinel {
    fn start(primary: u16) -> Self {
        let (port, folder) = (ports::free(), tempfile::tempdir().unwrap());
        let file = folder.path().join("sentinel.conf");
        fs::write(&file, configuration(port, primary, folder.path())).unwrap();
        let arguments = [file.display().to_string(), "--sentinel".to_owned()];
        let process = Process::start("redis-server", &arguments, &folder.path().join("log"));
        Self { port, process: Some(process), _folder: folder }
    }

    fn knows_all(&self) -> bool {
        let Some(facts) = self.ask::<Vec<String>>(&["SENTINEL", "MASTER", Sentinels::MASTER]) else {
            return false;
        };
        let says = |name: &str, value: &str| facts.windows(2).any(|pair| pair == [name, value]);
        says("num-slaves", "1")
            && says("num-other-sentinels", &(COUNT - 1).to_string())
            && says("flags", "master")
    }

    fn primary(&self) -> Option<u16> {
        let (_, port): (String, u16) =
            self.ask(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", Sentinels::MASTER])?;
        Some(port)
    }

    fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> Option<T> {
        let client = Client::open(format!("redis://127.0.0.1:{}", self.port)).ok()?;
        words(command).query(&mut client.get_connection().ok()?).ok()
    }
}

fn configuration(port: u16, primary: u16, folder: &Path) -> String {
    let (name, folder) = (Sentinels::MASTER, folder.display());
    format!(
        "port {port}\nbind 127.0.0.1\ndir {folder}\n\
         sentinel monitor {name} 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds {name} 500\n\
         sentinel failover-timeout {name} 3000\n"
    )
}

const COUNT: usize = 3;
