//! Sealed bytes as base64url (RFC 4648 section 5, without padding), by the vector instructions of the processor where it
//! has them.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::NO_PAD;

#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
static CODING: LazyLock<base64::engine::Simd> = LazyLock::new(|| base64::engine::Simd::url_safe(NO_PAD));

#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
static CODING: LazyLock<base64::engine::GeneralPurpose> =
    LazyLock::new(|| base64::engine::GeneralPurpose::new(&base64::alphabet::URL_SAFE, NO_PAD));

/// Characters that so many bytes take: six bits to each.
pub(super) const fn chars(bytes: usize) -> usize {
    (bytes * 8).div_ceil(6)
}

/// Appends the text of `bytes`.
pub(super) fn encode(bytes: &[u8], text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + chars(bytes.len()), 0);
    let place = text.get_mut(start..).unwrap_or_default();
    // The place has just the length that the text takes.
    let _ = CODING.encode_slice(bytes, place);
}

/// What `work` makes of the bytes that `text` stands for, if it is the one text for them. Few texts take an allocation.
pub(super) fn decoded<T>(text: &[u8], work: impl FnOnce(&mut [u8]) -> Option<T>) -> Option<T> {
    let room = base64::decoded_len_estimate(text.len());
    let (mut usual, mut large) = ([0; USUAL], Vec::new());
    let buffer = if let Some(buffer) = usual.get_mut(..room) {
        buffer
    } else {
        large.resize(room, 0);
        &mut large
    };
    let length = CODING.decode_slice(text, buffer).ok()?;
    work(buffer.get_mut(..length)?)
}

/// Bytes of a small session, sealed.
pub(super) const USUAL: usize = 512;
