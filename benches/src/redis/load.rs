//! The clients: one keep-alive connection for each visitor, which asks again as soon as it is answered.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::serve::BODY;

/// All connections to one server.
#[derive(Debug)]
pub struct Load(Vec<Visitor>);

#[derive(Debug)]
struct Visitor {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// What was measured in one round.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// How many requests were answered.
    pub requests: u64,
    /// Per second.
    pub rate: f64,
    /// The median of the time that an answer took.
    pub p50: Duration,
    /// What 99 of 100 answers did not exceed.
    pub p99: Duration,
}

impl Load {
    /// Connects each visitor.
    ///
    /// # Errors
    /// Those of the connections.
    pub async fn connect(address: SocketAddr, cookies: &[HeaderValue]) -> io::Result<Self> {
        let mut visitors = Vec::with_capacity(cookies.len());
        for cookie in cookies {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut request = b"GET / HTTP/1.1\r\nhost: localhost\r\ncookie: ".to_vec();
            request.extend_from_slice(cookie.as_bytes());
            request.extend_from_slice(b"\r\n\r\n");
            visitors.push(Visitor { stream, request, answer: Vec::with_capacity(ROOM) });
        }
        Ok(Self(visitors))
    }

    /// Lets all visitors ask for so long.
    ///
    /// # Errors
    /// An answer that is not the expected one, or none.
    pub async fn run(&mut self, duration: Duration) -> io::Result<Round> {
        let start = Instant::now();
        let mut asking = JoinSet::new();
        for visitor in self.0.drain(..) {
            asking.spawn(visitor.ask_until(start + duration));
        }
        let mut times = Vec::new();
        while let Some(asked) = asking.join_next().await {
            let (visitor, some) = asked??;
            self.0.push(visitor);
            times.extend(some);
        }
        let took = start.elapsed();
        times.sort_unstable();
        let requests = u32::try_from(times.len()).unwrap_or(u32::MAX);
        let part = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
        Ok(Round {
            requests: requests.into(),
            rate: f64::from(requests) / took.as_secs_f64(),
            p50: part(50),
            p99: part(99),
        })
    }
}

impl Visitor {
    async fn ask_until(mut self, end: Instant) -> io::Result<(Self, Vec<Duration>)> {
        let mut times = Vec::new();
        let mut asked = Instant::now();
        while asked < end {
            self.ask().await?;
            let answered = Instant::now();
            times.push(answered - asked);
            asked = answered;
        }
        Ok((self, times))
    }

    async fn ask(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.answer.strip_suffix(BODY.as_bytes()).is_some_and(|head| head.ends_with(b"\r\n\r\n")) {
                break;
            }
            if self.answer.len() >= ROOM {
                return Err(io::Error::other("an answer without end"));
            }
        }
        if !self.answer.starts_with(b"HTTP/1.1 200 ") {
            return Err(io::Error::other(String::from_utf8_lossy(&self.answer).into_owned()));
        }
        Ok(())
    }
}

const ROOM: usize = 4_096;
