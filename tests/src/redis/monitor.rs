//! What a server was asked, as its own `MONITOR` tells it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::server::Server;

/// Listens to all that a server is asked from now on.
pub struct Monitor<'s> {
    server: &'s Server,
    lines: BufReader<TcpStream>,
}

/// One command that a client sent. A script counts once; the commands inside of it are not told here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The command's name in upper case.
    pub name: String,
    /// All of the command as the server shows it.
    pub line: String,
}

impl<'s> Monitor<'s> {
    /// Begins to listen, on a server without a password.
    ///
    /// # Panics
    /// If the server does not let us.
    pub fn start(server: &'s Server) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(b"MONITOR\r\n").unwrap();
        let mut lines = BufReader::new(stream);
        let mut answer = String::new();
        lines.read_line(&mut answer).unwrap();
        assert_eq!(answer, "+OK\r\n");
        Self { server, lines }
    }

    /// What clients have sent since the last time, but for the setting up of their connections.
    ///
    /// # Panics
    /// If the server goes away.
    pub fn seen(&mut self) -> Vec<Seen> {
        static MARKS: AtomicU64 = AtomicU64::new(0);
        let mark = format!("mark-{}", MARKS.fetch_add(1, Ordering::Relaxed));
        // Whatever was sent before the mark was answered is told before the mark.
        self.server.ask::<String>(&["ECHO", &mark]);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the server has gone");
            let (address, rest) = line.split_once('[').unwrap().1.split_once("] ").unwrap();
            if rest.contains(&mark) {
                let ours = address.to_owned();
                lines.retain(|(address, _)| *address != ours);
                break;
            }
            lines.push((address.to_owned(), rest.trim_end().to_owned()));
        }
        let by_client = lines.into_iter().filter(|(address, _)| !address.ends_with(" lua"));
        let seen = by_client.map(|(_, line)| Seen { name: name(&line), line });
        seen.filter(|seen| !SETUP.contains(&seen.name.as_str())).collect()
    }
}

fn name(line: &str) -> String {
    line.split('"').nth(1).unwrap_or_default().to_uppercase()
}

/// What a client says of itself when it connects, and what it asks to see whether a connection is alive.
const SETUP: [&str; 4] = ["CLIENT", "HELLO", "AUTH", "SELECT"];
