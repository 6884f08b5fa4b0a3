//! The format of a sealed text. In: bytes and a purpose. Out: base64url that nobody else can read, change or move.
//!
//! ```text
//! version (1) | key id (4) | salt (16) | nonce (12) | ChaCha20-Poly1305 (RFC 8439) of the content | tag (16)
//! ```
//!
//! Each text has a key of its own, HKDF-SHA256 (RFC 5869) of the ring's key over the random salt, so that the number of
//! texts is no limit for random nonces (NIST SP 800-38D section 8.3). Version and purpose are associated data.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use crate::random::{RandomError, RandomSource};

use super::key::{Key, KeyId};
use super::key_ring::KeyRing;
use super::text;

/// A key of the ring, prepared.
pub(super) struct Sealer {
    id: KeyId,
    /// The pseudorandom key of HKDF.
    derivation: hmac::Key,
}

/// What a text is sealed for: it opens for nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Purpose(Box<[u8]>);

/// What was sealed, still to be written as text.
pub(crate) struct Sealed(Vec<u8>);

/// What a text held, and which key opened it.
pub(crate) struct Opened<'a> {
    pub(crate) content: &'a [u8],
    pub(crate) key: KeyId,
    /// Whether that key is not the one that seals.
    pub(crate) is_old: bool,
}

impl Purpose {
    /// The cookie of this name.
    pub(crate) fn cookie(name: &str) -> Self {
        Self([&[VERSION], name.as_bytes()].concat().into())
    }
}

impl Sealed {
    /// How many characters the text has.
    pub(crate) const fn chars(&self) -> usize {
        text::chars(self.0.len())
    }

    /// Appends the text.
    pub(crate) fn write_to(&self, line: &mut Vec<u8>) {
        text::encode(&self.0, line);
    }
}

impl Sealer {
    pub(super) fn new(key: &Key) -> Self {
        let extracted = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SEAL_TAG), key.secret());
        Self { id: key.id(), derivation: hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref()) }
    }

    pub(super) const fn id(&self) -> KeyId {
        self.id
    }

    /// What `work` makes of the key of one text.
    ///
    /// The only block that HKDF has to expand for a key of this length.
    fn with_key<T>(&self, salt: &[u8], work: impl FnOnce(&LessSafeKey) -> Option<T>) -> Option<T> {
        let mut block = [1; SALT + 1];
        block.get_mut(..SALT)?.copy_from_slice(salt.get(..SALT)?);
        let key = hmac::sign(&self.derivation, &block);
        // Used where it is made: a key with its tables is too large to be handed on.
        let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).ok()?);
        work(&key)
    }
}

impl KeyRing {
    /// Characters that an envelope of so many bytes takes once it is sealed.
    pub(crate) const fn sealed_chars(envelope: usize) -> usize {
        text::chars(envelope + TAG)
    }

    /// The same for `content` bytes in an envelope.
    pub(crate) const fn chars_for(content: usize) -> usize {
        Self::sealed_chars(HEAD + content)
    }

    /// Where content is written that [`seal`](Self::seal) takes; most sessions without another allocation.
    pub(crate) fn envelope() -> Vec<u8> {
        let mut envelope = Vec::with_capacity(text::USUAL);
        envelope.resize(HEAD, 0);
        envelope
    }

    /// Seals what was written into an [`envelope`](Self::envelope).
    pub(crate) fn seal(
        &self,
        purpose: &Purpose,
        mut envelope: Vec<u8>,
        random: &dyn RandomSource,
    ) -> Result<Sealed, RandomError> {
        let (head, content) = envelope.split_at_mut_checked(HEAD).ok_or(RandomError)?;
        let (version, rest) = head.split_at_mut(1);
        let (id, drawn) = rest.split_at_mut(ID);
        random.fill_salt(drawn)?;
        let sealers = self.sealers();
        let sealer = sealers.first().ok_or(RandomError)?;
        version.copy_from_slice(&[VERSION]);
        id.copy_from_slice(&sealer.id.0);
        let (salt, nonce) = drawn.split_at(SALT);
        // The salt has the length that HKDF wants, and no cookie is near the limit of ChaCha20, 256 GiB.
        let tag = sealer.with_key(salt, |key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            key.seal_in_place_separate_tag(nonce, Aad::from(&purpose.0), content).ok()
        });
        envelope.extend_from_slice(tag.ok_or(RandomError)?.as_ref());
        Ok(Sealed(envelope))
    }

    /// What `read` makes of what was sealed for `purpose` with a key that is on the ring; nothing of anything else.
    pub(crate) fn open<T>(
        &self,
        purpose: &Purpose,
        text: &[u8],
        read: impl FnOnce(Opened<'_>) -> Option<T>,
    ) -> Option<T> {
        text::decoded(text, |buffer| {
            let (head, content) = buffer.split_first_chunk_mut::<HEAD>()?;
            let (version, rest) = head.split_first()?;
            let (id, rest) = rest.split_first_chunk()?;
            let (salt, nonce) = rest.split_at_checked(SALT)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            if *version != VERSION {
                return None;
            }
            let sealers = self.sealers();
            let place = sealers.iter().position(|sealer| sealer.id.0 == *id)?;
            let sealer = sealers.get(place)?;
            let content = sealer.with_key(salt, |key| {
                Some(&*key.open_in_place(nonce, Aad::from(&purpose.0), content).ok()?)
            })?;
            let opened = Opened { content, key: sealer.id, is_old: place > 0 };
            // Whoever is told of the key may replace it.
            drop(sealers);
            read(opened)
        })
    }
}

const VERSION: u8 = 1;
const ID: usize = 4;
const SALT: usize = 16;
/// Version, key id, salt and nonce.
const HEAD: usize = 1 + ID + SALT + NONCE_LEN;
const TAG: usize = 16;
const SEAL_TAG: &[u8] = b"session/v1/cookie-seal";

#[cfg(test)]
mod tests;
