//! The way from async tasks to blocking threads. Tasks wait for a shard here, without a thread, before one of them waits
//! for other processes on a thread of tokio's: so no crowd in front of one lock takes all of its threads.

use std::sync::Arc;

use tokio::sync::{Mutex, Semaphore};
use tokio::task::{JoinError, spawn_blocking};

use crate::driver::error::DriverError;

use super::disk::Disk;
use super::fault::unknown;
use super::layout::{PLACES, Shard};

pub(super) struct Gates {
    shards: Vec<Arc<Mutex<()>>>,
    readers: Arc<Semaphore>,
    writers: Arc<Semaphore>,
}

impl Gates {
    pub(super) fn new() -> Self {
        Self {
            shards: (0..PLACES).map(|_| Arc::default()).collect(),
            readers: Arc::new(Semaphore::new(THREADS)),
            writers: Arc::new(Semaphore::new(THREADS)),
        }
    }

    /// Runs `job` on a thread that may block, with these shards locked, which are named in their order.
    ///
    /// Given up while it waits here, it never begins; once it has begun, it runs to its end, whoever waits for it.
    pub(super) async fn run<T, Job>(
        &self,
        disk: &Arc<Disk>,
        shards: &[Shard],
        job: Job,
    ) -> Result<T, DriverError>
    where
        T: Send + 'static,
        Job: FnOnce(&Disk) -> Result<T, DriverError> + Send + 'static,
    {
        debug_assert!(shards.is_sorted(), "locks are taken in one order");
        let mut gates = Vec::with_capacity(shards.len());
        for gate in shards.iter().filter_map(|shard| self.shards.get(shard.place())) {
            gates.push(Arc::clone(gate).lock_owned().await);
        }
        let threads = if shards.is_empty() { &self.readers } else { &self.writers };
        let thread = Arc::clone(threads).acquire_owned().await.map_err(DriverError::unavailable)?;
        let (disk, shards) = (Arc::clone(disk), shards.to_vec());
        let done = spawn_blocking(move || {
            let _held = (gates, thread);
            let _locks = shards.iter().map(|shard| disk.lock(*shard)).collect::<Result<Vec<_>, _>>()?;
            job(&disk)
        });
        done.await.unwrap_or_else(|error| Err(abandoned(error)))
    }
}

/// The runtime ended before the job began, or the job panicked.
pub(super) fn abandoned(error: JoinError) -> DriverError {
    if error.is_cancelled() { DriverError::unavailable(error) } else { unknown(error) }
}

/// How many threads one driver takes for reading, and how many for writing. Tokio has 512 unless told otherwise.
const THREADS: usize = 64;
