//! What the command line says.

use std::net::SocketAddr;

use lexopt::prelude::*;
use shop::{VARIABLES, drivers};

/// Where the shop listens and what keeps its sessions.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) listen: SocketAddr,
    /// The name of a driver; else the environment says it.
    pub(crate) driver: Option<String>,
}

impl Arguments {
    /// The arguments of this process; `None` if it was asked for help.
    pub(crate) fn read() -> Result<Option<Self>, lexopt::Error> {
        let mut arguments = Self { listen: SocketAddr::from(([127, 0, 0, 1], 3_000)), driver: None };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("listen") => arguments.listen = parser.value()?.parse()?,
                Long("driver") => arguments.driver = Some(parser.value()?.string()?),
                Short('h') | Long("help") => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Some(arguments))
    }

    /// How to call the shop.
    pub(crate) fn help() -> String {
        let registry = drivers();
        let names = registry.names().collect::<Vec<_>>().join(", ");
        let variables = VARIABLES.map(|(name, meaning)| format!("  {name:<16}  {meaning}")).join("\n");
        format!(
            "A small shop that shows what sessions can do.\n\n\
             Usage: shop [--listen 127.0.0.1:3000] [--driver memory]\n\n  \
             --listen <address>  where to listen; port 0 takes a free one\n  \
             --driver <name>     what keeps the sessions: {names}\n  \
             -h, --help          this text\n\n\
             Environment:\n  \
             SESSION_DRIVER    the driver, unless it is an argument; memory by default\n\
             {variables}"
        )
    }
}
