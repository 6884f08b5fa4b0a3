//! What is measured over Redis: a hyper server per contender, and the same clients for each.

mod contender;
mod cpu;
mod load;
mod ours;
mod raw;
mod serve;

pub use self::contender::{Contender, Rig};
pub use self::cpu::Cpu;
pub use self::load::{Load, Round};
