//! The shop in this process, on a free port.

use std::error::Error;
use std::time::Duration;

use session_runtime::testing::{ManualClock, SpyDriver};
use session_runtime::{Clock as _, CookieConfig, SystemClock};
use session_tests::stage::spied;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Stories may hold requests up on their way to the store.
pub(crate) type Store = SpyDriver<session_tests::stage::Store>;

/// A shop that is open until it is closed or dropped.
pub(crate) struct OpenShop {
    pub(crate) address: String,
    /// Where its sessions are.
    pub(crate) store: Store,
    /// What it takes for the time.
    pub(crate) clock: ManualClock,
    close: oneshot::Sender<()>,
    closed: JoinHandle<()>,
}

impl OpenShop {
    pub(crate) async fn open() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let (store, clock) = session_tests::stage::Store::chosen();
        // A browser goes by its own clock.
        clock.set(SystemClock.now());
        let store = SpyDriver::new(store);
        let builder = spied(&store)
            .clock(clock.clone())
            .driver_deadline(PATIENCE)
            .cookie(CookieConfig::insecure_development());
        let sessions = shop::configured(builder).build()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let (close, closing) = oneshot::channel();
        let closed = tokio::spawn(shop::serve(listener, sessions, async {
            // Dropped or sent, it is time.
            let _ = closing.await;
        }));
        Ok(Self { address, store, clock, close, closed })
    }

    pub(crate) async fn close(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        drop(self.close);
        Ok(self.closed.await?)
    }
}

/// Longer than browsers take to open some tabs.
const PATIENCE: Duration = Duration::from_secs(30);
