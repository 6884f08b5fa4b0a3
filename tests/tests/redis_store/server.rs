//! A Redis server of a test's own: a free port, a folder of its own, and an end with the test.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Killed when it is dropped, also by a test that panics.
pub(super) struct Server {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Server {
    /// Starts a server that keeps nothing on disk.
    pub(super) fn start(options: &[&str]) -> Self {
        for _ in 0..5 {
            if let Some(server) = Self::attempt(options) {
                return server;
            }
        }
        panic!("redis-server does not start: is it installed?");
    }

    /// None when someone else took the port meanwhile.
    fn attempt(options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .arg("--dir")
            .arg(folder.path())
            .args(options)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server must be installed");
        let began = Instant::now();
        while process.try_wait().unwrap().is_none() && began.elapsed() < LONGEST_START {
            if answers(port) {
                return Some(Self { process, port, _folder: folder });
            }
            std::thread::yield_now();
        }
        let _ = process.kill();
        let _ = process.wait();
        None
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn answers(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = [0; 7];
    connection.write_all(b"PING\r\n").is_ok()
        && std::io::Read::read_exact(&mut connection, &mut answer).is_ok()
        && answer == *b"+PONG\r\n"
}

/// Far more than a server takes on a slow machine.
const LONGEST_START: Duration = Duration::from_secs(30);
