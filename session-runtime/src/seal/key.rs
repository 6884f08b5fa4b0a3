//! One secret of the key ring, checked before it is taken.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::digest;

use crate::random::{RandomError, RandomSource as _, SystemRandom};

/// A secret that seals cookies: at least 32 bytes from a random source.
///
/// Whoever has it can read and forge every session that was sealed with it. Keep it where other secrets are kept, never
/// in the source code; `Debug` shows a few letters of a hash only.
///
/// ```
/// use session_runtime::drivers::{KeyError, SealKey};
///
/// let key = SealKey::generate()?;
/// let text = key.reveal(); // for the secret store
/// assert_eq!(SealKey::from_base64(&text)?.reveal(), text);
/// assert_eq!(SealKey::from_base64("c2hvcnQ=").unwrap_err(), KeyError::Short { bytes: 5 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Key(Box<[u8]>);

impl Key {
    /// A new key of 32 bytes from the operating system.
    ///
    /// # Errors
    /// [`RandomError`] when the system gives none.
    pub fn generate() -> Result<Self, RandomError> {
        let mut bytes = vec![0; SHORTEST];
        SystemRandom::default().fill(&mut bytes)?;
        Ok(Self(bytes.into()))
    }

    /// The key with these bytes.
    ///
    /// # Errors
    /// [`KeyError`] for fewer than 32 bytes, and for bytes that no random source gave.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        let bytes = bytes.as_ref();
        if bytes.len() < SHORTEST {
            return Err(KeyError::Short { bytes: bytes.len() });
        }
        if is_weak(bytes) {
            return Err(KeyError::Weak);
        }
        Ok(Self(bytes.into()))
    }

    /// The key that this text says in base64, in either alphabet, with padding or without (RFC 4648 sections 4 and 5):
    /// what `openssl rand -base64 32` prints.
    ///
    /// # Errors
    /// [`KeyError`]; it repeats no part of the text.
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let alphabet = if text.contains(['-', '_']) { alphabet::URL_SAFE } else { alphabet::STANDARD };
        let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let bytes = GeneralPurpose::new(&alphabet, lenient).decode(text).map_err(|_| KeyError::NotBase64)?;
        Self::from_bytes(bytes)
    }

    /// The secret itself, in base64: for the place where secrets are kept, never for a log.
    #[must_use]
    pub fn reveal(&self) -> String {
        base64::engine::general_purpose::STANDARD.encode(&self.0)
    }

    /// What sealed texts name the key by.
    pub(super) fn id(&self) -> KeyId {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(ID_TAG);
        context.update(&self.0);
        let hash = context.finish();
        KeyId(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    pub(super) fn secret(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id())
    }
}

/// Names a key in events: four bytes of a hash of it, as eight hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub(super) [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// Why a key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It has fewer than 32 bytes.
    #[error("a key needs at least {SHORTEST} bytes from a random source, and this one has {bytes}")]
    Short {
        /// How many it has.
        bytes: usize,
    },
    /// It was not taken from a random source: its bytes are all equal, repeat a few, or count.
    #[error("the key was not taken from a random source")]
    Weak,
    /// The text is not base64.
    #[error("the key is not base64")]
    NotBase64,
}

/// Whether no random source can be expected to have given these bytes: 32 random ones have fewer than 8 different
/// values, or the same step from each to the next, less than once in 2^100 times.
fn is_weak(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in bytes {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    let different = seen.iter().filter(|seen| **seen).count();
    let mut steps = bytes.iter().zip(bytes.iter().skip(1)).map(|(one, next)| next.wrapping_sub(*one));
    let first = steps.next();
    different < FEWEST_DIFFERENT || steps.all(|step| Some(step) == first)
}

const SHORTEST: usize = 32;
const FEWEST_DIFFERENT: usize = 8;
const ID_TAG: &[u8] = b"session/v1/seal-key-id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_nobody_drew_are_refused() {
        let counting: Vec<u8> = (0..32).collect();
        let backwards: Vec<u8> = (0..64).rev().collect();
        let words = b"abcdabcdabcdabcdabcdabcdabcdabcd".to_vec();
        for weak in [vec![0; 32], vec![0xff; 64], b"x".repeat(40), counting, backwards, words] {
            assert_eq!(Key::from_bytes(&weak).unwrap_err(), KeyError::Weak, "{weak:?}");
        }
        assert_eq!(Key::from_bytes([7; 31]).unwrap_err(), KeyError::Short { bytes: 31 });
        assert_eq!(Key::from_bytes([]).unwrap_err(), KeyError::Short { bytes: 0 });
    }

    #[test]
    fn every_way_to_write_base64_is_read() {
        for _ in 0..100 {
            let key = Key::generate().unwrap();
            let standard = key.reveal();
            let url_safe = standard.replace('+', "-").replace('/', "_");
            let spellings =
                [standard.as_str(), standard.trim_end_matches('='), &url_safe, &format!(" {standard}\n")];
            for text in spellings {
                assert_eq!(Key::from_base64(text).unwrap().secret(), key.secret(), "{text}");
            }
        }
        assert_eq!(Key::from_base64("no base64 !").unwrap_err(), KeyError::NotBase64);
        assert_eq!(Key::from_base64("").unwrap_err(), KeyError::Short { bytes: 0 });
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = Key::generate().unwrap();
        let shown = format!("{key:?}");
        assert!(shown.len() < 20 && !key.reveal().contains(&shown[8..16]), "{shown}");
    }

    #[test]
    fn generated_keys_differ_and_are_not_weak() {
        let keys: Vec<Key> = (0..50).map(|_| Key::generate().unwrap()).collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!is_weak(key.secret()));
            assert!(keys[..index].iter().all(|other| other.id() != key.id()));
        }
    }
}
