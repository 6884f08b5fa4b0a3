//! Answers that lead on: to a path of this site, with flash, or back to a form that was refused.
//!
//! `answer` is the answer and where a session makes it, `rejection` what `?` returns, `accept` the form's part in it.

mod accept;
mod answer;
mod rejection;

pub use self::answer::Redirect;
pub use self::rejection::Rejection;
