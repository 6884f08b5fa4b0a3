//! Handlers for those only who are signed in, or proved not long ago who they are.

mod recently;
mod signed_in;

pub use self::recently::RecentlySignedIn;
pub use self::signed_in::SignedIn;
