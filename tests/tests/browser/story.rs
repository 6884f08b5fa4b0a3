//! The frame of a story: a shop and browsers before it, a picture of its failure, order after it.

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
    staged([name], async move |[visitor]: [Visitor; 1]| tell(visitor).await).await
}

/// The same with two browsers, which know nothing of each other.
pub(crate) async fn story_of_two(
    names: [&str; 2],
    tell: impl AsyncFnOnce(Visitor, Visitor) -> Told + 'static,
) -> Told {
    staged(names, async move |[one, other]: [Visitor; 2]| tell(one, other).await).await
}

/// One browser for each name.
async fn staged<const N: usize>(
    names: [&str; N],
    tell: impl AsyncFnOnce([Visitor; N]) -> Told + 'static,
) -> Told {
    let shop = OpenShop::open().await?;
    let (mut browsers, mut visitors) = (Vec::new(), Vec::new());
    for name in names {
        let chrome = Chrome::start().await?;
        visitors.push(Visitor::new(chrome.client.clone(), &shop, name).await?);
        browsers.push(chrome);
    }
    let actors: [Visitor; N] = visitors.clone().try_into().map_err(|_| "a browser is missing")?;
    // In a task, so that browsers are ended even after a panic: a driver that is just killed leaves them running.
    let told =
        LocalSet::new().run_until(async { spawn_local(async move { tell(actors).await }).await }).await;
    for visitor in visitors.iter().filter(|_| !matches!(told, Ok(Ok(())))) {
        // The story's own failure is what counts.
        let _ = visitor.photograph("failed").await;
    }
    for browser in browsers {
        browser.quit().await?;
    }
    shop.close().await?;
    told.unwrap_or_else(|panic| resume_unwind(panic.into_panic()))
}
