//! RUSTSEC-2024-0343: a generator of ids that did not use its whole alphabet.

use std::collections::HashSet;

use bytes::Bytes;
use http::header::SET_COOKIE;
use http::{Request, Response};
use http_body_util::Full;
use hyper::service::{Service as _, service_fn};
use session_runtime::drivers::{CookieDriver, KeyRing, MemoryDriver, Revocation};
use session_runtime::{Session, SessionError, Sessions, Token, Untyped};

/// Every character of a token's text, at its place among those it may be.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TOKENS: usize = 32_000;

#[tokio::test]
async fn rustsec_2024_0343_ids_use_their_whole_alphabet() {
    let sessions = Sessions::builder(MemoryDriver::new()).build().unwrap();
    let (mut born, mut rotated) = (Vec::new(), Vec::new());
    for number in 0..TOKENS {
        let token = if number % 2 == 0 { by_commit(&sessions).await } else { by_response(&sessions).await };
        born.push(token.reveal());
        let session = sessions.open::<Untyped>(token).await.unwrap();
        session.regenerate().unwrap();
        session.commit().await.unwrap();
        rotated.push(sessions.token(&session).unwrap().reveal());
        session.invalidate().unwrap();
        session.commit().await.unwrap();
    }
    are_random(&born, 0);
    // A rotation leaves the selector.
    are_random(&rotated, 22);
    for (born, rotated) in born.iter().zip(&rotated) {
        assert_eq!(born[..21], rotated[..21]);
    }
    let verifiers: HashSet<&str> = born.iter().chain(&rotated).map(|token| &token[22..]).collect();
    let selectors: HashSet<&str> = born.iter().map(|token| &token[..21]).collect();
    assert_eq!((verifiers.len(), selectors.len()), (2 * TOKENS, TOKENS), "none comes twice");
}

async fn by_commit(sessions: &Sessions) -> Token {
    let session = sessions.create::<Untyped>().await.unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    sessions.token(&session).unwrap()
}

/// As a handler makes one that keeps nothing of the session.
async fn by_response(sessions: &Sessions) -> Token {
    let handler = async |request: Request<Full<Bytes>>| {
        Session::<Untyped>::load(&request).await?.put("a", 1)?;
        Ok::<_, SessionError>(Response::new(Full::<Bytes>::default()))
    };
    let service = sessions.service(service_fn(handler));
    let response = service.call(Request::new(Full::default())).await.unwrap();
    let line = response.headers()[SET_COOKIE].to_str().unwrap();
    Token::parse(&line["__Host-id=".len()..][..Token::CHARS]).unwrap()
}

/// The same of what a sealed session is sealed under, which must never come twice: the salt and the nonce.
#[tokio::test]
async fn rustsec_2024_0343_salts_use_their_whole_alphabet() {
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::AcceptReplay);
    let sessions = Sessions::builder(driver).build().unwrap();
    let session = sessions.create::<Untyped>().await.unwrap();
    session.put("a", 1).unwrap();
    session.commit().await.unwrap();
    let mut salts = Vec::new();
    for _ in 0..TOKENS {
        let lines = sessions.set_cookies(&session).unwrap();
        let line = lines[0].to_str().unwrap();
        let value = line.strip_prefix("__Host-id=").unwrap();
        // Behind the version and the name of the key, five bytes, up to the end of 28 more.
        salts.push(value[7..43].to_owned());
    }
    are_random(&salts, 0);
    let distinct: HashSet<&String> = salts.iter().collect();
    assert_eq!(distinct.len(), TOKENS, "none comes twice");
}

/// Pearson's test at every place from `begin` on: each character that may stand there comes equally often. And the same for
/// pairs of neighbours, so that one character tells nothing of the next.
fn are_random(texts: &[String], begin: usize) {
    let length = texts[0].len();
    for place in begin..length {
        let counts = counts(texts.iter().map(|text| usize::from(index(text, place))), 64);
        let possible: Vec<f64> = counts.into_iter().filter(|count| *count > 0.0).collect();
        // The last of 43 characters carries four bits, so that it is canonical.
        let expected = if place == 42 { 16 } else { 64 };
        assert_eq!(possible.len(), expected, "characters at place {place}");
        is_even(&possible, &format!("place {place}"));
    }
    // Of each pair two bits and two bits, so that every cell is well filled.
    for place in begin..length - 1 {
        let pair = |text: &String| usize::from(index(text, place) % 4 * 4 + index(text, place + 1) / 16);
        let counts = counts(texts.iter().map(pair), 16);
        is_even(&counts, &format!("the pair at place {place}"));
    }
}

fn index(text: &str, place: usize) -> u8 {
    let at = ALPHABET.iter().position(|known| *known == text.as_bytes()[place]).unwrap();
    u8::try_from(at).unwrap()
}

fn counts(indices: impl Iterator<Item = usize>, cells: usize) -> Vec<f64> {
    let mut counts = vec![0.0; cells];
    for index in indices {
        counts[index] += 1.0;
    }
    counts
}

/// Fails once in more than ten million runs of all places for a generator without fault.
fn is_even(counts: &[f64], what: &str) {
    let total: f64 = counts.iter().sum();
    let cells = f64::from(u32::try_from(counts.len()).unwrap());
    let expected = total / cells;
    let statistic: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
    // Wilson and Hilferty: the cube root of the statistic over its mean is nearly normal.
    let freedom = cells - 1.0;
    let spread = 2.0 / (9.0 * freedom);
    let deviations = ((statistic / freedom).cbrt() - (1.0 - spread)) / spread.sqrt();
    assert!(deviations < 6.2, "{what}: {statistic} with {freedom} degrees of freedom");
    // Too even is no chance either: somebody counts.
    assert!(deviations > -6.2, "{what}: {statistic} with {freedom} degrees of freedom");
}
