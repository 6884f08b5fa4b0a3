//! SIGKILL in the middle of writing, again and again: what was acknowledged is there, what was not is whole or absent,
//! and the index knows every live session.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use session_runtime::drivers::{Driver as _, FileDriver};
use session_runtime::record::Record;
use session_runtime::{Selector, Token};

use super::at_rest::assert_opens_nothing;
use super::stage::{files, is_record, selector_of};
use super::workers::Worker;

const KILLS: usize = 200;
const SESSIONS: usize = 4;

#[tokio::test]
async fn a_killed_process_leaves_each_record_at_a_whole_commit() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    let driver = FileDriver::open(location.as_path()).unwrap();
    let mut first = Worker::on(&location);
    let tokens: Vec<String> = (0..SESSIONS).map(|_| first.visit("increment; theme 1")).collect();
    drop(first);
    let mut stored = [1_u64; SESSIONS];
    let (mut kills, mut amid, mut leftovers) = (0, 0, 0);
    // A file that is left unfinished shows a kill in the middle of writing it.
    while amid < KILLS {
        kills += 1;
        assert!(kills < KILLS * 20, "of {kills} kills {amid} came in the middle of writing");
        let acknowledged = killed_while_writing(&location, &tokens, stored);
        for (number, token) in tokens.iter().enumerate() {
            let record = load(&driver, token).await;
            let views = number_in(&record, "views");
            let last = acknowledged[number];
            assert!(views == last || views == last + 1, "{views} stored, and {last} acknowledged");
            assert_eq!(text_in(&record, "theme"), format!("\"{views}\""), "half a commit is stored");
            stored[number] = views;
        }
        let before = std::mem::replace(&mut leftovers, unfinished(&location));
        amid += usize::from(leftovers > before);
    }
    println!("{amid} of {kills} kills came in the middle of writing");
    assert!(stored.iter().sum::<u64>() > KILLS as u64, "commits were written between the kills");
    assert_opens_nothing(&location, &tokens);
    while driver.sweep(100).await.unwrap() > 0 {}
    assert_eq!(unfinished(&location), 0, "a sweep leaves no unfinished file");
    for (number, token) in tokens.iter().enumerate() {
        assert_eq!(
            number_in(&load(&driver, token).await, "views"),
            stored[number],
            "a sweep touches no session"
        );
    }
}

/// Has a process write to all sessions at once, kills it at some moment, and counts what it acknowledged.
fn killed_while_writing(location: &Path, tokens: &[String], stored: [u64; SESSIONS]) -> [u64; SESSIONS] {
    let mut worker = Worker::on(location);
    let mut acknowledged = stored;
    let mut asked = HashMap::new();
    for number in 0..SESSIONS {
        asked.insert(worker.send(&commit(&tokens[number], stored[number])).unwrap(), number);
    }
    let answers_before = random(12);
    for _ in 0..answers_before {
        let answer = worker.hear().expect("nobody has killed it yet");
        assert_eq!(answer["status"], 200, "{answer}");
        let number = asked.remove(&answer["line"].as_u64().unwrap()).unwrap();
        acknowledged[number] += 1;
        asked.insert(worker.send(&commit(&tokens[number], acknowledged[number])).unwrap(), number);
    }
    spin(Duration::from_micros(random(3_000)));
    worker.kill();
    while let Some(answer) = worker.hear() {
        acknowledged[asked.remove(&answer["line"].as_u64().unwrap()).unwrap()] += 1;
    }
    acknowledged
}

/// A commit of two fields that agree with each other.
fn commit(token: &str, views: u64) -> String {
    format!("http {token} increment; theme {}", views + 1)
}

#[tokio::test]
async fn a_killed_process_loses_no_live_session_from_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().join("sessions");
    let driver = FileDriver::open(location.as_path()).unwrap();
    let mut live = 0;
    for _ in 0..KILLS / 2 {
        let revoked = killed_amid_logins(&location);
        let mut members = HashMap::new();
        for path in files(&location).iter().filter(|path| is_record(path)) {
            let selector = selector_of(path);
            let record = driver.load(&selector).await.unwrap().expect("no record here expires");
            let Some(principal) = &record.metadata().principal else { continue };
            let key = *principal.key();
            if let Entry::Vacant(unknown) = members.entry(key) {
                unknown.insert(driver.members(&key).await.unwrap().selectors);
            }
            assert!(members[&key].contains(&selector), "the index has lost a live session");
            assert!(!revoked.contains(&selector), "a session outlived its acknowledged end");
            live += 1;
        }
    }
    assert!(live > KILLS, "sessions were there to be lost");
}

/// Has a process sign in and out and revoke, all at once, and kills it. Gives the sessions whose end was acknowledged.
fn killed_amid_logins(location: &Path) -> Vec<Selector> {
    let mut worker = Worker::on(location);
    let users = [1, 2, 3];
    let mut signed_in: HashMap<u64, Vec<String>> = HashMap::new();
    for user in users {
        let token = worker.visit(&format!("login {user}"));
        signed_in.entry(user).or_default().push(token);
    }
    let revocation = worker.send("revoke 1").unwrap();
    let logout = worker.send(&format!("http {} logout", signed_in[&2][0])).unwrap();
    for number in 0..9 {
        worker.send(&format!("http - login {}", users[number % 3])).unwrap();
        // Changes hands: the index of both is written.
        worker.send(&format!("http {} login {}", signed_in[&3][0], users[number % 3])).unwrap();
    }
    spin(Duration::from_micros(random(12_000)));
    worker.kill();
    let mut ended = Vec::new();
    while let Some(answer) = worker.hear() {
        let line = answer["line"].as_u64().unwrap();
        if line == revocation {
            assert!(answer["value"].as_u64().unwrap() > 0, "{answer}");
            ended.push(selector_in(&signed_in[&1][0]));
        }
        if line == logout {
            ended.push(selector_in(&signed_in[&2][0]));
        }
    }
    ended
}

async fn load(driver: &FileDriver, token: &str) -> Record {
    driver.load(&selector_in(token)).await.unwrap().expect("a session that nobody ended")
}

fn selector_in(token: &str) -> Selector {
    Token::parse(token).unwrap().selector()
}

fn text_in(record: &Record, key: &str) -> String {
    record.field(key).unwrap().json.as_str().to_owned()
}

fn number_in(record: &Record, key: &str) -> u64 {
    text_in(record, key).parse().unwrap()
}

fn unfinished(location: &Path) -> usize {
    let is_unfinished = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "tmp");
    files(location).iter().filter(is_unfinished).count()
}

/// A moment of some microseconds, shorter than any sleep.
fn spin(time: Duration) {
    let began = Instant::now();
    while began.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn random(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}
