//! How a server is set up.

use std::path::Path;

use super::authority::Authority;
use super::ports;

/// Settings of a server, as they stand in its configuration. Nothing is persisted and nothing evicted by default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Options {
    settings: Vec<(String, String)>,
    password: Option<String>,
    tls_port: Option<u16>,
}

impl Options {
    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more setting, by the name that it has in the server's configuration.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.push((name.to_owned(), value.into()));
        self
    }

    /// What was acknowledged is on the disk.
    pub fn append_only(self) -> Self {
        self.with("appendonly", "yes").with("appendfsync", "always")
    }

    /// Clients have to know this password.
    pub fn password(self, password: &str) -> Self {
        Self { password: Some(password.to_owned()), ..self }.with("requirepass", password)
    }

    /// Besides the port without TLS there is one with it, for which this authority vouches under the name `127.0.0.1`.
    pub fn tls(self, authority: &Authority) -> Self {
        let (certificate, key) = authority.identity();
        let (port, file) = (ports::free(), |path: &Path| path.display().to_string());
        let secured = Self { tls_port: Some(port), ..self };
        let secured = secured.with("tls-port", port.to_string()).with("tls-auth-clients", "no");
        secured.with("tls-cert-file", file(&certificate)).with("tls-key-file", file(&key))
    }

    /// A replica of the server on this port.
    pub fn replica_of(self, port: u16) -> Self {
        self.with("replicaof", format!("127.0.0.1 {port}"))
    }

    pub(super) fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    pub(super) const fn tls_port(&self) -> Option<u16> {
        self.tls_port
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.password.as_deref()
    }
}
