//! Redis killed with SIGKILL under load: every acknowledged commit is there afterwards, and none was applied twice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use session_runtime::drivers::{Driver as _, RedisConfig};
use session_runtime::record::Principal;
use session_runtime::{JsonText, Sessions, Token};
use session_tests::redis::{Options, Server};
use tokio::task::JoinSet;

use super::load::Load;
use super::stage::{breath, driver, sessions, soon, stored, views};
use session_tests::stage::Shop;

const SESSIONS: usize = 8;
const KILLS: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_acknowledged_commit_survives_kills_with_an_append_only_file() {
    let mut server = Server::start(&Options::new().append_only());
    let sessions = sessions(RedisConfig::standalone(server.url())).await;
    let mut loads = Vec::new();
    for _ in 0..SESSIONS {
        let token = stored(&sessions).await;
        loads.push((Load::start(&sessions, token, 2), token));
    }
    for _ in 0..KILLS {
        for (load, _) in &loads {
            load.tally.grows_by(20).await;
        }
        server.kill();
        server.restart();
    }
    for (load, _) in &loads {
        load.tally.grows_by(20).await;
    }
    for (load, token) in loads {
        load.end().await.assert_exact(views(&sessions, token).await);
    }
}

/// What somebody was told of his session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// It is his.
    SignedIn,
    /// It has ended.
    Ended,
    /// Nothing he could rely on.
    Nothing,
}

/// Signs in, and every other time out again; what the visitor was told last.
async fn visit(sessions: &Sessions, leaves: bool) -> Option<(Token, Told)> {
    let session = sessions.create::<Shop>().await.unwrap();
    session.user().login(42).unwrap();
    session.commit().await.ok()?;
    let token = sessions.token(&session).unwrap();
    if !leaves {
        return Some((token, Told::SignedIn));
    }
    session.user().logout().unwrap();
    let ended = session.commit().await.is_ok();
    Some((token, if ended { Told::Ended } else { Told::Nothing }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn acknowledged_logins_and_logouts_survive_kills_with_an_append_only_file() {
    let mut server = Server::start(&Options::new().append_only());
    let config = RedisConfig::standalone(server.url());
    let (sessions, driver) = (sessions(config.clone()).await, driver(config).await);
    let told = Arc::new(Mutex::new(Vec::new()));
    let count = || told.lock().unwrap().len();
    let done = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for _ in 0..SESSIONS {
        let (sessions, told, done) = (sessions.clone(), told.clone(), done.clone());
        clients.spawn(async move {
            for number in 0.. {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                let heard = visit(&sessions, number % 2 == 0).await;
                told.lock().unwrap().extend(heard);
                if heard.is_none() {
                    breath().await;
                }
            }
        });
    }
    for kill in 0..=KILLS {
        let before = count();
        soon(async || (count() >= before + 60).then_some(())).await;
        if kill < KILLS {
            server.kill();
            server.restart();
        }
    }
    done.store(true, Ordering::SeqCst);
    clients.join_all().await;
    let user = Principal::new(JsonText::parse("42").unwrap());
    // This connection was of no use to anybody while the server was killed, and may still be on its way back.
    let listed = soon(async || driver.members(user.key()).await.ok()).await.selectors;
    let told = told.lock().unwrap().clone();
    for (token, told) in &told {
        let record = driver.load(&token.selector()).await.unwrap();
        assert!(*told != Told::SignedIn || record.is_some(), "an acknowledged login is gone");
        assert!(*told != Told::Ended || record.is_none(), "an acknowledged logout was undone");
        assert!(record.is_none() || listed.contains(&token.selector()), "a session is not listed");
    }
    let ended = told.iter().filter(|(_, told)| *told == Told::Ended).count();
    println!("{KILLS} kills: {} visits, {ended} of them ended", told.len());
    assert_eq!(driver.revoke_all(user.key(), None).await.unwrap(), listed.len());
}
