//! What is known of the device that a principal signed in on.

use std::fmt;

/// What the list of a principal's sessions says of a device, as it was at the login. Shown, never compared.
///
/// `Debug` shows neither text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct DeviceFacts {
    /// A coarse name of the browser and its system.
    pub agent: Option<Box<str>>,
    /// Where the login came from, if the application said so.
    pub address: Option<Box<str>>,
}

impl DeviceFacts {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.agent.is_none() && self.address.is_none()
    }

    /// These facts, and in their place those of `later` ones that are known.
    pub(crate) fn followed_by(self, later: Self) -> Self {
        Self { agent: later.agent.or(self.agent), address: later.address.or(self.address) }
    }
}

impl fmt::Debug for DeviceFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { agent, address } = self;
        let known = [agent.is_some(), address.is_some()];
        f.debug_struct("DeviceFacts").field("known", &known).finish_non_exhaustive()
    }
}
