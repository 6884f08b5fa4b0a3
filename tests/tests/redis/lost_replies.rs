//! Connections that break at the worst moment: nothing counts twice, and whoever cannot know says so.

use http::StatusCode;
use serde_json::json;
use session_runtime::drivers::{Applicability, RedisConfig};
use session_runtime::{Sessions, Token};
use session_tests::redis::{Options, Proxy, Server, Trick};

use super::load::Load;
use super::stage::{browser, increment, sessions, soon, stored, unavailable, views};
use session_tests::stage::{Acts, Says, Shop};

/// Beside a proxy that plays tricks stands a manager that asks the server itself.
struct Stage {
    proxy: Proxy,
    through_proxy: Sessions,
    direct: Sessions,
    token: Token,
    server: Server,
}

impl Stage {
    async fn new() -> Self {
        let server = Server::start(&Options::new());
        let proxy = Proxy::start(server.port()).await;
        let through_proxy = sessions(RedisConfig::standalone(server.url_by(proxy.port()))).await;
        let direct = sessions(RedisConfig::standalone(server.url())).await;
        let token = stored(&direct).await;
        Self { proxy, through_proxy, direct, token, server }
    }

    /// Loads and records one increment, and plays the trick on its commit.
    async fn commit_under(&self, trick: Trick) -> Applicability {
        let session = self.through_proxy.open::<Shop>(self.token).await.unwrap();
        session.views().increment().unwrap();
        self.proxy.play(trick);
        unavailable(&session.commit().await)
    }

    /// Asks until the driver has connected again, which it does by itself.
    async fn recovered(&self) {
        soon(async || self.through_proxy.open::<Shop>(self.token).await.ok()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_increment_whose_answer_is_lost_counts_once_and_says_unknown() {
    let stage = Stage::new().await;
    for trick in [Trick::SwallowReply, Trick::CutReply(0), Trick::CutReply(1), Trick::CutReply(3)] {
        for _ in 0..10 {
            let before = views(&stage.direct, stage.token).await;
            assert_eq!(stage.commit_under(trick).await, Applicability::Unknown, "{trick:?}");
            stage.proxy.played().await;
            assert_eq!(views(&stage.direct, stage.token).await, before + 1, "{trick:?}: the script ran once");
            stage.recovered().await;
            assert_eq!(views(&stage.direct, stage.token).await, before + 1, "{trick:?}: sent again later");
        }
    }
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_increment_that_never_arrived_is_not_made_up_for() {
    let stage = Stage::new().await;
    for _ in 0..10 {
        // Nobody on our side can know that it did not arrive.
        assert_eq!(stage.commit_under(Trick::SwallowRequest).await, Applicability::Unknown);
        stage.recovered().await;
        assert_eq!(views(&stage.direct, stage.token).await, 0);
    }
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn half_a_request_changes_nothing() {
    let stage = Stage::new().await;
    let large = "x".repeat(60_000);
    for arrived in [1, 100, 30_000] {
        let session = stage.through_proxy.open::<Shop>(stage.token).await.unwrap();
        session.views().increment().unwrap();
        session.put("large", &large).unwrap();
        stage.proxy.play(Trick::CutRequest(arrived));
        assert_eq!(unavailable(&session.commit().await), Applicability::Unknown, "{arrived} bytes");
        stage.recovered().await;
        let session = stage.direct.open::<Shop>(stage.token).await.unwrap();
        assert_eq!((session.views().get().unwrap(), session.exists("large")), (0, false), "{arrived} bytes");
    }
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_browser_keeps_its_session_when_an_answer_is_lost() {
    let stage = Stage::new().await;
    let browser = browser(&stage.through_proxy);
    browser.run("login 42; increment").await;
    let token = browser.token();
    // The answer to the read, and the one to the write.
    for (spared, views) in [(0, 1), (1, 2)] {
        stage.proxy.play_after(spared, Trick::SwallowReply);
        let answer = browser.run("increment").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.sent_no_cookie() && answer.body().is_empty());
        stage.recovered().await;
        let answer = browser.run("load").await;
        assert_eq!((answer.fact("user"), answer.fact("views")), (json!(42), json!(views)));
    }
    assert_eq!(browser.token(), token);
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_late_answer_counts_as_lost_and_is_nobody_elses_answer() {
    let stage = Stage::new().await;
    let other = stored(&stage.direct).await;
    for round in 1..=5 {
        assert_eq!(stage.commit_under(Trick::Hold).await, Applicability::Unknown);
        assert_eq!(
            views(&stage.direct, stage.token).await,
            2 * round - 1,
            "it ran, although nobody was told"
        );
        stage.proxy.pass();
        // The held answer arrives while others are on their way; each must get its own.
        stage.recovered().await;
        let (one, two) = tokio::join!(
            increment(&stage.through_proxy, stage.token),
            increment(&stage.through_proxy, other)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(views(&stage.through_proxy, stage.token).await, 2 * round);
        assert_eq!(views(&stage.through_proxy, other).await, round);
    }
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_creation_a_login_and_a_logout_whose_answers_are_lost_are_typed_and_never_halves() {
    let stage = Stage::new().await;
    let create = async || {
        let session = stage.through_proxy.create::<Shop>().await.unwrap();
        session.views().set(1).unwrap();
        session.commit().await
    };
    stage.proxy.play(Trick::SwallowReply);
    assert_eq!(unavailable(&create().await), Applicability::Unknown);
    stage.recovered().await;
    let session = stage.through_proxy.open::<Shop>(stage.token).await.unwrap();
    session.user().logout().unwrap();
    stage.proxy.play(Trick::SwallowReply);
    assert_eq!(unavailable(&session.commit().await), Applicability::Unknown);
    stage.recovered().await;
    let session = stage.direct.open::<Shop>(stage.token).await.unwrap();
    assert!(session.selector().is_none(), "the logout was carried out although its answer was lost");
    drop(stage.server);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_cut_under_load_lose_and_double_nothing() {
    let stage = Stage::new().await;
    let load = Load::start(&stage.through_proxy, stage.token, 16);
    for _ in 0..10 {
        load.tally.grows_by(50).await;
        stage.proxy.cut();
    }
    load.tally.grows_by(50).await;
    load.end().await.assert_exact(views(&stage.direct, stage.token).await);
    drop(stage.server);
}
