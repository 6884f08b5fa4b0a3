use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::random::SystemRandom;

proptest! {
    #[test]
    fn parsing_what_was_formatted_gives_the_token_back(bytes: [u8; 32]) {
        let token = Token::from_bytes(bytes);
        let text = token.reveal();
        prop_assert_eq!(text.len(), Token::CHARS);
        let parsed = Token::parse(&text).unwrap();
        prop_assert_eq!(parsed.selector(), token.selector());
        prop_assert_eq!(parsed.verifier().hash(), token.verifier().hash());
    }

    #[test]
    fn every_text_that_parses_is_the_one_canonical_text(text in "[A-Za-z0-9_-]{43}") {
        match Token::parse(&text) {
            Ok(token) => prop_assert_eq!(token.reveal(), text),
            Err(error) => prop_assert_eq!(error, ParseTokenError::Alphabet),
        }
    }

    #[test]
    fn other_texts_are_refused_without_panic(text in "\\PC{0,100}") {
        if let Ok(token) = Token::parse(&text) {
            prop_assert_eq!(token.reveal(), text);
        }
    }

    #[test]
    fn other_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..=100)) {
        if let Ok(token) = Token::parse(&bytes) {
            prop_assert_eq!(token.reveal().into_bytes(), bytes);
        }
    }

    #[test]
    fn a_selector_survives_its_text(bytes: [u8; 16]) {
        let selector = Selector::from_bytes(bytes);
        prop_assert_eq!(selector.to_string().parse::<Selector>().unwrap(), selector);
    }

    #[test]
    fn another_verifier_has_another_hash(a: [u8; 16], b: [u8; 16]) {
        prop_assert_eq!(Verifier(a).hash() == Verifier(b).hash(), a == b);
    }
}

#[test]
fn every_wrong_length_is_refused() {
    for length in (0..=100).filter(|length| *length != Token::CHARS) {
        let error = Token::parse("A".repeat(length)).unwrap_err();
        assert_eq!(error, ParseTokenError::Length { found: length });
    }
}

#[test]
fn a_last_character_with_stray_bits_is_refused() {
    let canonical = "A".repeat(42);
    let accepted: Vec<char> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['-', '_'])
        .filter(|last| Token::parse(format!("{canonical}{last}")).is_ok())
        .collect();
    // 43 characters carry 258 bits, two more than 32 bytes: one last character in four is canonical.
    assert_eq!(accepted.len(), 16);
}

#[test]
fn padding_white_space_and_the_standard_alphabet_are_refused() {
    let good = "A".repeat(42);
    for last in ["=", " ", "+", "/", "\n", "\0", "."] {
        assert!(Token::parse(format!("{good}{last}")).is_err(), "{last:?}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let token = Token::random(&SystemRandom::default()).unwrap();
    let shown = format!("{token:?} {:?} {:?}", token.verifier(), token.verifier().hash());
    let secret = &token.reveal()[22..];
    assert!(!shown.contains(secret));
    assert!(shown.contains(&token.selector().to_string()));
    assert!(shown.contains("Verifier(..) VerifierHash(..)"));
}

#[test]
fn random_tokens_use_the_whole_alphabet_at_every_place() {
    // RUSTSEC-2024-0343: an id generator that left part of its alphabet unused.
    let mut seen = vec![HashSet::new(); Token::CHARS - 1];
    for _ in 0..4_000 {
        let text = Token::random(&SystemRandom::default()).unwrap().reveal();
        for (place, char) in seen.iter_mut().zip(text.chars()) {
            place.insert(char);
        }
    }
    // A character misses one place of 4,000 draws with probability (63/64)^4000, about 4e-28.
    assert!(seen.iter().all(|chars| chars.len() == 64));
}

#[test]
fn the_log_id_is_not_the_selector() {
    let selector = Selector::from_bytes([7; 16]);
    assert_eq!(selector.log_id().len(), 11);
    assert!(!selector.to_string().contains(&selector.log_id()));
}
