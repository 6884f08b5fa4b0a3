//! What the command line says.

use std::net::SocketAddr;
use std::str::FromStr;

use lexopt::prelude::*;

/// Where the shop listens and what keeps its sessions.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) listen: SocketAddr,
    pub(crate) driver: DriverName,
}

/// What can keep the sessions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DriverName {
    Memory,
}

impl DriverName {
    const ALL: [(&'static str, Self); 1] = [("memory", Self::Memory)];

    fn known() -> String {
        Self::ALL.map(|(name, _)| name).join(", ")
    }
}

impl FromStr for DriverName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|(name, _)| *name == text);
        found
            .map(|(_, driver)| driver)
            .ok_or_else(|| format!("unknown driver `{text}`, known are: {}", Self::known()))
    }
}

impl Arguments {
    /// The arguments of this process; `None` if it was asked for help.
    pub(crate) fn read() -> Result<Option<Self>, lexopt::Error> {
        let mut arguments =
            Self { listen: SocketAddr::from(([127, 0, 0, 1], 3_000)), driver: DriverName::Memory };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("listen") => arguments.listen = parser.value()?.parse()?,
                Long("driver") => arguments.driver = parser.value()?.parse()?,
                Short('h') | Long("help") => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(arguments))
    }

    /// How to call the shop.
    pub(crate) fn help() -> String {
        format!(
            "A small shop that shows what sessions can do.\n\n\
             Usage: shop [--listen 127.0.0.1:3000] [--driver memory]\n\n  \
             --listen <address>  where to listen; port 0 takes a free one\n  \
             --driver <name>     what keeps the sessions: {}\n  \
             -h, --help          this text",
            DriverName::known()
        )
    }
}
