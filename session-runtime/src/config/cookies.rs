//! The one place that writes the session's cookie, live or to take it away, whole or in chunks.

use std::time::Duration;

use http::HeaderValue;

use crate::token::Token;

use super::cookie::CookieConfig;
use super::policy::ConfigError;

/// The checked cookie, with its attributes written out once.
#[derive(Clone, Debug)]
pub(crate) struct Cookies {
    name: String,
    attributes: String,
    clear_with_browser: bool,
}

impl Cookies {
    pub(crate) fn new(config: &CookieConfig) -> Result<Self, ConfigError> {
        config.check()?;
        let mut cookie = cookie::Cookie::build((config.name.as_str(), ""))
            .path(config.path.as_str())
            .secure(config.secure)
            .http_only(config.http_only)
            .same_site(config.same_site)
            .partitioned(config.partitioned);
        if let Some(domain) = &config.domain {
            cookie = cookie.domain(domain.as_str());
        }
        let written = cookie.build().to_string();
        let attributes = written.get(config.name.len() + 1..).unwrap_or_default().to_owned();
        Ok(Self { name: config.name.clone(), attributes, clear_with_browser: config.clear_with_browser })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The cookie that carries `token` for as long as the session may live.
    pub(crate) fn live(&self, token: &Token, max_age: Duration, remembered: bool) -> HeaderValue {
        self.write("", &Value::Token(token), self.age(max_age, remembered))
    }

    /// The cookies that carry a sealed text of `chars` characters, which `write` appends; cut where one cookie would
    /// take more than a browser keeps.
    pub(crate) fn sealed(
        &self,
        chars: usize,
        write: impl Fn(&mut Vec<u8>),
        age: Option<Duration>,
    ) -> Vec<HeaderValue> {
        let count = self.chunks(chars);
        if count == 1 {
            return vec![self.write("", &Value::Whole(chars, &write), age)];
        }
        let mut text = Vec::with_capacity(chars);
        write(&mut text);
        let chunks = (0..).zip(text.chunks(self.capacity())).map(|(index, chunk)| {
            let first = if index == 0 { format!("{count}.") } else { String::new() };
            self.write(&suffix(index), &Value::Chunk(&first, chunk), age)
        });
        chunks.collect()
    }

    /// Bytes that a sealed text of `chars` characters takes in `Set-Cookie` lines, and at most in `Cookie`.
    pub(crate) fn sealed_bytes(&self, chars: usize) -> usize {
        chars + self.chunks(chars) * (BIGGEST - self.capacity())
    }

    /// How many cookies a sealed text of `chars` characters takes.
    fn chunks(&self, chars: usize) -> usize {
        chars.div_ceil(self.capacity()).max(1)
    }

    /// Characters of a sealed text that fit one cookie, whichever it is.
    fn capacity(&self) -> usize {
        let around = self.name.len() + LONGEST_SUFFIX + 1 + LONGEST_COUNT + self.attributes.len();
        // Names and attributes of thousands of characters leave room for one, and their cookies are refused.
        BIGGEST.saturating_sub(around + MAX_AGE.len() + LONGEST_AGE).max(1)
    }

    /// The cookie that takes the live one away: the same but for value and age. A sealed session's further chunks are
    /// taken away by their index.
    pub(crate) fn removal(&self, index: usize) -> HeaderValue {
        self.write(&suffix(index), &Value::None, Some(Duration::ZERO))
    }

    /// How long the browser is told to keep a cookie; `None` for until it is closed.
    pub(crate) fn age(&self, max_age: Duration, remembered: bool) -> Option<Duration> {
        (remembered || !self.clear_with_browser).then_some(max_age)
    }

    fn write(&self, suffix: &str, value: &Value<'_>, max_age: Option<Duration>) -> HeaderValue {
        // Browsers cap at 400 days (RFC 6265bis section 5.5); more would only be text.
        let seconds = max_age.map(|max_age| max_age.as_secs().min(400 * 24 * 3_600));
        let mut buffer = itoa::Buffer::new();
        let age = seconds.map(|seconds| buffer.format(seconds));
        let age_chars = age.map_or(0, |age| MAX_AGE.len() + age.len());
        // The exact length, so that the header takes the text over without a copy.
        let around = self.name.len() + suffix.len() + 1 + self.attributes.len() + age_chars;
        let mut text = Vec::with_capacity(around + value.chars());
        text.extend_from_slice(self.name.as_bytes());
        text.extend_from_slice(suffix.as_bytes());
        text.push(b'=');
        value.write_to(&mut text);
        text.extend_from_slice(self.attributes.as_bytes());
        if let Some(age) = age {
            text.extend_from_slice(MAX_AGE.as_bytes());
            text.extend_from_slice(age.as_bytes());
        }
        // Name and attributes were checked, and tokens and sealed texts have no other characters.
        let mut line = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""));
        // Keeps the token out of whatever prints headers.
        line.set_sensitive(!matches!(value, Value::None));
        line
    }
}

/// What stands behind the equals sign.
enum Value<'a> {
    None,
    Token(&'a Token),
    /// A sealed text of so many characters, and what appends it.
    Whole(usize, &'a dyn Fn(&mut Vec<u8>)),
    /// How many chunks there are, where it is the first of several, and the chunk.
    Chunk(&'a str, &'a [u8]),
}

impl Value<'_> {
    const fn chars(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Token(_) => Token::CHARS,
            Self::Whole(chars, _) => *chars,
            Self::Chunk(count, chunk) => count.len() + chunk.len(),
        }
    }

    fn write_to(&self, text: &mut Vec<u8>) {
        match self {
            Self::None => {}
            Self::Token(token) => token.write_to(text),
            Self::Whole(_, write) => write(text),
            Self::Chunk(count, chunk) => {
                text.extend_from_slice(count.as_bytes());
                text.extend_from_slice(chunk);
            }
        }
    }
}

/// What the name of a chunk ends in.
fn suffix(index: usize) -> String {
    if index == 0 { String::new() } else { format!(".{index}") }
}

const MAX_AGE: &str = "; Max-Age=";
/// 400 days in seconds.
const LONGEST_AGE: usize = 8;
/// `.63`
const LONGEST_SUFFIX: usize = 3;
/// `64.`
const LONGEST_COUNT: usize = 3;
/// Browsers keep cookies of 4096 bytes: of name, value and attributes by RFC 6265 section 6.1, of name and value alone
/// by RFC 6265bis section 5.7. The stricter count holds everywhere.
const BIGGEST: usize = 4_096;
/// More than the limit of a sealed session in bytes allows.
pub(crate) const MOST_CHUNKS: usize = 64;

#[cfg(test)]
mod tests;
