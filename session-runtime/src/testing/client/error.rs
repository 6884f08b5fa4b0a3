//! In: nothing. Out: what can go wrong between a test and the service that it drives.
//! Causes are sources, never part of the text; no text carries a cookie.

use std::error::Error as StdError;

use thiserror::Error;

/// Why a request of a test got no usable answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TestError {
    /// The path or the `Location` is no URL.
    #[error("the address is not a url")]
    Url(#[from] url::ParseError),
    /// The URL names no host, or is none that HTTP can carry.
    #[error("the address is not one of http")]
    Address,
    /// A header's name or value is not allowed.
    #[error("the request is malformed")]
    Request(#[from] http::Error),
    /// The value given to `json` cannot be written.
    #[error("the request body cannot be encoded as json")]
    Encode(#[source] serde_json::Error),
    /// The service returned an error in place of a response.
    #[error("the service failed")]
    Service(#[source] Box<dyn StdError + Send + Sync>),
    /// The response's body broke off.
    #[error("the response body failed")]
    Body(#[source] Box<dyn StdError + Send + Sync>),
    /// The response's body is not UTF-8.
    #[error("the response body is not utf-8")]
    NotText(#[source] std::str::Utf8Error),
    /// The response's body is not the JSON that was asked for.
    #[error("the response body is not the expected json")]
    Decode(#[source] serde_json::Error),
    /// The eleventh redirect in a row.
    #[error("more than 10 redirects")]
    TooManyRedirects,
}
