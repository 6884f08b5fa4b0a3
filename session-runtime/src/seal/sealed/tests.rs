use std::collections::HashSet;

use ring::hkdf::{HKDF_SHA256, Salt};

use crate::random::SystemRandom;

use super::*;

fn sealed(ring: &KeyRing, name: &str, content: &[u8]) -> String {
    let mut envelope = KeyRing::envelope();
    envelope.extend_from_slice(content);
    let chars = KeyRing::sealed_chars(envelope.len());
    let sealed = ring.seal(&Purpose::cookie(name), envelope, &SystemRandom::default()).unwrap();
    let mut text = Vec::new();
    sealed.write_to(&mut text);
    assert_eq!((text.len(), sealed.chars()), (chars, chars));
    String::from_utf8(text).unwrap()
}

fn opens(ring: &KeyRing, name: &str, text: impl AsRef<[u8]>) -> bool {
    ring.open(&Purpose::cookie(name), text.as_ref(), |_| Some(())).is_some()
}

#[test]
fn what_was_sealed_opens_for_its_purpose_only() {
    let ring = KeyRing::ephemeral().unwrap();
    for length in [0, 1, 2, 3, 300, 20_000] {
        let content: Vec<u8> = (0..length).map(|byte: usize| byte.to_le_bytes()[0]).collect();
        let text = sealed(&ring, "id", &content);
        let opened = ring.open(&Purpose::cookie("id"), text.as_bytes(), |opened| {
            Some((opened.content.to_vec(), opened.is_old))
        });
        assert_eq!(opened, Some((content, false)));
        assert!(!opens(&ring, "id2", &text), "another cookie");
        assert!(!opens(&ring, "", &text));
        assert!(!opens(&KeyRing::ephemeral().unwrap(), "id", &text), "another key");
    }
}

#[test]
fn no_flipped_bit_is_accepted() {
    let ring = KeyRing::ephemeral().unwrap();
    let text = sealed(&ring, "id", b"some content of a session");
    for place in 0..text.len() {
        for bit in 0..8 {
            let mut flipped = text.clone().into_bytes();
            flipped[place] ^= 1 << bit;
            assert!(!opens(&ring, "id", &flipped), "bit {bit} of character {place}");
        }
    }
}

#[test]
fn nothing_shorter_or_longer_is_accepted() {
    let ring = KeyRing::ephemeral().unwrap();
    let text = sealed(&ring, "id", b"some content");
    for end in 0..text.len() {
        assert!(!opens(&ring, "id", &text[..end]), "cut after {end}");
        assert!(!opens(&ring, "id", &text[end + 1..]), "begun after {end}");
    }
    for more in ["A", "AA", "AAAA", "=", "==", " ", "\0"] {
        assert!(!opens(&ring, "id", format!("{text}{more}")), "{more:?} behind it");
        assert!(!opens(&ring, "id", format!("{more}{text}")), "{more:?} before it");
    }
    assert!(!opens(&ring, "id", format!("{text}{text}")));
}

#[test]
fn no_two_texts_are_alike() {
    let ring = KeyRing::ephemeral().unwrap();
    let texts: HashSet<String> = (0..1_000).map(|_| sealed(&ring, "id", b"the same")).collect();
    let salts: HashSet<&str> = texts.iter().map(|text| &text[7..44]).collect();
    assert_eq!((texts.len(), salts.len()), (1_000, 1_000));
}

#[test]
fn keys_are_replaced_at_run_time() {
    let [first, second] = [Key::generate().unwrap(), Key::generate().unwrap()];
    let ring = KeyRing::new(first.clone());
    let shared = ring.clone();
    let old = sealed(&ring, "id", b"x");
    shared.replace(second.clone(), [first]);
    let is_old = |text: &str| {
        ring.open(&Purpose::cookie("id"), text.as_bytes(), |opened| Some(opened.is_old)).unwrap()
    };
    assert!(is_old(&old));
    let new = sealed(&ring, "id", b"x");
    assert!(!is_old(&new));
    ring.replace(second, []);
    assert!(opens(&shared, "id", &new) && !opens(&shared, "id", &old));
}

/// The derivation is written out for its speed; here is the library's.
#[test]
fn the_key_of_a_text_is_the_one_of_hkdf() {
    let key = Key::generate().unwrap();
    let text = sealed(&KeyRing::new(key.clone()), "id", b"content");
    let mut bytes = text::decoded(text.as_bytes(), |bytes| Some(bytes.to_vec())).unwrap();
    let (head, sealed) = bytes.split_at_mut(HEAD);
    let (salt, nonce) = (&head[1 + ID..1 + ID + SALT], &head[1 + ID + SALT..]);
    let derived = Salt::new(HKDF_SHA256, SEAL_TAG).extract(key.secret());
    let derived = LessSafeKey::new(UnboundKey::from(derived.expand(&[salt], &CHACHA20_POLY1305).unwrap()));
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let opened = derived.open_in_place(nonce, Aad::from(&Purpose::cookie("id").0), sealed).unwrap();
    assert_eq!(opened, b"content");
}
