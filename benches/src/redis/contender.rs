//! The contenders by name, and a server for each.

use std::error::Error;
use std::net::SocketAddr;

use http::HeaderValue;

use super::ours::Ours;
use super::raw::Raw;
use super::serve::serve;

/// One kind of server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// A hyper service that does not ask Redis.
    Bare,
    /// One `GET` of 300 bytes for each request.
    RawRead,
    /// Ours, one text of five fields is read.
    Read,
    /// One `GET` and one `SET` of 300 bytes for each request.
    RawWrite,
    /// Ours, one number of five fields is incremented.
    Write,
}

impl Contender {
    /// All of them; those that are compared stand side by side.
    pub const ALL: [Self; 5] = [Self::Bare, Self::RawRead, Self::Read, Self::RawWrite, Self::Write];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::RawRead => "raw-read",
            Self::Read => "read",
            Self::RawWrite => "raw-write",
            Self::Write => "write",
        }
    }

    /// The contender of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contender| contender.name() == name)
    }

    /// What it is compared with, and the share of its requests per second that is to be reached.
    #[must_use]
    pub const fn target(self) -> Option<(Self, f64)> {
        match self {
            Self::Read => Some((Self::RawRead, 0.85)),
            Self::Write => Some((Self::RawWrite, 0.70)),
            Self::Bare | Self::RawRead | Self::RawWrite => None,
        }
    }

    /// The round trips to Redis that one request takes.
    #[must_use]
    pub const fn round_trips(self) -> u64 {
        match self {
            Self::Bare => 0,
            Self::RawRead | Self::Read => 1,
            Self::RawWrite | Self::Write => 2,
        }
    }
}

/// Both kinds of clients of one Redis, with data for each visitor.
#[derive(Debug)]
pub struct Rig {
    ours: Ours,
    raw: Raw,
    cookies: Vec<HeaderValue>,
}

impl Rig {
    /// Connects to Redis, and files a session and a raw value for each of so many visitors.
    ///
    /// # Errors
    /// Those of Redis.
    pub async fn ready(url: &str, visitors: usize) -> Result<Self, Box<dyn Error>> {
        let (ours, raw) = (Ours::connect(url).await?, Raw::connect(url).await?);
        let mut cookies = Vec::with_capacity(visitors);
        for _ in 0..visitors {
            let cookie = ours.seed().await?;
            raw.seed(&cookie).await?;
            cookies.push(cookie);
        }
        Ok(Self { ours, raw, cookies })
    }

    /// The `Cookie` header of each visitor, for whichever contender.
    #[must_use]
    pub fn cookies(&self) -> &[HeaderValue] {
        &self.cookies
    }

    /// Starts a server on a free port of this machine. It runs as long as the runtime.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(&self, contender: Contender) -> Result<SocketAddr, Box<dyn Error>> {
        let (ours, raw) = (self.ours.clone(), self.raw.clone());
        Ok(match contender {
            Contender::Bare => serve(|| hyper::service::service_fn(super::raw::bare)).await?,
            Contender::RawRead => serve(move || raw.reading()).await?,
            Contender::RawWrite => serve(move || raw.writing()).await?,
            Contender::Read => serve(move || ours.reading()).await?,
            Contender::Write => serve(move || ours.writing()).await?,
        })
    }
}
