//! What tokens against forged requests are made of: a key in the record, and a fresh mask for every token.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use subtle::ConstantTimeEq as _;

use crate::random::{RandomError, RandomSource};

/// What the tokens of a session's forms are made from. `Debug` shows nothing of it.
///
/// A session has one key at a time, and a new one after every change of privilege. A token does not contain the key, but
/// a part of a MAC under it, behind a mask that is drawn anew each time: a page that is compressed beside what a visitor
/// can choose does not tell it by its length (BREACH).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CsrfKey([u8; HALF]);

impl CsrfKey {
    /// A new key.
    ///
    /// # Errors
    /// [`RandomError`] when the source has nothing to give.
    pub fn random(source: &dyn RandomSource) -> Result<Self, RandomError> {
        let mut bytes = [0; HALF];
        source.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The key with these bytes, for drivers that read it back.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes that a driver stores.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl CsrfKey {
    /// A token of 43 characters of base64url, another one each time; all of them hold as long as the key does.
    pub(crate) fn token(&self, source: &dyn RandomSource) -> Result<String, RandomError> {
        let mut mask = [0; HALF];
        source.fill(&mut mask)?;
        let mut bytes = [0; 2 * HALF];
        let (left, right) = bytes.split_at_mut(HALF);
        left.copy_from_slice(&mask);
        right.copy_from_slice(&xor(mask, self.proof()));
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whether `token` was made from this key. Takes the same time for every text of the right form.
    pub(crate) fn accepts(&self, token: &str) -> bool {
        let mut bytes = [0; 2 * HALF];
        // The decoder takes neither padding nor a last character with bits that mean nothing.
        let whole = token.len() == TOKEN_CHARS && URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).is_ok();
        let (Some((mask, masked)), true) = (bytes.split_first_chunk(), whole) else {
            return false;
        };
        let masked = masked.first_chunk().copied().unwrap_or_default();
        xor(*mask, masked).ct_eq(&self.proof()).into()
    }

    fn proof(&self) -> [u8; HALF] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        hmac::sign(&key, TAG).as_ref().first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Debug for CsrfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfKey(..)")
    }
}

fn xor(one: [u8; HALF], mut other: [u8; HALF]) -> [u8; HALF] {
    other.iter_mut().zip(one).for_each(|(byte, with)| *byte ^= with);
    other
}

const HALF: usize = 16;
const TOKEN_CHARS: usize = 43;
const TAG: &[u8] = b"session/v1/csrf-token";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;

    #[test]
    fn tokens_differ_each_time_and_all_hold() {
        let source = SystemRandom::default();
        let (key, other) = (CsrfKey::random(&source).unwrap(), CsrfKey::random(&source).unwrap());
        let tokens: Vec<String> = (0..50).map(|_| key.token(&source).unwrap()).collect();
        for (number, token) in tokens.iter().enumerate() {
            assert!(key.accepts(token) && !other.accepts(token), "{token}");
            assert!(!tokens[..number].contains(token), "{token} came twice");
            let halves = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
            let shared = halves(token).into_iter().zip(halves(&tokens[0])).filter(|(a, b)| a == b).count();
            assert!(number == 0 || shared < 8, "{shared} bytes of 32 do not change");
        }
    }

    /// The mask of zeros shows what a token carries: a part of the MAC, computed here by another implementation.
    #[test]
    fn a_token_is_the_mac_behind_its_mask() {
        let key = CsrfKey::from_bytes(*b"0123456789abcdef");
        let proof = PROOF;
        let token = URL_SAFE_NO_PAD.encode([[0; 16], proof].concat());
        assert!(key.accepts(&token), "{:02x?}", key.proof());
    }

    #[test]
    fn what_is_changed_cut_padded_or_written_otherwise_is_refused() {
        let source = SystemRandom::default();
        let key = CsrfKey::random(&source).unwrap();
        let token = key.token(&source).unwrap();
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'E' } else { b'A' };
            assert!(!key.accepts(std::str::from_utf8(&other).unwrap()), "changed at {place}");
            assert!(!key.accepts(&token[..place]), "cut at {place}");
        }
        let canonical = token.as_bytes()[42];
        let written_otherwise = URL_SAFE.iter().filter(|last| **last != canonical);
        for last in written_otherwise {
            assert!(!key.accepts(&format!("{}{}", &token[..42], char::from(*last))));
        }
        for wrong in
            [format!("{token}="), format!("{token}A"), format!(" {token}"), token.replace('_', "/") + "/"]
        {
            assert!(!key.accepts(&wrong), "{wrong}");
        }
        assert!(!key.accepts("") && !key.accepts(&"A".repeat(43)) && !key.accepts(&"ä".repeat(43)));
    }

    #[test]
    fn nothing_shows_a_key() {
        let key = CsrfKey::from_bytes(*b"0123456789abcdef");
        assert_eq!(format!("{key:?}"), "CsrfKey(..)");
    }

    const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const PROOF: [u8; 16] =
        [0xb6, 0x5a, 0x3f, 0xcc, 0xee, 0x4b, 0x83, 0x09, 0x8c, 0x15, 0x76, 0xbb, 0x9c, 0xfa, 0x2b, 0xdf];
}
