//! What templates see of a session, for reading only: as plain methods, and as functions of minijinja.
//!
//! `session` is the session and its flash, `form_view` one form of the page, `markup` what is HTML already.

mod form_view;
mod markup;
#[cfg(feature = "minijinja")]
pub mod minijinja;
mod session;

pub use self::form_view::FormView;
pub use self::markup::Markup;
pub use self::session::View;
