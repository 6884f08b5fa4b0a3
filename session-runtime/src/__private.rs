//! What generated code names beside the public face. Not public: may change in any release.

pub use crate::schema::{
    Clash, FieldDef, FlashDef, FromText, PrincipalDef, SessionDefault, SessionOption, SessionValue,
    default_of, default_text, field, flash, principal,
};

pub use crate::session::PrincipalField;

use crate::error::SessionError;
use crate::session::{FlashSlot, PrincipalSlot, Slot, UntypedSession};

#[must_use]
pub const fn slot<'a, T: 'static>(session: &'a UntypedSession, def: &'static FieldDef<T>) -> Slot<'a, T> {
    Slot::new(session, def)
}

#[must_use]
pub const fn flash_slot<'a, T: 'static>(
    session: &'a UntypedSession,
    def: &'static FlashDef<T>,
) -> FlashSlot<'a, T> {
    FlashSlot::new(session, def)
}

#[must_use]
pub const fn principal_slot<'a, T: 'static>(
    session: &'a UntypedSession,
    def: &'static PrincipalDef<T>,
) -> PrincipalSlot<'a, T> {
    PrincipalSlot::new(session, def)
}

/// # Errors
/// As reading the slot.
pub fn snapshot_field<T: 'static>(slot: &Slot<'_, T>) -> Result<T, SessionError> {
    slot.get()
}

/// # Errors
/// As writing the slot.
pub fn fill_field<T: 'static>(slot: &Slot<'_, T>, value: T) -> Result<(), SessionError> {
    slot.set(value)
}

/// # Errors
/// As reading the slot.
pub fn snapshot_flash<T: 'static>(slot: &FlashSlot<'_, T>) -> Result<T, SessionError> {
    slot.get()
}

/// # Errors
/// As writing the slot.
pub fn fill_flash<T: 'static>(slot: &FlashSlot<'_, T>, value: T) -> Result<(), SessionError> {
    slot.flash(value)
}

/// # Errors
/// As reading the slot.
pub fn snapshot_principal<T: 'static>(slot: &PrincipalSlot<'_, T>) -> Result<T, SessionError> {
    slot.get()
}

/// # Errors
/// [`SessionError::Reserved`] for another principal than the present one.
#[expect(clippy::needless_pass_by_value, reason = "generated code gives every field away")]
pub fn fill_principal<T: 'static>(slot: &PrincipalSlot<'_, T>, value: T) -> Result<(), SessionError> {
    slot.expect_present(&value)
}
