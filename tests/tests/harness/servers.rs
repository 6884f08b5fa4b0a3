//! Servers in every topology: started, killed, started again, and gone with the test.

use redis::RedisResult;
use session_tests::redis::{Cluster, Monitor, Options, Sentinels, Server, until};

#[test]
fn an_append_only_server_keeps_what_it_acknowledged() {
    let mut server = Server::start(&Options::new().append_only());
    server.ask::<()>(&["SET", "a", "1"]);
    server.kill();
    assert!(server.try_ask::<String>(&["PING"]).is_err(), "a killed server answers");
    server.restart();
    assert_eq!(server.ask::<u64>(&["GET", "a"]), 1);
    assert!(server.files().iter().any(|file| file.extension().is_some_and(|end| end == "aof")));
}

#[test]
fn a_server_that_persists_nothing_is_empty_after_a_restart() {
    let mut server = Server::start(&Options::new());
    server.ask::<()>(&["SET", "a", "1"]);
    server.restart();
    assert_eq!(server.keys(), Vec::<Vec<u8>>::new());
}

#[test]
fn a_password_is_asked_for() {
    let server = Server::start(&Options::new().password("open-sesame"));
    assert_eq!(server.ask::<String>(&["PING"]), "PONG");
    let stranger = redis::Client::open(format!("redis://127.0.0.1:{}", server.port())).unwrap();
    let refused: RedisResult<String> = redis::cmd("PING").query(&mut stranger.get_connection().unwrap());
    assert!(refused.unwrap_err().to_string().contains("NOAUTH"));
}

#[test]
fn a_dropped_server_is_dead_and_its_folder_gone() {
    let server = Server::start(&Options::new());
    let (url, folder) = (server.url(), server.folder().to_owned());
    drop(server);
    assert!(redis::Client::open(url).unwrap().get_connection().is_err());
    assert!(!folder.exists());
}

#[test]
fn a_server_dies_with_a_test_that_panics() {
    let panicked = std::thread::spawn(|| {
        let server = Server::start(&Options::new());
        let url = server.url();
        std::panic::panic_any(url);
    });
    let url = *panicked.join().unwrap_err().downcast::<String>().unwrap();
    assert!(redis::Client::open(url).unwrap().get_connection().is_err());
}

#[test]
fn the_monitor_tells_what_clients_sent_and_counts_a_script_once() {
    let server = Server::start(&Options::new());
    let mut monitor = Monitor::start(&server);
    server.ask::<()>(&["SET", "a", "1"]);
    server.ask::<()>(&["EVAL", "redis.call('SET', 'b', '2'); return redis.call('GET', 'b')", "0"]);
    let names: Vec<String> = monitor.seen().into_iter().map(|seen| seen.name).collect();
    assert_eq!(names, ["SET", "EVAL"]);
    assert!(monitor.seen().is_empty());
    assert_eq!((server.commandstats()["set"], server.commandstats()["get"]), (2, 1));
}

#[test]
fn a_cluster_goes_on_when_one_master_is_down_and_moves_slots() {
    let mut cluster = Cluster::start(&Options::new().append_only());
    let slot = cluster.slot("a");
    let (from, to) = (cluster.holder(slot), (cluster.holder(slot) + 1) % 3);
    cluster.nodes()[from].ask::<()>(&["SET", "a", "1"]);
    cluster.begin_move(slot, to).finish();
    assert_eq!(cluster.holder(slot), to);
    assert_eq!(cluster.nodes()[to].ask::<u64>(&["GET", "a"]), 1);
    cluster.node(from).kill();
    until("the others to see that it is down", || {
        let info: String = cluster.nodes()[to].ask(&["CLUSTER", "INFO"]);
        info.contains("cluster_slots_fail:5").then_some(())
    });
    assert_eq!(cluster.nodes()[to].ask::<u64>(&["GET", "a"]), 1);
    cluster.node(from).restart();
    cluster.settle();
}

#[test]
fn sentinels_promote_the_replica() {
    let mut group = Sentinels::start(&Options::new());
    group.primary().ask::<()>(&["SET", "a", "1"]);
    until("the replica has it", || group.replica().ask::<Option<u64>>(&["GET", "a"]));
    group.kill_primary();
    group.promoted();
    assert_eq!(group.replica().ask::<u64>(&["GET", "a"]), 1);
    group.replica().ask::<()>(&["SET", "a", "2"]);
}
