//! One lock per record, in bounded memory: records whose selectors begin alike share one.

use std::array;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::token::Selector;

/// Locks that are waited for without a thread, in the order of asking.
#[derive(Debug)]
pub(super) struct Locks(Box<[Arc<Mutex<()>>; MANY]>);

impl Locks {
    /// Selectors are random, and only what is stored is locked for long: nobody can aim at a lock.
    #[expect(clippy::indexing_slicing, reason = "a remainder is smaller than what it is of")]
    pub(super) async fn lock(&self, selector: &Selector) -> OwnedMutexGuard<()> {
        let [first, second, ..] = *selector.as_bytes();
        let lock = &self.0[usize::from(u16::from_le_bytes([first, second])) % MANY];
        Arc::clone(lock).lock_owned().await
    }
}

impl Default for Locks {
    fn default() -> Self {
        Self(Box::new(array::from_fn(|_| Arc::default())))
    }
}

/// Two of 32 records that are written at once share a lock by a chance of two in five, and then wait for one write.
const MANY: usize = 1_024;
