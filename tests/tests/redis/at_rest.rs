//! Nothing at rest opens a session: every byte that the server holds or wrote is searched.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use session_runtime::drivers::RedisConfig;
use session_tests::redis::{Options, Server};

use super::stage::{browser, sessions};
use session_tests::stage::{Acts, Browser};

const USER: &str = "7412589632147";

/// A name and all bytes that a thief would read under it.
type Found = (String, Vec<u8>);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_byte_at_rest_opens_a_session() {
    let server = Server::start(&Options::new().append_only().with("rdbcompression", "no"));
    let browser = browser(&sessions(RedisConfig::standalone(server.url())).await);
    let mut tokens = Vec::new();
    let visitors: Vec<Browser> = (0..5).map(|_| browser.other_browser()).collect();
    for visitor in &visitors {
        // The secret of each stage: anonymous, signed in, rotated, ended.
        for script in ["put needle; flash x", &format!("login {USER}"), "elevate; increment", "theme dark"] {
            visitor.run(script).await;
            tokens.push(visitor.token());
        }
    }
    visitors[0].run("logout").await;
    tokens.push(visitors[0].token());
    let found = everything(&server);
    let needles = holders(&found, b"needle");
    for place in ["session:s:", "dump.rdb", ".incr.aof"] {
        assert!(
            needles.iter().any(|name| name.contains(place)),
            "the search finds a value in {place}: {needles:?}"
        );
    }
    for token in &tokens {
        for needle in spellings(token) {
            assert_eq!(holders(&found, &needle), Vec::<&str>::new(), "a secret is at rest");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_index_tells_no_principal() {
    let server = Server::start(&Options::new());
    let browser = browser(&sessions(RedisConfig::standalone(server.url())).await);
    browser.run(&format!("login {USER}")).await;
    let keys: Vec<String> = server.ask(&["KEYS", "*"]);
    assert!(keys.iter().all(|key| !key.contains(USER)), "{keys:?}");
    let mut index = keys.iter().filter(|key| key.starts_with("session:p:")).peekable();
    assert!(index.peek().is_some(), "{keys:?}");
    for key in index {
        let dump: Vec<u8> = server.ask(&["DUMP", key]);
        assert!(!contains(&dump, USER.as_bytes()), "{key}");
        let number: u64 = USER.parse().unwrap();
        assert!(!contains(&dump, &number.to_le_bytes()[..6]), "{key}");
    }
}

/// Dumps of all keys, and all files: the append-only one with its history, and a snapshot.
fn everything(server: &Server) -> Vec<Found> {
    server.ask::<()>(&["SAVE"]);
    let mut found: Vec<Found> = server
        .keys()
        .into_iter()
        .map(|key| {
            let key = String::from_utf8(key).unwrap();
            let dump: Vec<u8> = server.ask(&["DUMP", &key]);
            (key.clone(), [key.as_bytes(), &dump].concat())
        })
        .collect();
    let files = server.files();
    assert!(files.iter().any(|file| file.ends_with("dump.rdb")));
    found.extend(files.into_iter().map(|file| (file.display().to_string(), fs::read(&file).unwrap())));
    found
}

/// The token and its secret half in every form that somebody could have written it down in.
fn spellings(token: &str) -> Vec<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
    let verifier = &bytes[16..];
    let hex = |bytes: &[u8]| {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.concat()
    };
    let mut spellings = vec![
        token.as_bytes().to_vec(),
        bytes.clone(),
        verifier.to_vec(),
        hex(verifier).into_bytes(),
        hex(verifier).to_uppercase().into_bytes(),
    ];
    // In base64 a text looks different for each place modulo three; at the ends it shares characters with others.
    for before in 0..3 {
        let text = [&vec![0; before], verifier].concat();
        for code in [URL_SAFE_NO_PAD.encode(&text), STANDARD_NO_PAD.encode(&text)] {
            spellings.push(code.as_bytes()[(before * 8).div_ceil(6)..text.len() * 8 / 6].to_vec());
        }
    }
    spellings
}

fn holders<'f>(found: &'f [Found], needle: &[u8]) -> Vec<&'f str> {
    found.iter().filter(|(_, bytes)| contains(bytes, needle)).map(|(name, _)| name.as_str()).collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
