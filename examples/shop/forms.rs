//! From a request's body to a form, bounded in size and time. That it comes from one of our own pages was seen to before.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body;
use serde::{Deserialize, Deserializer};
use session_runtime::{Input, Selector};
use tokio::time::timeout;

use crate::catalogue::{self, Product};
use crate::problem::Problem;
use crate::route::View;
use crate::session::Theme;

/// Which product, and where to go on.
#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    product: String,
    #[serde(default = "products", deserialize_with = "view")]
    pub(crate) back: View,
}

impl Choice {
    pub(crate) fn product(&self) -> Result<&'static Product, Problem> {
        catalogue::find(&self.product).ok_or(Problem::Product)
    }
}

/// Which theme, and where to go on.
#[derive(Debug, Deserialize)]
pub(crate) struct Switch {
    pub(crate) theme: Theme,
    #[serde(default = "products", deserialize_with = "view")]
    pub(crate) back: View,
}

/// Which of the visitor's sessions.
#[derive(Debug, Deserialize)]
pub(crate) struct DeviceChoice {
    selector: String,
}

impl DeviceChoice {
    pub(crate) fn selector(&self) -> Result<Selector, Problem> {
        self.selector.parse().map_err(|_| Problem::Form)
    }
}

/// A form without fields.
#[derive(Debug, Deserialize)]
pub(crate) struct Empty {}

/// Reads a form.
///
/// # Errors
/// A [`Problem`] of the 4xx kind.
pub(crate) async fn read<T, B>(headers: &HeaderMap, body: B) -> Result<T, Problem>
where
    T: for<'de> Deserialize<'de>,
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let bytes = urlencoded(headers, body).await?;
    serde_html_form::from_bytes(&bytes).map_err(|_| Problem::Form)
}

/// Reads a form as it was typed, for those that are shown again when something is wrong with them.
///
/// # Errors
/// A [`Problem`] of the 4xx kind.
pub(crate) async fn input<B>(headers: &HeaderMap, body: B) -> Result<Input, Problem>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    Ok(Input::from_urlencoded(&urlencoded(headers, body).await?))
}

async fn urlencoded<B>(headers: &HeaderMap, body: B) -> Result<Bytes, Problem>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let media = headers.get(CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let media = media.and_then(|media| media.split(';').next());
    if !media.is_some_and(|media| media.trim().eq_ignore_ascii_case(FORM)) {
        return Err(Problem::MediaType);
    }
    collect(body).await
}

async fn collect<B>(body: B) -> Result<Bytes, Problem>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    // What says beforehand that it is too long is not even begun.
    if body.size_hint().lower() > LONGEST as u64 {
        return Err(Problem::TooLong(LONGEST));
    }
    let collected = timeout(PATIENCE, Limited::new(body, LONGEST).collect()).await;
    match collected.map_err(|_| Problem::TooSlow)? {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::TooLong(LONGEST)),
        Err(_) => Err(Problem::Form),
    }
}

/// Where a form leads is one of our pages, whatever it says: an open redirect would lend our name to others.
fn view<'de, D: Deserializer<'de>>(deserializer: D) -> Result<View, D::Error> {
    let path = String::deserialize(deserializer)?;
    Ok(View::at(&path).unwrap_or_else(products))
}

const fn products() -> View {
    View::Products
}

const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const LONGEST: usize = 4_096;
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
