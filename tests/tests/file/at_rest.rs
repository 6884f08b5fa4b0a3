//! Nothing that lies in a location opens a session.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::stage::{files, hex, stage};
use super::world::Acts;

#[tokio::test]
async fn no_token_and_no_verifier_lies_in_the_location() {
    let stage = stage();
    let mut tokens = Vec::new();
    // One browser after the other: anonymous, signed in, rotated, signed out, revoked by a login as somebody else.
    for ending in ["load", "logout", "invalidate", "login 43", "forget marker"] {
        let browser = stage.stranger();
        for script in ["put marker; flash x", "login 42", "elevate", "regenerate", "increment", ending] {
            browser.run(script).await;
            tokens.extend(browser.held().map(|cookie| cookie.value().to_owned()));
        }
    }
    assert!(tokens.len() > 20);
    let location = stage.folder();
    assert_opens_nothing(location, &tokens);
    // The search sees what is there: values and names.
    let all = everything(location);
    assert!(contains(&all, b"\"marker\""), "records are read");
    for kind in [".gone", "lock", "/principals/"] {
        assert!(contains(&all, kind.as_bytes()), "{kind} is among what was searched");
    }
    let selector = URL_SAFE_NO_PAD.decode(&tokens[0]).unwrap()[..16].to_vec();
    assert!(contains(&all, hex(&selector).as_bytes()), "selectors are names of files");
}

#[tokio::test]
async fn files_and_folders_are_closed_to_others() {
    let stage = stage();
    for script in ["put one", "login 42", "logout", "put two"] {
        stage.browser.run(script).await;
    }
    for path in files(stage.folder()) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "the folder of {}", path.display());
    }
}

/// Searches everything below a folder, names too, for whatever could open one of these sessions.
pub(crate) fn assert_opens_nothing(location: &Path, tokens: &[String]) {
    let all = everything(location);
    for token in tokens {
        let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
        let verifier = &bytes[16..];
        let mut secrets = vec![verifier.to_vec(), token.as_bytes()[22..].to_vec()];
        for secret in [verifier, &bytes] {
            secrets.push(hex(secret).into_bytes());
            secrets.push(hex(secret).to_uppercase().into_bytes());
            secrets.push(URL_SAFE_NO_PAD.encode(secret).into_bytes());
            secrets.push(STANDARD_NO_PAD.encode(secret).into_bytes());
        }
        for secret in secrets {
            assert!(!contains(&all, &secret), "a token lies in the location");
        }
    }
}

fn everything(location: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for path in files(location) {
        all.extend(path.to_str().unwrap().bytes());
        all.extend(fs::read(&path).unwrap());
    }
    all
}

fn contains(all: &[u8], wanted: &[u8]) -> bool {
    all.windows(wanted.len()).any(|window| window == wanted)
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}
