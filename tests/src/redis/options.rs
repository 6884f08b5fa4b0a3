//! How a server is set up.

/// Settings of a server, as they stand in its configuration. Nothing is persisted and nothing evicted by default.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Options {
    settings: Vec<(String, String)>,
    password: Option<String>,
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

    /// A replica of the server on this port.
    pub fn replica_of(self, port: u16) -> Self {
        self.with("replicaof", format!("127.0.0.1 {port}"))
    }

    pub(super) fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.password.as_deref()
    }
}
