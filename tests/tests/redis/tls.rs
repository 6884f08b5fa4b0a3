//! Sessions over TLS: only to a server for whom somebody vouches who is trusted.

use session_runtime::drivers::{RedisConfig, RedisConnectError, RedisDriver};
use session_tests::redis::{Authority, Options, Server};
use session_tests::stage::Shop;

use super::stage::{increment, sessions, soon, stored, unavailable, views};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sessions_live_on_a_server_that_is_vouched_for() {
    let authority = Authority::new();
    let mut server = Server::start(&secured(&authority));
    let sessions = sessions(trusting(&authority, by_tls(&server, "127.0.0.1"))).await;
    let token = stored(&sessions).await;
    for _ in 0..20 {
        increment(&sessions, token).await.unwrap();
    }
    assert_eq!(views(&sessions, token).await, 20);
    let session = sessions.open::<Shop>(token).await.unwrap();
    session.invalidate().unwrap();
    session.commit().await.unwrap();
    assert!(sessions.open::<Shop>(token).await.unwrap().selector().is_none());

    server.kill();
    unavailable(&increment(&sessions, token).await);
    server.restart();
    let token = soon(async || {
        let session = sessions.create::<Shop>().await.ok()?;
        session.views().set(0).unwrap();
        session.commit().await.ok()?;
        sessions.token(&session)
    })
    .await;
    increment(&sessions, token).await.unwrap();
    assert_eq!(views(&sessions, token).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn servers_that_nobody_trusted_vouches_for_are_refused() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Server::start(&secured(&authority));
    let unknown = RedisConfig::standalone(by_tls(&server, "127.0.0.1"));
    let of_another = trusting(&stranger, by_tls(&server, "127.0.0.1"));
    let under_another_name = trusting(&authority, by_tls(&server, "localhost"));
    for config in [unknown, of_another, under_another_name] {
        let told = unreachable(config).await;
        assert!(told.contains("the certificate of redis is not trusted"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tls_and_its_lack_do_not_meet() {
    let authority = Authority::new();
    let server = Server::start(&secured(&authority));
    let plain_to_tls = RedisConfig::standalone(server.url_by(server.tls_port()));
    let tls_to_plain = format!("rediss://:{PASSWORD}@127.0.0.1:{}", server.port());
    for config in [plain_to_tls, trusting(&authority, tls_to_plain)] {
        let told = unreachable(config).await;
        assert!(!told.contains("not trusted"), "{told}");
    }
}

#[tokio::test]
async fn certificates_that_would_protect_nothing_are_refused() {
    let authority = Authority::new();
    let refused = async |config: RedisConfig| {
        let refused = RedisDriver::connect(config).await.unwrap_err();
        assert!(matches!(refused, RedisConnectError::RootCertificates), "{refused:?}");
    };
    for plain in [
        RedisConfig::standalone("redis://127.0.0.1:1"),
        RedisConfig::sentinel(["rediss://127.0.0.1:1", "redis://127.0.0.1:2"], "shop"),
        RedisConfig::cluster(["redis://127.0.0.1:1"]),
    ] {
        refused(RedisConfig { root_certificates: Some(authority.pem()), ..plain }).await;
    }
    let broken = authority.pem().replace("END CERTIFICATE", "END");
    for text in [String::new(), "/etc/authority.pem".to_owned(), broken] {
        let config = RedisConfig::standalone("rediss://127.0.0.1:1");
        refused(RedisConfig { root_certificates: Some(text), ..config }).await;
    }
}

fn secured(authority: &Authority) -> Options {
    Options::new().password(PASSWORD).tls(authority)
}

fn trusting(authority: &Authority, url: String) -> RedisConfig {
    RedisConfig { root_certificates: Some(authority.pem()), ..RedisConfig::standalone(url) }
}

fn by_tls(server: &Server, host: &str) -> String {
    format!("rediss://:{PASSWORD}@{host}:{}", server.tls_port())
}

/// What is told of a server that is there and not used.
async fn unreachable(config: RedisConfig) -> String {
    let error = RedisDriver::connect(config).await.unwrap_err();
    let RedisConnectError::Unreachable { source } = &error else { panic!("{error:?}") };
    let told = format!("{error}: {source} {error:?}");
    assert!(!told.contains(PASSWORD), "{told}");
    told
}

const PASSWORD: &str = "open-sesame";
