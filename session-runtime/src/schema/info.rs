//! What is known about a field without a session: names, kind and settings, as the derive wrote them down.

use std::time::Duration;

/// One field of a schema, as [`SessionSchema::FIELDS`](crate::SessionSchema::FIELDS) lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldInfo {
    /// Name of the struct's field, without `r#`.
    pub name: &'static str,
    /// Key in the session: prefix and name, or prefix and `rename`.
    pub key: &'static str,
    /// Keys under which older versions of the schema kept the value.
    pub aliases: &'static [&'static str],
    /// What the field is used for.
    pub kind: FieldKind,
    /// The type as it is written in the struct.
    pub type_text: &'static str,
    /// Whether a `default` was written; a field without one falls back to the default of its type.
    pub has_default: bool,
    /// Whether the value is kept when the principal logs out.
    pub survives_logout: bool,
    /// What happens when the stored value is of another type.
    pub on_mismatch: OnMismatch,
    /// How long a flash value waits to be read; `None` if it is there for the next request only.
    pub waits: Option<Duration>,
    /// The most bytes of JSON that a flash value may have.
    pub max_bytes: Option<usize>,
    /// Whether the value must stay out of logs and debug output.
    pub secret: bool,
}

/// What a field is used for, and by which kind of slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// A value that stays until it is forgotten.
    Value,
    /// A value for the next request, or until it is read.
    Flash,
    /// Whom the session belongs to. It is kept with the session, not among its fields.
    Principal,
}

/// What reading a field does when the stored value is of another type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnMismatch {
    /// It fails; the stored value stays.
    #[default]
    Error,
    /// It reads as if nothing were stored.
    Default,
}

/// The vocabulary of generated code.
#[doc(hidden)]
impl FieldInfo {
    #[must_use]
    pub const fn new(
        name: &'static str,
        key: &'static str,
        kind: FieldKind,
        type_text: &'static str,
    ) -> Self {
        Self {
            name,
            key,
            aliases: &[],
            kind,
            type_text,
            has_default: false,
            survives_logout: false,
            on_mismatch: OnMismatch::Error,
            waits: None,
            max_bytes: None,
            secret: false,
        }
    }

    #[must_use]
    pub const fn aliased(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    #[must_use]
    pub const fn defaulted(mut self) -> Self {
        self.has_default = true;
        self
    }

    #[must_use]
    pub const fn surviving_logout(mut self) -> Self {
        self.survives_logout = true;
        self
    }

    #[must_use]
    pub const fn defaulting_on_mismatch(mut self) -> Self {
        self.on_mismatch = OnMismatch::Default;
        self
    }

    #[must_use]
    pub const fn waiting(mut self, millis: u64) -> Self {
        self.waits = Some(Duration::from_millis(millis));
        self
    }

    #[must_use]
    pub const fn at_most(mut self, bytes: usize) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    #[must_use]
    pub const fn kept_secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
