//! Answers that lead on: to a path of this site, with flash, or back to a form that was refused.
//!
//! `answer` is the answer and where a session makes it, `not_signed_in` that of the guards, `rejection` what `?` returns, `accept` the form's part in it.

mod accept;
mod answer;
mod not_signed_in;
mod rejection;

pub use self::answer::Redirect;
pub use self::not_signed_in::NotSignedIn;
pub use self::rejection::Rejection;
