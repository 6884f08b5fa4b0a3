//! What is read from a client or a store is data: it is tried by one decoder, which runs nothing and bounds its depth.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::COOKIE;
use serde_json::Value;
use serde_json::value::RawValue;
use session_runtime::drivers::{CookieDriver, FileDriver, KeyRing, RedisConfig, RedisDriver, Revocation};
use session_runtime::record::Record;
use session_runtime::testing::ManualClock;
use session_runtime::{
    Clock as _, CookieConfig, Input, JsonText, SessionError, Sessions, SystemClock, Untyped,
};
use session_tests::redis::{Options, Server};
use session_tests::stage::{Acts, Says, World};

use super::stage::{Attacks as _, plant, token_of, world};

/// CVE-2026-39324: a cookie that did not open was handed to the decoder of cookies that are not sealed.
#[tokio::test]
async fn cve_2026_39324_what_does_not_open_is_tried_by_nothing_else() {
    let world = world("cookie");
    world.browser.run("increment; login 7").await;
    let sealed = world.browser.token();
    assert!(world.opens(&sealed).await);
    let (document, packed) = plain().await;
    let mut values = vec![document.clone(), token_of(&[1; 16], &[2; 16]), "null".to_owned()];
    // Every way to write it down, with and without what stands around a sealed one.
    let head = URL_SAFE_NO_PAD.decode(&sealed).unwrap()[..33].to_vec();
    for plain in [document.as_bytes(), &packed] {
        values.push(URL_SAFE_NO_PAD.encode(plain));
        for version in 0..=3 {
            let mut head = head.clone();
            head[0] = version;
            values.push(URL_SAFE_NO_PAD.encode([&head, plain].concat()));
            values.push(URL_SAFE_NO_PAD.encode([&head, plain, &[0; 16]].concat()));
            // Under no key at all.
            head[1..5].fill(0);
            values.push(URL_SAFE_NO_PAD.encode([&head, plain, &[0; 16]].concat()));
        }
    }
    // The document takes several lines, which no header has.
    for value in &mut values {
        value.retain(|char| char != '\n');
    }
    for value in &values {
        for value in [value.clone(), format!("1.{value}"), format!("2.{value}; __Host-id.1=")] {
            assert!(!world.opens(&value).await, "{value}");
            let answer = world.presents(&value, "increment").await;
            assert_eq!((answer.fact("views"), answer.fact("user")), (1.into(), Value::Null), "{value}");
        }
    }
}

/// A session of user 42 as stores keep it: as text, and packed into few bytes as it is before it is sealed.
async fn plain() -> (String, Vec<u8>) {
    let server = Server::start(&Options::new());
    let world = on_redis(&server).await;
    world.browser.run("push tea; login 42").await;
    let value = value_of(&server);
    let selector = super::stage::selector_of(&world.browser).await;
    let record = session_runtime::drivers::Driver::load(world.spy.driver(), &selector).await.unwrap();
    (record.unwrap().to_document(), packed(&value).to_vec())
}

/// The packed record begins behind the first line feed after the revision.
fn packed(value: &[u8]) -> &[u8] {
    let words = value[9..].iter().position(|byte| *byte == b'\n').unwrap();
    &value[9 + words + 1..]
}

fn value_of(server: &Server) -> Vec<u8> {
    let keys: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
    server.ask(&["GET", &keys[0]])
}

async fn on_redis(server: &Server) -> World<RedisDriver> {
    let clock = ManualClock::at(SystemClock.now());
    let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
    World::over(driver.with_clock(clock.clone()), clock, |builder| builder)
}

/// The same with what was sealed by the same keys for something else: the key of a visitor's forms.
#[tokio::test]
async fn cve_2026_39324_what_was_sealed_for_something_else_does_not_open() {
    let world = world("cookie");
    let page = world.sessions.load::<Untyped>(&http::HeaderMap::new()).await.unwrap();
    let token = page.csrf_token().unwrap();
    let mut response = http::Response::new(());
    world.sessions.finish(&page, &mut response).await.unwrap();
    let line = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    let visitor = line.strip_prefix("__Host-csrf=").unwrap().split(';').next().unwrap();
    assert!(!world.opens(visitor).await);

    // And a session is no visitor's key.
    world.browser.run("increment").await;
    let header = format!("__Host-csrf={}", world.browser.token());
    let headers = [(COOKIE, header.parse().unwrap())].into_iter().collect();
    let stranger = world.sessions.load::<Untyped>(&headers).await.unwrap();
    assert!(!stranger.accepts_csrf_token(&token));
    let headers = [(COOKIE, format!("__Host-csrf={visitor}").parse().unwrap())].into_iter().collect();
    let owner = world.sessions.load::<Untyped>(&headers).await.unwrap();
    assert!(owner.accepts_csrf_token(&token), "the visitor's own does");

    // Nor is the session of one application that of another with the same keys.
    let keys = KeyRing::ephemeral().unwrap();
    let named = |name: &str| {
        let driver = CookieDriver::new(keys.clone(), Revocation::AcceptReplay);
        let cookie = CookieConfig { name: name.to_owned(), ..CookieConfig::default() };
        Sessions::builder(driver).cookie(cookie).build().unwrap()
    };
    let (shop, admin) = (named("__Host-shop"), named("__Host-admin"));
    let session = shop.create::<Untyped>().await.unwrap();
    session.login(42).unwrap();
    session.commit().await.unwrap();
    let line = shop.set_cookies(&session).unwrap()[0].to_str().unwrap().to_owned();
    let pair = line.split(';').next().unwrap();
    for (sessions, pair, whose) in
        [(&shop, pair.to_owned(), Some(42)), (&admin, pair.replace("shop", "admin"), None)]
    {
        let headers = [(COOKIE, pair.parse().unwrap())].into_iter().collect();
        let session = sessions.load::<Untyped>(&headers).await.unwrap();
        assert_eq!(session.principal::<u64>().unwrap(), whose);
    }
}

/// Deeper than any stack.
const DEEP: usize = 100_000;

fn nested(open: &str, close: &str) -> String {
    format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP))
}

/// CVE-2013-7489 ran what it decoded, GHSA-5v4m-c73v-c7gq recursed until the stack was full.
#[tokio::test]
async fn cve_2013_7489_deep_json_neither_runs_nor_overflows() {
    let world = world("memory");
    let session = world.sessions.create::<Untyped>().await.unwrap();
    session.put("a", serde_json::json!({ "b": 1 })).unwrap();
    for deep in [nested("[", "]"), nested(r#"{"a":"#, "}"), "[".repeat(DEEP), r#"{"a":"#.repeat(DEEP)] {
        // A driver may hand it over; whoever reads it gets an error.
        assert!(JsonText::parse(&deep).is_err() || deep.ends_with(['}', ']']));
        assert!(Record::from_document(&deep).is_err());
        // An application that hands JSON through without looking at it.
        let Ok(raw) = RawValue::from_string(deep.clone()) else { continue };
        for refused in [
            session.put("deep", &raw).unwrap_err(),
            session.put("a.b", &raw).unwrap_err(),
            session.flash("deep", &raw).unwrap_err(),
            session.login(&raw).unwrap_err(),
        ] {
            assert!(matches!(refused, SessionError::Unstorable { .. }), "{refused:?}");
        }
    }
    // As a path, and as a form with names that other frameworks take for nested.
    let path = vec!["a"; DEEP].join(".");
    assert!(session.put(&path, 1).is_err() || session.get::<Value>(&path).is_ok());
    assert!(session.forget(&path).is_err() || session.get::<Value>(&path).unwrap().is_none());
    let brackets = format!("a{}=1&{}", "[a]".repeat(DEEP), "[".repeat(DEEP));
    let input = Input::from_urlencoded(brackets.as_bytes());
    assert_eq!(serde_json::to_value(&input).unwrap().as_object().unwrap().len(), 2);
    let kept = session.flash_input(&input);
    assert!(kept.is_ok() || matches!(kept, Err(SessionError::FlashTooLarge { .. })), "{kept:?}");
    session.commit().await.unwrap();
    assert_eq!(session.get::<u64>("a.b").unwrap(), Some(1));
}

/// What lies in a store was changed by somebody: an error, of that session only.
#[tokio::test]
async fn cve_2013_7489_deep_json_in_a_store_is_an_error_of_one_session() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::default();
    let driver = FileDriver::open(folder.path().join("sessions")).unwrap().with_clock(clock.clone());
    let world = World::over(driver, clock, |builder| builder);
    world.browser.run("put note").await;
    let neighbour = world.stranger();
    let file = record_file(folder.path()).unwrap();
    let healthy = fs::read_to_string(&file).unwrap();
    neighbour.run("increment").await;
    let within = healthy.replace("\"note\"", &nested("[", "]"));
    assert_ne!(within, healthy);
    for damaged in [nested("[", "]"), "[".repeat(DEEP), within] {
        fs::write(&file, damaged).unwrap();
        let answer = world.browser.run("load; read note").await;
        assert!(answer.status().is_server_error() && answer.sent_no_cookie(), "{}", answer.status());
        assert_eq!(neighbour.run("load").await.fact("views"), 1);
    }
    fs::write(&file, healthy).unwrap();
    assert_eq!(world.browser.run("read note").await.said(), ["note"], "nobody has touched it");
}

/// The file of the only record below a folder.
fn record_file(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find_map(|path| {
        if path.is_dir() {
            return record_file(&path);
        }
        let stem = path.file_stem().unwrap();
        (stem.len() == 32 && path.extension().is_some_and(|extension| extension == "json")).then_some(path)
    })
}

/// The same for a value of Redis, in which a text's length is told before it, and is not looked through.
#[tokio::test]
async fn cve_2013_7489_deep_json_in_a_packed_record_is_an_error_of_one_session() {
    let server = Server::start(&Options::new());
    let world = on_redis(&server).await;
    world.browser.run("increment; put-large 60000").await;
    let keys: Vec<String> = server.ask(&["KEYS", "session:s:*"]);
    let mut value = value_of(&server);
    let text = "x".repeat(60_000).into_bytes();
    let place = value.windows(text.len()).position(|window| window == text).unwrap();
    // With the quotes around it, which are part of the text.
    value[place - 1..=place + text.len()].fill(b'[');
    let mut set = redis::cmd("SET");
    set.arg(&keys[0]).arg(&value).arg("KEEPTTL");
    let client = redis::Client::open(server.url()).unwrap();
    set.query::<()>(&mut client.get_connection().unwrap()).unwrap();
    let answer = world.browser.run("load; read large").await;
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert!(answer.sent_no_cookie(), "and nobody is signed out");
    assert_eq!(world.stranger().run("increment").await.fact("views"), 1);
}

/// A token that is none of any driver's, however long: read, and passed over.
#[tokio::test]
async fn cve_2013_7489_an_endless_cookie_is_passed_over() {
    for driver in ["memory", "cookie"] {
        let world = world(driver);
        world.browser.run("increment").await;
        for filling in ["A", "%5B", "[", "0.", "64."] {
            let value = filling.repeat(DEEP / filling.len());
            let answer = world.presents(&value, "load").await;
            assert!(answer.status().is_success() && answer.fact("views") == 0, "{driver}: {filling}");
        }
        let many: Vec<String> = (0..5_000).map(|index| format!("__Host-id.{index}=A")).collect();
        let answer = world.presents(&format!("63.A; {}", many.join("; ")), "load").await;
        assert!(answer.status().is_success() && answer.fact("views") == 0, "{driver}");
    }
}

/// The schema's own decoders come from serde: they build the types that were asked for, and run nothing that is named in
/// the data.
#[tokio::test]
async fn cve_2013_7489_what_names_a_type_or_a_program_is_text() {
    for driver in super::stage::DRIVERS {
        let world = world(driver);
        for text in [
            "c\u{0}os\nsystem\n(S'id'\ntR.",
            "O:8:\"stdClass\":0:{}",
            "!ruby/object:Gem::Installer",
            "{{7*7}}",
        ] {
            let session = world.sessions.create::<Untyped>().await.unwrap();
            session.put("__class__", text).unwrap();
            session.put("text", text).unwrap();
            session.commit().await.unwrap();
            let line = world.sessions.set_cookies(&session).unwrap()[0].to_str().unwrap().to_owned();
            let browser = world.stranger();
            plant(&browser, line.split(['=', ';']).nth(1).unwrap());
            let answer = browser.run("read text; read __class__").await;
            assert_eq!(answer.said(), [text, text], "{driver}");
        }
    }
}
