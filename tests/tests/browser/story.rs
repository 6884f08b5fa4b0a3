//! The frame of a story: a shop and a browser before it, a picture of its failure, order after it.

use std::error::Error;
use std::panic::resume_unwind;

use tokio::task::{LocalSet, spawn_local};

use super::chrome::Chrome;
use super::open_shop::OpenShop;
use super::visitor::Visitor;

/// How a story, or a step of it, ends.
pub(crate) type Told<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Tells a story with a shop and a browser of its own.
pub(crate) async fn story(name: &str, tell: impl AsyncFnOnce(Visitor) -> Told + 'static) -> Told {
    let shop = OpenShop::open().await?;
    let chrome = Chrome::start().await?;
    let visitor = Visitor::new(chrome.client.clone(), &shop, name).await?;
    // In a task, so that the browser is ended even after a panic: a driver that is just killed leaves it running.
    let actor = visitor.clone();
    let told = LocalSet::new().run_until(async { spawn_local(async move { tell(actor).await }).await }).await;
    if !matches!(told, Ok(Ok(()))) {
        // The story's own failure is what counts.
        let _ = visitor.photograph("failed").await;
    }
    chrome.quit().await?;
    shop.close().await?;
    told.unwrap_or_else(|panic| resume_unwind(panic.into_panic()))
}
