//! Names for states of records, and turns for those who meet at one.

use std::hash::{BuildHasher as _, RandomState};
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use crate::token::Selector;

/// Gives each write of this process another name. Processes begin at random places, so that they give the same one
/// about as often as keys of 64 bits collide, and none gives one again after a failover has undone the write.
#[derive(Debug)]
pub(super) struct Revisions(AtomicU64);

impl Revisions {
    pub(super) fn new() -> Self {
        Self(AtomicU64::new(RandomState::new().hash_one(std::process::id())))
    }

    pub(super) fn next(&self) -> NonZeroU64 {
        NonZeroU64::new(self.0.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MIN)
    }
}

/// Commits that were overtaken take turns within this process, so that of a crowd one at a time tries again.
#[derive(Debug)]
pub(super) struct Turns(Box<[Mutex<()>]>);

impl Turns {
    pub(super) fn new() -> Self {
        Self((0..TURNS).map(|_| Mutex::new(())).collect())
    }

    pub(super) async fn take(&self, selector: &Selector) -> Option<MutexGuard<'_, ()>> {
        let [first, ..] = *selector.as_bytes();
        // There is a turn for each value of a byte.
        Some(self.0.get(usize::from(first))?.lock().await)
    }
}

const TURNS: usize = 256;
