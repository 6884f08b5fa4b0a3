//! GO-2024-2730, a part of CVE-2024-3400: what a client sent became a part of a path, and of what was written there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use session_runtime::drivers::{Durability, FileConfig, FileDriver, RedisConfig, RedisDriver};
use session_runtime::testing::ManualClock;
use session_runtime::{Clock as _, Selector, SystemClock, Untyped};
use session_tests::redis::{Options, Server};
use session_tests::stage::{Acts, Says, World};

use super::stage::{Attacks as _, plant};

/// What travels by a cookie, or by the field of a form.
const TRAVERSALS: [&str; 12] = [
    "../../../../../../../../tmp/owned",
    "..%2f..%2f..%2fowned",
    "....//....//owned",
    "/etc/passwd",
    "..\\..\\owned",
    "session_../../../../../../../../../opt/owned",
    "__________________________________________.",
    ".._.._.._.._.._.._.._.._.._.._.._.._.._.._A",
    "0000000000000000000000000000000.json",
    "owned\u{0}.json",
    "principals",
    "*",
];

#[tokio::test]
async fn go_2024_2730_no_client_byte_reaches_a_path() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    fs::write(folder.path().join("owned.json"), "mine").unwrap();
    let location = folder.path().join("a/b/sessions");
    let clock = ManualClock::default();
    let config = FileConfig { durability: Durability::Rename, ..FileConfig::new(&location) };
    let driver = FileDriver::open(config).unwrap().with_clock(clock.clone());
    let world = World::over(driver, clock, |builder| builder);
    world.browser.run("increment; login 42").await;
    let outside = tree(folder.path(), &location);

    attack(&world).await;
    assert_eq!(world.browser.run("load").await.fact("user"), 42);
    assert_eq!(tree(folder.path(), &location), outside, "nothing has changed around the location");
    assert_eq!(fs::read_to_string(folder.path().join("owned.json")).unwrap(), "mine");
    // Inside there are the names that the driver makes, of hexadecimal digits.
    let names = tree(&location, Path::new(""));
    assert!(names.len() > 20, "the search sees them: {names:?}");
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let stem = name.split('.').next().unwrap();
        let ours = ["sessions", "principals", "records", "lock"].contains(&stem)
            || stem.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        assert!(ours, "{}", path.display());
    }
}

/// The same for the names of keys.
#[tokio::test]
async fn go_2024_2730_no_client_byte_reaches_a_key() {
    let server = Server::start(&Options::new());
    let clock = ManualClock::at(SystemClock.now());
    let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
    let world = World::over(driver.with_clock(clock.clone()), clock, |builder| builder);
    world.browser.run("increment; login 42").await;
    attack(&world).await;
    assert_eq!(world.browser.run("load").await.fact("user"), 42);
    let keys: Vec<String> = server.ask(&["KEYS", "*"]);
    assert!(keys.len() > 5, "{keys:?}");
    for key in keys {
        let (kind, name) = (&key[..10], &key[10..]);
        assert!(["session:s:", "session:p:"].contains(&kind), "{key}");
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!([22, 43].contains(&name.len()) && name.bytes().all(base64), "{key}");
        assert!(!name.contains("owned") && !name.contains("passwd"), "{key}");
    }
}

/// Sends each of these texts wherever an application lets a client's text through to sessions.
async fn attack<D: session_runtime::drivers::Driver>(world: &World<D>) {
    for text in TRAVERSALS {
        // As the cookie; what cannot stand in one does not come.
        let stranger = world.stranger();
        let planted = stranger.put_cookie(&format!("__Host-id={text}; Path=/; Secure"));
        assert_eq!(planted.is_err(), text.contains('\u{0}'), "{text:?}");
        for script in ["load", "increment", "login 7", "logout", "invalidate"] {
            let answer = stranger.run(script).await;
            assert!(answer.status().is_success(), "{text:?}: {}", answer.status());
        }
        if !text.contains('\u{0}') {
            let login = world.stranger().post("/").header("user-agent", text).body("login 9");
            assert!(login.send().await.unwrap().status().is_success(), "{text:?}");
        }
        // As the selector in the form of a device list.
        assert!(text.parse::<Selector>().is_err(), "{text:?}");
        // As the name of a user, a key and a value.
        let session = world.sessions.create::<Untyped>().await.unwrap();
        session.put("note", text).unwrap();
        session.put(&format!("key {text}").replace('.', "/"), 1).unwrap();
        session.flash(text, text).unwrap();
        session.login(text).unwrap();
        // As what it says of itself.
        session.note_address(text).unwrap();
        session.commit().await.unwrap();
        world.sessions.of(text).unwrap().revoke_all().await.unwrap();
        session.reload().await.unwrap();
        assert_eq!(session.principal::<String>().unwrap(), None, "{text:?}");
    }
}

/// Everything below a folder, but for what is below another one.
fn tree(folder: &Path, without: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path == without {
            continue;
        }
        if path.is_dir() {
            found.extend(tree(&path, without));
        }
        found.insert(path);
    }
    found
}

/// What is well-formed, and begins as a path of ours would: the same bytes are a name in base64url only.
#[tokio::test]
async fn go_2024_2730_a_well_formed_token_names_one_place() {
    let world = super::stage::world("file");
    let chosen = "..________________________________________A".replace('.', "-");
    assert!(session_runtime::Token::parse(&chosen).is_ok());
    plant(&world.browser, &chosen);
    world.browser.run("increment").await;
    assert!(!world.opens(&chosen).await);
    assert_eq!(world.records(), 1);
}
