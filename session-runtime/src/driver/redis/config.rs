//! Where Redis is, and how long it may take.

use std::fmt;
use std::time::Duration;

use super::connect_error::RedisConnectError;

/// Where the servers are, under which prefix sessions are filed there, and how long a call may take.
///
/// ```
/// use session_runtime::drivers::RedisConfig;
/// use std::time::Duration;
///
/// let mut config = RedisConfig::standalone("redis://:secret@10.0.0.5:6379/0");
/// config.prefix = "shop".to_owned();
/// config.response_timeout = Duration::from_millis(500);
/// assert!(!format!("{config:?}").contains("secret"));
/// ```
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// Where the servers are.
    pub topology: RedisTopology,
    /// What every key begins with, `"session"` by default. Applications that share a server need one each, or they
    /// read each other's sessions. Braces are refused.
    pub prefix: String,
    /// The certificates of the authorities that alone are trusted to vouch for the servers, as PEM text; for servers whose
    /// certificates are of one's own making. `None` by default: those that browsers trust, as Mozilla lists them. Only for
    /// addresses of TLS; the host in the address must be one that the certificate names. In a cluster, and in the care
    /// of sentinels, that goes for the addresses by which the servers are announced, too.
    ///
    /// ```no_run
    /// # use session_runtime::drivers::RedisConfig;
    /// let mut config = RedisConfig::standalone("rediss://:secret@redis.internal:6379");
    /// config.root_certificates = Some(std::fs::read_to_string("/etc/ssl/internal.pem")?);
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub root_certificates: Option<String>,
    /// How long a connection may take to be made: one second by default.
    pub connect_timeout: Duration,
    /// How long an answer may take: one second by default. What is late counts as lost; see
    /// [`DriverError::Unavailable`](super::super::DriverError::Unavailable).
    pub response_timeout: Duration,
}

/// Where the servers are.
///
/// A URL reads `redis://user:password@host:port/database`, or `rediss://` for TLS with the feature `redis-tls`. `Debug`
/// shows hosts and ports only, since a URL may hold a password.
///
/// TLS is that of rustls, with the process's default provider of cryptography. Where there is none yet, `ring` becomes
/// it; an application that prefers another one installs that before it connects.
#[derive(Clone)]
#[non_exhaustive]
pub enum RedisTopology {
    /// One server.
    Standalone {
        /// Its URL.
        url: String,
    },
    /// A primary with replicas, whose address is asked of sentinels; a failover is followed without a restart.
    Sentinel {
        /// The URLs of the sentinels. Their user and password serve for the sentinels and for the servers.
        urls: Vec<String>,
        /// The name under which they watch the primary.
        master: String,
    },
    /// A Redis Cluster.
    Cluster {
        /// The URLs of some of its nodes; the others are found through them.
        urls: Vec<String>,
    },
}

impl RedisConfig {
    /// One server.
    pub fn standalone(url: impl Into<String>) -> Self {
        Self::new(RedisTopology::Standalone { url: url.into() })
    }

    /// The primary that these sentinels watch under the name `master`.
    ///
    /// The driver asks all sentinels, and believes the one with the newest configuration: whenever it connects, each second,
    /// and when one publishes that a failover begins or ends. It leaves a primary as soon as a failover of it begins, and
    /// goes on with the next one as soon as a sentinel names it, also where the old one lives on and is told of its new
    /// role only ten seconds later (a planned switch, a primary that only the sentinels cannot reach). In between, which is
    /// about a second, calls fail at once and nothing was applied.
    ///
    /// What can still be lost, endings too, is what the primary acknowledged and had not yet handed on to the replica that
    /// takes its place; in a planned switch a few milliseconds' worth, up to a second's where the news of a sentinel gets
    /// lost. A primary that no sentinel can be heard about is used for as long as it answers: if it was cut off together
    /// with the driver, all that it acknowledges is lost when it comes back. `min-replicas-to-write 1` at the servers makes
    /// it refuse writes then (reads go on); that takes two replicas, or a new primary refuses them as well until the old
    /// one has come back as its replica.
    ///
    /// User, password and database in the URL of the first sentinel are those of the servers. Sentinels that refuse the
    /// password are asked without.
    pub fn sentinel(urls: impl IntoIterator<Item = impl Into<String>>, master: impl Into<String>) -> Self {
        let urls = urls.into_iter().map(Into::into).collect();
        Self::new(RedisTopology::Sentinel { urls, master: master.into() })
    }

    /// The cluster that these nodes belong to.
    pub fn cluster(urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::new(RedisTopology::Cluster { urls: urls.into_iter().map(Into::into).collect() })
    }

    /// What can be found wrong without a server.
    pub(super) fn check(&self) -> Result<(), RedisConnectError> {
        if self.prefix.is_empty() || self.prefix.contains(['{', '}']) {
            return Err(RedisConnectError::Prefix);
        }
        if self.connect_timeout.is_zero() || self.response_timeout.is_zero() {
            return Err(RedisConnectError::Timeout);
        }
        Ok(())
    }

    fn new(topology: RedisTopology) -> Self {
        Self {
            topology,
            prefix: "session".to_owned(),
            root_certificates: None,
            connect_timeout: Duration::from_secs(1),
            response_timeout: Duration::from_secs(1),
        }
    }
}

impl fmt::Debug for RedisTopology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standalone { url } => f.debug_struct("Standalone").field("url", &shown(url)).finish(),
            Self::Sentinel { urls, master } => {
                let urls: Vec<&str> = urls.iter().map(|url| shown(url)).collect();
                f.debug_struct("Sentinel").field("urls", &urls).field("master", master).finish()
            }
            Self::Cluster { urls } => {
                let urls: Vec<&str> = urls.iter().map(|url| shown(url)).collect();
                f.debug_struct("Cluster").field("urls", &urls).finish()
            }
        }
    }
}

/// The host and port of a URL: neither what stands before an `@` nor a query, both of which may hold a password.
fn shown(url: &str) -> &str {
    let rest = url.rsplit_once('@').map_or(url, |(_, rest)| rest);
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    rest.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_password() {
        let urls =
            ["redis://user:hunter2@a:1/0", "redis://:hun@ter2@b:2?pass=hunter2", "redis://c:3#hunter2"];
        let configs = [
            RedisConfig::standalone(urls[0]),
            RedisConfig::sentinel(urls, "shop"),
            RedisConfig::cluster(urls),
        ];
        for config in configs {
            let shown = format!("{config:?}");
            assert!(!shown.contains("hun") && !shown.contains("ter2"), "{shown}");
            assert!(shown.contains("a:1"), "{shown}");
        }
    }

    #[test]
    fn prefixes_that_would_decide_on_slots_are_refused() {
        let with =
            |prefix: &str| RedisConfig { prefix: prefix.into(), ..RedisConfig::standalone("redis://a") };
        for prefix in ["", "{shop}", "shop{", "}"] {
            assert!(matches!(with(prefix).check(), Err(RedisConnectError::Prefix)), "{prefix}");
        }
        assert!(with("shop:live").check().is_ok());
    }

    #[test]
    fn timeouts_of_zero_are_refused() {
        let config = RedisConfig::standalone("redis://a");
        let never = [
            RedisConfig { connect_timeout: Duration::ZERO, ..config.clone() },
            RedisConfig { response_timeout: Duration::ZERO, ..config },
        ];
        for config in never {
            assert!(matches!(config.check(), Err(RedisConnectError::Timeout)));
        }
    }
}
