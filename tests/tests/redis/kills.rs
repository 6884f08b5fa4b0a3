//! Redis killed with SIGKILL under load: every acknowledged commit is there afterwards, and none was applied twice.

use session_runtime::drivers::RedisConfig;
use session_tests::redis::{Options, Server};

use super::load::Load;
use super::stage::{sessions, stored, views};

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
