//! The session as handlers see it: typed slots over an untyped session over the request's state.
//!
//! `untyped` is the handle and its guards, with one file per part of its face: `values`, `flash` and `flash_write`,
//! `reflash` with `flash_parts`, `forms` (each a `form`), `intended` and the `bags` that both are kept in, `lifecycle`.
//! `devices` with `agent` says which device it is. `navigation` reads what a browser says of a request.
//! `slot`, `flash_slot` and `principal_slot` are the typed accessors; `numeric` and `into_value` what they accept.

mod agent;
mod bags;
mod credentials;
mod csrf;
mod detached;
mod devices;
mod flash;
mod flash_parts;
mod flash_slot;
mod flash_write;
mod form;
mod forms;
mod intended;
mod into_value;
mod lifecycle;
mod lifetimes;
mod load;
mod navigation;
mod numeric;
mod path;
mod principal_slot;
mod read_only;
mod reflash;
mod slot;
mod typed;
mod untyped;
mod values;
mod visit;
mod watch;

pub use self::detached::Detached;
pub use self::flash::FlashMessages;
pub use self::flash_slot::FlashSlot;
pub use self::form::Form;
pub use self::into_value::IntoValue;
pub(crate) use self::load::Attached;
pub use self::load::{Load, PassiveRequest, SessionSource};
pub use self::numeric::{Number, Numeric};
pub use self::principal_slot::PrincipalSlot;
pub use self::read_only::ReadOnly;
pub use self::slot::Slot;
pub use self::typed::{Direct, HasPrincipal, PrincipalField, Session, SessionSchema, Untyped};
pub use self::untyped::UntypedSession;
pub(crate) use self::visit::{AskedFor, Visit};
pub use self::watch::Watch;
