//! Somebody in front of a browser: opens, presses, reads. Whatever takes time is waited for by its condition.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::Value;
use session_runtime::testing::{Call, Fault, Gate, ManualClock};
use tokio::time::{Instant, interval, timeout};

use super::open_shop::{OpenShop, Store};
use super::story::Told;

/// A tab of a browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    client: Client,
    shop: String,
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    story: String,
    tab: WindowHandle,
}

impl Visitor {
    pub(crate) async fn new(client: Client, shop: &OpenShop, story: &str) -> Told<Self> {
        let tab = client.window().await?;
        Ok(Self {
            client,
            shop: shop.address.clone(),
            store: shop.store.clone(),
            clock: shop.clock.clone(),
            story: story.to_owned(),
            tab,
        })
    }

    /// Another tab of the same browser, which comes to the front.
    pub(crate) async fn another_tab(&self) -> Told<Self> {
        let tab = self.client.new_window(true).await?.handle;
        let tab = Self { tab, ..self.clone() };
        tab.come_back().await?;
        Ok(tab)
    }

    /// Brings this tab to the front.
    pub(crate) async fn come_back(&self) -> Told {
        Ok(self.client.switch_to_window(self.tab.clone()).await?)
    }

    pub(crate) async fn open(&self, path: &str) -> Told {
        Ok(self.client.goto(&format!("{}{path}", self.shop)).await?)
    }

    pub(crate) async fn reload(&self) -> Told {
        Ok(self.client.refresh().await?)
    }

    /// Goes back in history.
    pub(crate) async fn back(&self) -> Told {
        Ok(self.client.back().await?)
    }

    pub(crate) async fn path(&self) -> Told<String> {
        Ok(self.client.current_url().await?.path().to_owned())
    }

    /// Presses the button with this id, and waits for the page that it leads to.
    pub(crate) async fn press(&self, id: &str) -> Told {
        self.press_at(Locator::Id(id)).await
    }

    /// The same for the first button of a kind.
    pub(crate) async fn press_first(&self, buttons: &str) -> Told {
        self.press_at(Locator::Css(buttons)).await
    }

    async fn press_at(&self, button: Locator<'_>) -> Told {
        self.script("window.left = true").await?;
        self.client.find(button).await?.click().await?;
        self.until("a page after the button", async || {
            let arrived = "return document.readyState === 'complete' && !window.left";
            Ok(self.script(arrived).await? == Value::Bool(true))
        })
        .await
    }

    /// Writes into the field with this id, in place of what is there.
    pub(crate) async fn fill(&self, id: &str, text: &str) -> Told {
        let field = self.client.find(Locator::Id(id)).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Told {
        self.open("/login").await?;
        self.fill("name", name).await?;
        self.press("send").await
    }

    /// Has a script of the page ask for something, and waits for the answer's status; 0 for a redirect, which it does not
    /// follow.
    pub(crate) async fn fetch(&self, path: &str, form: Option<&str>) -> Told<u64> {
        let ask = "const [path, form, done] = arguments; \
                   const asked = form && document.querySelector(form); \
                   const body = asked && new URLSearchParams(new FormData(asked)); \
                   const options = body ? { method: 'POST', body, redirect: 'manual' } : {}; \
                   fetch(path, options).then(answer => done(answer.status), failed => done(String(failed)))";
        let status = self.client.execute_async(ask, vec![path.into(), form.into()]).await?;
        status.as_u64().ok_or_else(|| format!("{path}: {status}").into())
    }

    /// Opens a page of another site, and waits until it has sent its form to the shop.
    pub(crate) async fn visit_forger(&self, forger: &str) -> Told {
        self.client.goto(forger).await?;
        self.until("a forged form", async || {
            Ok(self.client.current_url().await?.as_str().starts_with(&self.shop))
        })
        .await
    }

    /// Where the page's own form leads.
    pub(crate) async fn action(&self) -> Told<String> {
        let form = self.client.find(Locator::Css("form.sheet")).await?;
        Ok(form.attr("action").await?.unwrap_or_default())
    }

    pub(crate) fn shop(&self) -> &str {
        &self.shop
    }

    /// What is in the field with this id.
    pub(crate) async fn value(&self, id: &str) -> Told<String> {
        Ok(self.client.find(Locator::Id(id)).await?.prop("value").await?.unwrap_or_default())
    }

    /// The visible text of the element with this id.
    pub(crate) async fn text(&self, id: &str) -> Told<String> {
        Ok(self.client.find(Locator::Id(id)).await?.text().await?)
    }

    /// How many elements of a kind the page has.
    pub(crate) async fn count(&self, elements: &str) -> Told<usize> {
        Ok(self.client.find_all(Locator::Css(elements)).await?.len())
    }

    /// The visible texts of all elements of a kind.
    pub(crate) async fn texts(&self, elements: &str) -> Told<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(elements)).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// The page as it was sent.
    pub(crate) async fn source(&self) -> Told<String> {
        Ok(self.client.source().await?)
    }

    /// Whether the page has an element with this id, and shows it.
    pub(crate) async fn shows(&self, id: &str) -> Told<bool> {
        match self.client.find(Locator::Id(id)).await {
            Ok(element) => Ok(element.is_displayed().await?),
            Err(error) if error.is_no_such_element() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn theme(&self) -> Told<String> {
        let theme = self.script("return document.documentElement.dataset.theme").await?;
        Ok(theme.as_str().unwrap_or_default().to_owned())
    }

    pub(crate) async fn background(&self) -> Told<String> {
        let body = self.client.find(Locator::Css("body")).await?;
        Ok(body.css_value("background-color").await?)
    }

    /// Whether the page is wider than the screen.
    pub(crate) async fn overflows(&self) -> Told<bool> {
        let wider = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
        Ok(self.script(wider).await? == Value::Bool(true))
    }

    pub(crate) async fn resize(&self, width: u32, height: u32) -> Told {
        Ok(self.client.set_window_size(width, height).await?)
    }

    /// The value of the session's cookie.
    pub(crate) async fn cookie(&self) -> Told<Option<String>> {
        match self.client.get_named_cookie(COOKIE).await {
            Ok(cookie) => Ok(Some(cookie.value().to_owned())),
            Err(CmdError::Standard(error)) if error.error() == "no such cookie" => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the session's cookie. A script may do it once the present one, which is `HttpOnly`, is gone.
    pub(crate) async fn bring_cookie(&self, value: &str) -> Told {
        self.client.delete_cookie(COOKIE).await?;
        self.script(&format!("document.cookie = '{COOKIE}={value}; path=/'")).await?;
        Ok(())
    }

    /// Sends all these forms at once, each into a tab of its own. No answer is given before `meeting` of them have
    /// read the session.
    pub(crate) async fn submit_all_in_new_tabs(&self, forms: &str, meeting: usize) -> Told {
        let gate = Gate::closed();
        self.store.fail(Call::Load, Fault::HeldAfter(gate.clone()));
        let submit = "for (const form of document.querySelectorAll(arguments[0])) { \
                      form.target = '_blank'; form.submit() }";
        self.client.execute(submit, vec![forms.into()]).await?;
        for _ in 0..meeting {
            timeout(PATIENCE, gate.reached()).await?;
        }
        self.store.recover();
        gate.open();
        Ok(())
    }

    /// Waits until the condition holds, for a while.
    pub(crate) async fn until(&self, what: &str, condition: impl AsyncFn() -> Told<bool>) -> Told {
        let deadline = Instant::now() + PATIENCE;
        let mut looks = interval(PAUSE);
        while !condition().await? {
            if Instant::now() > deadline {
                return Err(format!("waited in vain for {what}").into());
            }
            looks.tick().await;
        }
        Ok(())
    }

    /// Takes a picture of the whole page.
    pub(crate) async fn photograph(&self, name: &str) -> Told {
        let (width, height) = self.client.get_window_size().await?;
        let whole = "return document.documentElement.scrollHeight + outerHeight - innerHeight";
        let whole = self.script(whole).await?.as_u64().unwrap_or(height);
        self.client.set_window_size(u32::try_from(width)?, u32::try_from(whole)?).await?;
        let picture = self.client.screenshot().await?;
        self.client.set_window_size(u32::try_from(width)?, u32::try_from(height)?).await?;
        let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        tokio::fs::create_dir_all(&folder).await?;
        let file = folder.join(format!("{}-{name}.png", self.story));
        Ok(tokio::fs::write(file, picture).await?)
    }

    async fn script(&self, script: &str) -> Told<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }
}

const COOKIE: &str = "id-dev";
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);
