//! How much of its bounds a memory driver has taken.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How much a [`MemoryDriver`](super::MemoryDriver) holds before it evicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryBounds {
    /// Sessions, 100,000 by default.
    pub sessions: usize,
    /// Bytes of keys and values with an allowance per entry, 256 MiB by default.
    pub bytes: usize,
}

impl Default for MemoryBounds {
    fn default() -> Self {
        Self { sessions: 100_000, bytes: 256 << 20 }
    }
}

/// Counts kept beside the map, whose own count would look into every shard.
#[derive(Debug, Default)]
pub(super) struct Occupancy {
    sessions: AtomicUsize,
    bytes: AtomicUsize,
}

impl Occupancy {
    pub(super) fn sessions(&self) -> usize {
        self.sessions.load(Ordering::Relaxed)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Counts a record before it is filed, and so before it can be removed: the sums never pass below zero.
    pub(super) fn enter(&self, bytes: usize) {
        self.sessions.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn leave(&self, bytes: usize) {
        self.sessions.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(super) fn resize(&self, from: usize, to: usize) {
        self.bytes.fetch_add(to, Ordering::Relaxed);
        self.bytes.fetch_sub(from, Ordering::Relaxed);
    }

    /// Whether so much more fits.
    pub(super) fn has_room(&self, bounds: MemoryBounds, sessions: usize, bytes: usize) -> bool {
        (sessions == 0 || self.sessions() + sessions <= bounds.sessions)
            && self.bytes().saturating_add(bytes) <= bounds.bytes
    }
}
