//! Sessions without the service: by headers, by token, and out of any request.

use http::{HeaderMap, Response, StatusCode};
use session_runtime::testing::Call;
use session_runtime::{Outcome, Session, SessionError, Token, Untyped};

use session_tests::stage::{Acts, Says, Shop, World};

fn headers(cookie: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("cookie", cookie.parse().unwrap());
    headers
}

#[tokio::test]
async fn loading_and_finishing_by_hand_is_what_the_service_does() {
    let world = World::new();
    let session: Session<Shop> = world.sessions.load(&HeaderMap::new()).await.unwrap();
    session.views().increment().unwrap();
    let mut response = Response::new(());
    assert_eq!(world.sessions.finish(&session, &mut response).await.unwrap(), Outcome::Created);
    let line = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!(response.headers()["cache-control"], "no-store");

    let session: Session<Shop> =
        world.sessions.load(&headers(line.split(';').next().unwrap())).await.unwrap();
    assert_eq!(session.views().get().unwrap(), 1);
    session.views().increment().unwrap();
    let mut failed = Response::new(());
    *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    assert_eq!(world.sessions.finish(&session, &mut failed).await.unwrap(), Outcome::Unchanged);
    assert!(matches!(session.views().increment(), Err(SessionError::Committed)));
}

#[tokio::test]
async fn a_service_inside_a_service_of_the_same_manager_makes_one_session() {
    let world = World::new();
    let twice = world.sessions.service(world.sessions.service(world.script.clone()));
    let client = session_runtime::testing::TestClient::new(twice, world.browser.jar().clone());
    let answer = client.post("/").body("increment").send().await.unwrap();
    assert_eq!((answer.set_cookies().len(), world.records()), (1, 1));
    let answer = client.post("/").body("increment; login 42; error").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(client.post("/").body("load").send().await.unwrap().fact("views"), 1);
}

#[tokio::test]
async fn the_header_that_carries_the_token_is_marked_sensitive() {
    let world = World::new();
    let session: Session<Shop> = world.sessions.load(&HeaderMap::new()).await.unwrap();
    session.views().increment().unwrap();
    let mut response = Response::new(());
    world.sessions.finish(&session, &mut response).await.unwrap();
    let shown = format!("{response:?} {:?} {session:?}", world.sessions.set_cookies(&session).unwrap());
    assert!(!shown.contains(&world.sessions.token(&session).unwrap().reveal()[22..]), "{shown}");
}

#[tokio::test]
async fn a_session_is_created_and_opened_out_of_a_request() {
    let world = World::new();
    let session = world.sessions.create::<Shop>().await.unwrap();
    assert!(world.sessions.token(&session).is_none());
    session.cart().set(vec!["tea".to_owned()]).unwrap();
    session.user().login(42).unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Created);
    let token = world.sessions.token(&session).unwrap();
    assert!(session.is_fresh() && session.selector() == Some(token.selector()));

    let again = world.sessions.open::<Untyped>(token).await.unwrap();
    assert_eq!(again.principal::<u64>().unwrap(), Some(42));
    assert_eq!(again.get::<Vec<String>>("cart").unwrap().unwrap(), ["tea"]);
    again.logout().unwrap();
    assert_eq!(again.commit().await.unwrap(), Outcome::Destroyed);
    assert!(world.sessions.token(&again).is_none());
    let dead = Token::parse(token.reveal()).unwrap();
    assert!(world.sessions.open::<Shop>(dead).await.unwrap().is_fresh());
}

#[tokio::test]
async fn a_test_seeds_a_session_from_a_typed_value() {
    let world = World::new();
    let seeded = world.browser.seed::<Shop>(&world.sessions, |session| {
        session.fill(Shop { theme: "dark".into(), views: 7, ..session.snapshot()? })?;
        session.notice().flash("welcome")?;
        session.user().login(42)
    });
    seeded.await.unwrap();
    let answer = world.browser.run("load").await;
    assert_eq!(
        answer.fact("all"),
        serde_json::json!({ "cart": [], "small": 0, "theme": "dark", "views": 7 })
    );
    assert_eq!((answer.fact("user"), answer.fact("notice")), (42.into(), "welcome".into()));
}

#[tokio::test]
async fn nothing_is_stored_for_a_session_that_stays_empty() {
    let world = World::new();
    let session = world.sessions.create::<Shop>().await.unwrap();
    assert_eq!(session.commit().await.unwrap(), Outcome::Unchanged);
    assert!(world.spy.calls().is_empty());
}

#[tokio::test]
async fn a_random_source_that_repeats_itself_is_an_error_and_no_endless_loop() {
    use session_runtime::{RandomError, RandomSource};

    struct Stuck;
    impl RandomSource for Stuck {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
            bytes.fill(7);
            Ok(())
        }
    }
    let world = World::with(|builder| builder.random(Stuck));
    world.browser.run("increment").await;
    let answer = world.stranger().run("increment").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.browser.run("load").await.fact("views"), 1, "the first session is untouched");
    assert_eq!(world.spy.calls().iter().filter(|call| **call == Call::Create).count(), 9);
}
