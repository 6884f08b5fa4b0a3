//! The shop in this process, on a free port.

use std::error::Error;

use session_runtime::drivers::MemoryDriver;
use session_runtime::{CookieConfig, Sessions};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A shop that is open until it is closed or dropped.
pub(crate) struct OpenShop {
    pub(crate) address: String,
    close: oneshot::Sender<()>,
    closed: JoinHandle<()>,
}

impl OpenShop {
    pub(crate) async fn open() -> Result<Self, Box<dyn Error + Send + Sync>> {
        let sessions =
            Sessions::builder(MemoryDriver::new()).cookie(CookieConfig::insecure_development()).build()?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let (close, closing) = oneshot::channel();
        let closed = tokio::spawn(shop::serve(listener, sessions, async {
            // Dropped or sent, it is time.
            let _ = closing.await;
        }));
        Ok(Self { address, close, closed })
    }

    pub(crate) async fn close(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        drop(self.close);
        Ok(self.closed.await?)
    }
}
