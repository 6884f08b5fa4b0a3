//! What went wrong between a call and its answer, without a word of what was stored or sent.

use std::fmt;

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::driver::error::{Applicability, DriverError};

use super::tls;

/// Why a call has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server answered with an error: it did nothing.
    Refused(Cause),
    /// The server answered that another node of the cluster is to be asked: it did nothing.
    Elsewhere {
        /// Its host and port.
        node: String,
        /// Whether the node is only about to take over what was asked for.
        asking: bool,
    },
    /// Nothing was sent.
    Unsent(Cause),
    /// The call may have been sent, and its answer did not come.
    Lost(Cause),
}

/// The text of a failure: never that of the server or of the client, which may repeat arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The server's error code.
    Code(String),
    /// The server refuses the user or the password.
    Denied,
    /// The certificate is none of those that are trusted, or of another host.
    Distrusted,
    /// Nobody listens there.
    NobodyThere,
    /// The server was not asked in time, or did not answer in time.
    Late,
    /// The connection broke.
    Broken,
    /// There is no connection, and why the last attempt to make one failed.
    NotConnected(Option<Box<Cause>>),
    /// One node after the other says that another one is to be asked.
    Elsewhere,
    /// Sentinels know of no primary under the name.
    NoPrimary,
    /// Sentinels are about to put another server in the primary's place.
    Replaced,
    /// An answer does not follow the protocol, or is of another kind than the call's.
    Protocol,
}

impl Failure {
    pub(super) fn of(error: &RedisError) -> Self {
        let cause = Cause::of(error);
        if let Some((node, _)) = error.redirect_node() {
            let asking = error.kind() == ErrorKind::Server(ServerErrorKind::Ask);
            return Self::Elsewhere { node: node.to_owned(), asking };
        }
        match error.kind() {
            ErrorKind::Server(_) | ErrorKind::Extension => Self::Refused(cause),
            ErrorKind::AuthenticationFailed
            | ErrorKind::InvalidClientConfig
            | ErrorKind::MasterNameNotFoundBySentinel
            | ErrorKind::EmptySentinelList => Self::Unsent(cause),
            _ if error.is_connection_refusal() => Self::Unsent(cause),
            _ => Self::Lost(cause),
        }
    }

    pub(super) const fn cause(&self) -> &Cause {
        match self {
            Self::Elsewhere { .. } => &Cause::Elsewhere,
            Self::Refused(cause) | Self::Unsent(cause) | Self::Lost(cause) => cause,
        }
    }

    pub(super) fn is(&self, code: &str) -> bool {
        matches!(self, Self::Refused(Cause::Code(found)) if found == code)
    }

    /// Of a call that changes nothing.
    pub(super) fn of_read(self) -> DriverError {
        self.into_error(Applicability::No)
    }

    /// Of a call that may have changed something before its answer got lost.
    pub(super) fn of_write(self) -> DriverError {
        self.into_error(Applicability::Unknown)
    }

    fn into_error(self, if_lost: Applicability) -> DriverError {
        match self {
            Self::Refused(Cause::Code(code)) if code == "OOM" => DriverError::Full,
            Self::Refused(Cause::Code(code)) if code == "WRONGTYPE" => {
                DriverError::Corrupt { source: "there is something else than a session under its key".into() }
            }
            Self::Elsewhere { .. } => DriverError::unavailable(Cause::Elsewhere),
            Self::Refused(cause) | Self::Unsent(cause) => DriverError::unavailable(cause),
            Self::Lost(cause) => DriverError::Unavailable { applied: if_lost, source: cause.into() },
        }
    }
}

impl Cause {
    pub(super) fn of(error: &RedisError) -> Self {
        match error.kind() {
            ErrorKind::Server(_) | ErrorKind::Extension => Self::coded(error),
            ErrorKind::AuthenticationFailed => Self::Denied,
            ErrorKind::MasterNameNotFoundBySentinel => Self::NoPrimary,
            _ if error.is_connection_refusal() => Self::NobodyThere,
            _ if tls::is_distrust(error) => Self::Distrusted,
            _ if error.is_timeout() => Self::Late,
            ErrorKind::Io => Self::Broken,
            _ => Self::Protocol,
        }
    }

    fn coded(error: &RedisError) -> Self {
        let code = error.code().unwrap_or("ERR");
        if ["NOAUTH", "WRONGPASS"].contains(&code) {
            return Self::Denied;
        }
        // Servers before version 7 wrap what a script met into an error of their own.
        let inner = WRAPPED.iter().find(|inner| {
            let wrapped = |detail: &str| detail.contains(&format!("-{inner} "));
            code == "ERR" && error.detail().is_some_and(wrapped)
        });
        let known = inner.copied().unwrap_or(code);
        // A code is a word in capitals; anything else may be text that repeats arguments.
        let is_code = known.len() <= LONGEST_CODE && known.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_code { Self::Code(known.to_owned()) } else { Self::Protocol }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "redis refuses the call: {code}"),
            Self::Denied => f.write_str("redis refuses the user or the password"),
            Self::Distrusted => f.write_str("the certificate of redis is not trusted"),
            Self::NobodyThere => f.write_str("nobody listens at the address of redis"),
            Self::Late => f.write_str("redis did not answer in time"),
            Self::Broken => f.write_str("the connection to redis broke"),
            Self::NotConnected(None) => f.write_str("there is no connection to redis"),
            Self::NotConnected(Some(cause)) => write!(f, "there is no connection to redis: {cause}"),
            Self::Elsewhere => f.write_str("the nodes of redis send from one to another"),
            Self::Replaced => f.write_str("the primary is being replaced"),
            Self::NoPrimary => f.write_str("no sentinel knows the primary"),
            Self::Protocol => f.write_str("redis gave an answer that cannot be understood"),
        }
    }
}

impl std::error::Error for Cause {}

const WRAPPED: [&str; 3] = ["OOM", "READONLY", "WRONGTYPE"];
const LONGEST_CODE: usize = 20;
