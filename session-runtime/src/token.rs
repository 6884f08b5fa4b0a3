//! What the cookie carries: a selector that names a record and a verifier that proves possession of it.
//! In: 43 characters or 32 random bytes. Out: typed halves, and the hash that is stored of the verifier.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use subtle::{Choice, ConstantTimeEq as _};

use crate::random::{RandomError, RandomSource};

/// Names a record for its whole life. Not secret: it opens nothing, and may be shown to the session's owner.
///
/// Written as 22 characters of base64url (RFC 4648 section 5, without padding).
///
/// ```
/// use session_runtime::Selector;
/// let selector: Selector = "AAAAAAAAAAAAAAAAAAAAAA".parse()?;
/// assert_eq!(selector.to_string(), "AAAAAAAAAAAAAAAAAAAAAA");
/// assert!("../../etc/passwd".parse::<Selector>().is_err());
/// # Ok::<(), session_runtime::ParseTokenError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector([u8; HALF]);

impl Selector {
    /// The selector with these bytes, for drivers that read it back from where they filed a record.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes that a driver files the record under.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The name of what is kept about something else, which `bytes` stand for; no token of ours has it but by chance.
    pub(crate) fn derived(bytes: &[u8]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(DERIVED_TAG);
        context.update(bytes);
        Self(context.finish().as_ref().first_chunk().copied().unwrap_or_default())
    }

    /// Eleven characters for logs: a hash, from which the selector cannot be told.
    #[must_use]
    pub fn log_id(&self) -> String {
        let hash = tagged_hash(LOG_TAG, &self.0);
        URL_SAFE_NO_PAD.encode(hash.first_chunk::<8>().unwrap_or(&[0; 8]))
    }
}

impl FromStr for Selector {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, ParseTokenError> {
        decode::<HALF>(text.as_bytes(), SELECTOR_CHARS).map(Self)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Selector({self})")
    }
}

/// Proves possession of a session. Secret: it has no `Display`, and its `Debug` shows nothing.
#[derive(Clone, Copy)]
pub(crate) struct Verifier([u8; HALF]);

impl Verifier {
    pub(crate) fn random(source: &dyn RandomSource) -> Result<Self, RandomError> {
        let mut bytes = [0; HALF];
        source.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn hash(&self) -> VerifierHash {
        VerifierHash(tagged_hash(VERIFIER_TAG, &self.0))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}

/// The SHA-256 of a domain tag and a verifier: all that is ever stored of the secret half of a token.
#[derive(Clone, Copy)]
pub struct VerifierHash([u8; 32]);

impl VerifierHash {
    /// The hash as it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for VerifierHash {
    /// Takes the same time wherever the two differ.
    fn eq(&self, other: &Self) -> bool {
        // Word by word: all four are compared wherever they differ, in an eighth of the steps that bytes take.
        let (mine, _) = self.0.as_chunks::<8>();
        let (theirs, _) = other.0.as_chunks::<8>();
        let equal = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*a).ct_eq(&u64::from_ne_bytes(*b));
        mine.iter().zip(theirs).map(equal).fold(Choice::from(1), |all, equal| all & equal).into()
    }
}

impl Eq for VerifierHash {}

impl fmt::Debug for VerifierHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifierHash(..)")
    }
}

/// What a cookie carries: 32 bytes as 43 characters of base64url.
///
/// Whoever holds a token holds the session: treat it like a password. `Debug` shows the selector only, and there is
/// no `Display`; [`reveal`](Token::reveal) is the one way to its text.
///
/// ```
/// use session_runtime::Token;
/// let text = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// let token = Token::parse(text)?;
/// assert_eq!(token.reveal(), text);
/// assert!(Token::parse("AAAA").is_err());
/// # Ok::<(), session_runtime::ParseTokenError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Token {
    selector: Selector,
    verifier: Verifier,
}

impl Token {
    pub(crate) const fn new(selector: Selector, verifier: Verifier) -> Self {
        Self { selector, verifier }
    }

    /// The token of a session that is proven by other means; its verifier opens nothing.
    pub(crate) const fn naming(selector: Selector) -> Self {
        Self { selector, verifier: Verifier([0; HALF]) }
    }

    /// A fresh token, by one read of 32 bytes.
    pub(crate) fn random(source: &dyn RandomSource) -> Result<Self, RandomError> {
        let mut bytes = [0; 2 * HALF];
        source.fill(&mut bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// The same with as many random bytes more as a half has, in one question to the source, which takes its time.
    pub(crate) fn random_and_more(source: &dyn RandomSource) -> Result<(Self, [u8; HALF]), RandomError> {
        let mut bytes = [[0; HALF]; 3];
        source.fill(bytes.as_flattened_mut())?;
        let [selector, verifier, more] = bytes;
        Ok((Self { selector: Selector(selector), verifier: Verifier(verifier) }, more))
    }

    /// Reads a token strictly: exactly 43 characters of the alphabet, and the last one canonical.
    ///
    /// # Errors
    /// [`ParseTokenError`] for every other text.
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, ParseTokenError> {
        decode::<{ 2 * HALF }>(text.as_ref(), Self::CHARS).map(Self::from_bytes)
    }

    /// The half that names the record.
    #[must_use]
    pub const fn selector(&self) -> Selector {
        self.selector
    }

    /// Whether a client has presented the same token twice; no secret of ours is compared.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.selector == other.selector && self.verifier.0 == other.verifier.0
    }

    pub(crate) const fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The text of the token, which opens the session: for the cookie and for tests, never for a log or a URL.
    #[must_use]
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes())
    }

    /// Appends the text of the token.
    pub(crate) fn write_to(&self, text: &mut Vec<u8>) {
        let mut chars = [0; Self::CHARS];
        // There is room for all of them.
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), &mut chars);
        text.extend_from_slice(&chars);
    }

    fn bytes(&self) -> [u8; 2 * HALF] {
        let mut bytes = [0; 2 * HALF];
        let (left, right) = bytes.split_at_mut(HALF);
        left.copy_from_slice(&self.selector.0);
        right.copy_from_slice(&self.verifier.0);
        bytes
    }

    fn from_bytes(bytes: [u8; 2 * HALF]) -> Self {
        let (mut selector, mut verifier) = ([0; HALF], [0; HALF]);
        let (left, right) = bytes.split_at(HALF);
        selector.copy_from_slice(left);
        verifier.copy_from_slice(right);
        Self { selector: Selector(selector), verifier: Verifier(verifier) }
    }

    /// Length of a token's text.
    pub const CHARS: usize = 43;
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("selector", &self.selector).finish_non_exhaustive()
    }
}

/// The text is not a token or not a selector. It is not repeated here, since it may nearly be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseTokenError {
    /// It does not have the one valid length.
    #[error("a token has 43 characters and a selector 22, not {found}")]
    Length {
        /// The length found, in bytes.
        found: usize,
    },
    /// A character is outside the base64url alphabet, or the last one carries stray bits.
    #[error("a token is canonical base64url without padding")]
    Alphabet,
}

fn decode<const N: usize>(text: &[u8], chars: usize) -> Result<[u8; N], ParseTokenError> {
    if text.len() != chars {
        return Err(ParseTokenError::Length { found: text.len() });
    }
    let mut bytes = [0; N];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(written) if written == N => Ok(bytes),
        _ => Err(ParseTokenError::Alphabet),
    }
}

/// SHA-256 over a tag of fixed length and a value, in one block.
pub(crate) fn tagged_hash(tag: &[u8; TAG], value: &[u8; HALF]) -> [u8; 32] {
    let mut input = [0; TAG + HALF];
    let (left, right) = input.split_at_mut(TAG);
    left.copy_from_slice(tag);
    right.copy_from_slice(value);
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, &input).as_ref());
    hash
}

const HALF: usize = 16;
const TAG: usize = 24;
const SELECTOR_CHARS: usize = 22;
const VERIFIER_TAG: &[u8; TAG] = b"session/v1/verifier-hash";
const DERIVED_TAG: &[u8] = b"session/v1/derived-name";
const LOG_TAG: &[u8; TAG] = b"session/v1/log-identity-";
// A tag and a half-token fit one SHA-256 block of 64 bytes with its padding of at least 9.
const _: () = assert!(TAG + HALF + 9 <= 64);

#[cfg(test)]
mod tests;
