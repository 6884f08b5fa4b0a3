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
    /// The version on axum in place of the one on plain hyper.
    pub(crate) axum: bool,
}

impl Arguments {
    /// The arguments of this process; `None` if it was asked for help.
    pub(crate) fn read() -> Result<Option<Self>, lexopt::Error> {
        let listen = SocketAddr::from(([127, 0, 0, 1], 3_000));
        let mut arguments = Self { listen, driver: None, axum: false };
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("listen") => arguments.listen = parser.value()?.parse()?,
                Long("driver") => arguments.driver = Some(parser.value()?.string()?),
                Long("axum") => arguments.axum = true,
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
             Usage: shop [--listen 127.0.0.1:3000] [--driver memory] [--axum]\n\n  \
             --listen <address>  where to listen; port 0 takes a free one\n  \
             --driver <name>     what keeps the sessions: {names}\n  \
             --axum              the shop as a router of axum; else it is a service of plain hyper\n  \
             -h, --help          this text\n\n\
             Environment:\n  \
             SESSION_DRIVER    the driver, unless it is an argument; memory by default\n\
             {variables}"
        )
    }
}
