//! Every key of `#[session(..)]`: its name, the form to write it in, and where it belongs.

/// A key that can be looked up by name, in the place where it was written.
pub(crate) trait Key: Copy + 'static {
    /// Keys of the other place, to recognise one that was put on the wrong side.
    type Misplaced: Key;

    /// In the order in which messages list them.
    const ALL: &'static [Self];

    /// Where these keys are written, as messages say it.
    const PLACE: &'static str;

    /// The list that holds them, as messages say it.
    const LIST: &'static str;

    fn name(self) -> &'static str;

    /// A form that can be pasted.
    fn sample(self) -> &'static str;

    /// The whole attribute with that form in it.
    fn attribute(self) -> String {
        format!("`#[session({})]`", self.sample())
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name() == name)
    }

    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|key| key.name()).collect()
    }
}

/// Keys that are written above the struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContainerKey {
    Prefix,
    RenameAll,
    Crate,
}

impl Key for ContainerKey {
    type Misplaced = FieldKey;

    const ALL: &'static [Self] = &[Self::Prefix, Self::RenameAll, Self::Crate];
    const PLACE: &'static str = "the struct";
    const LIST: &'static str = "`#[session(..)]` on the struct";

    fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::RenameAll => "rename_all",
            Self::Crate => "crate",
        }
    }

    fn sample(self) -> &'static str {
        match self {
            Self::Prefix => "prefix = \"shop_\"",
            Self::RenameAll => "rename_all = \"camelCase\"",
            Self::Crate => "crate = path::to::session_runtime",
        }
    }
}

/// Keys that are written above a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldKey {
    Rename,
    Alias,
    Default,
    Flash,
    Principal,
    SurvivesLogout,
    OnMismatch,
    Secret,
}

impl Key for FieldKey {
    type Misplaced = ContainerKey;

    const ALL: &'static [Self] = &[
        Self::Rename,
        Self::Alias,
        Self::Default,
        Self::Flash,
        Self::Principal,
        Self::SurvivesLogout,
        Self::OnMismatch,
        Self::Secret,
    ];
    const PLACE: &'static str = "a field";
    const LIST: &'static str = "`#[session(..)]` on a field";

    fn name(self) -> &'static str {
        match self {
            Self::Rename => "rename",
            Self::Alias => "alias",
            Self::Default => "default",
            Self::Flash => "flash",
            Self::Principal => "principal",
            Self::SurvivesLogout => "survives_logout",
            Self::OnMismatch => "on_mismatch",
            Self::Secret => "secret",
        }
    }

    fn sample(self) -> &'static str {
        match self {
            Self::Rename => "rename = \"key\"",
            Self::Alias => "alias = \"old_key\"",
            Self::Default => "default = 10",
            Self::Flash => "flash",
            Self::Principal => "principal",
            Self::SurvivesLogout => "survives_logout",
            Self::OnMismatch => "on_mismatch = \"default\"",
            Self::Secret => "secret",
        }
    }
}

/// Keys that are written in the list of `flash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FlashKey {
    UntilRead,
    MaxAge,
    MaxBytes,
}

impl Key for FlashKey {
    type Misplaced = FieldKey;

    const ALL: &'static [Self] = &[Self::UntilRead, Self::MaxAge, Self::MaxBytes];
    const PLACE: &'static str = "its `flash(..)`";
    const LIST: &'static str = "`flash(..)`";

    fn name(self) -> &'static str {
        match self {
            Self::UntilRead => "until_read",
            Self::MaxAge => "max_age",
            Self::MaxBytes => "max_bytes",
        }
    }

    fn sample(self) -> &'static str {
        match self {
            Self::UntilRead => "until_read",
            Self::MaxAge => "max_age = \"10m\"",
            Self::MaxBytes => "max_bytes = 2048",
        }
    }

    fn attribute(self) -> String {
        format!("`#[session(flash({}))]`", self.sample())
    }
}
