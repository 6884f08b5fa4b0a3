//! The stage of the stories: an application that does what it is told, its browsers, and what they say.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed step is a failed story"
)]

mod acts;
mod script;
mod shelf;
mod store;
mod world;

pub use self::acts::{Acts, Says};
pub use self::script::{App, Browser, Script, Shop};
pub use self::store::{STORIES_ON, Store, records_on};
pub use self::world::{World, open, spied};
