//! The background task that removes expired records; started by the application, stopped by dropping its handle.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::engine::Core;
use crate::observe::{About, EventKind};

/// A running sweeper. It stops when this is dropped.
#[derive(Debug)]
#[must_use = "the sweeper stops when its handle is dropped"]
pub struct SweeperHandle(JoinHandle<()>);

impl SweeperHandle {
    /// Whether the sweeper is still at work.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.0.is_finished()
    }
}

impl Drop for SweeperHandle {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) fn spawn(core: Arc<Core>, interval: Duration) -> SweeperHandle {
    SweeperHandle(tokio::spawn(async move {
        let mut pause = interval;
        loop {
            tokio::time::sleep(jittered(&core, pause)).await;
            pause = match sweep(&core).await {
                Ok(()) => interval,
                Err(()) => pause.saturating_mul(2).min(interval.saturating_mul(LONGEST_BACKOFF)),
            };
        }
    }))
}

/// Batch after batch until nothing has expired, with room for others in between.
async fn sweep(core: &Core) -> Result<(), ()> {
    let mut swept = 0_usize;
    loop {
        match core.sweep(BATCH).await {
            Ok(0) => break,
            Ok(batch) => swept += batch,
            // The failure was told where it happened.
            Err(_) => return Err(()),
        }
        tokio::task::yield_now().await;
    }
    if swept > 0 {
        core.tell(EventKind::Swept, About::count(swept as u64));
    }
    Ok(())
}

/// A tenth more or less, so that several servers over one store do not sweep in step.
fn jittered(core: &Core, pause: Duration) -> Duration {
    let mut byte = [128];
    // Without randomness there is no jitter, which is no reason not to sweep.
    let _ = core.random.fill(&mut byte);
    let [byte] = byte;
    pause.min(LONGEST_PAUSE).mul_f64(0.9 + 0.2 * f64::from(byte) / 255.0)
}

const BATCH: usize = 256;
/// As long as "never", and safe to calculate with.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);
const LONGEST_BACKOFF: u32 = 16;
