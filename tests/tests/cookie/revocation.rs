//! What a copied cookie is worth after its session was ended, rotated or revoked.

use serde_json::json;
use session_runtime::testing::{Call, Fault, Gate};
use session_tests::stage::{Acts, Says};

use super::server::Server;

#[tokio::test]
async fn a_cookie_from_before_the_end_opens_nothing_on_any_server() {
    for ahead in [0, 5_000, -5_000] {
        for ending in ["logout", "invalidate", "clear; forget theme"] {
            let server = Server::checked();
            let other = server.beside(ahead);
            server.browser.run("increment; push tea").await;
            if ending != "clear; forget theme" {
                server.browser.run("login 42").await;
            }
            let cookies = server.cookies();
            assert!(other.opens(&other.with_cookies(&cookies)).await, "before the end it opens");
            server.browser.run(ending).await;
            for server in [&server, &other] {
                assert!(!server.opens(&server.with_cookies(&cookies)).await, "{ending}, {ahead} ms ahead");
            }
        }
    }
}

#[tokio::test]
async fn the_memory_of_an_ended_session_lasts_as_long_as_a_copy_could_open_it() {
    for ahead in [0, 5_000, -5_000] {
        let server = Server::checked();
        let other = server.beside(ahead);
        server.browser.run("login 42").await;
        // Touched by the other server at the last moment.
        let copies = other.with_cookies(&server.cookies());
        server.browser.run("logout").await;
        for minute in 0..130 {
            assert!(!other.opens(&copies).await, "{ahead} ms ahead, minute {minute}");
            server.later(60);
            other.later(60);
            server.sessions.sweep(100).await.unwrap();
        }
        assert!(server.store.driver().is_empty(), "nothing is remembered for longer than it matters");
    }
}

#[tokio::test]
async fn a_cookie_from_before_a_login_is_superseded_and_then_a_strangers() {
    for rotation in ["login 42", "regenerate"] {
        let server = Server::checked();
        server.browser.run("increment").await;
        let old = server.copy();
        server.browser.run(rotation).await;
        let answer = old.run("increment").await;
        assert!(answer.sent_no_cookie(), "{rotation}: the new cookie is not overwritten");
        assert_eq!(answer.fact("views"), json!(1), "its own write on an empty session");
        server.later(61);
        let answer = old.run("increment").await;
        assert!(!answer.sent_no_cookie(), "no session: a write begins a new one");
        assert_eq!(server.browser.run("load").await.fact("views"), json!(1), "ours goes on");
    }
}

#[tokio::test]
async fn an_answer_to_an_old_request_does_not_bring_an_ended_session_back() {
    let server = Server::checked();
    server.browser.run("login 42; put a").await;
    let gate = server.script.gate("slow");
    let slow = tokio::spawn(server.browser.begin("load; increment; at-gate slow"));
    gate.reached().await;
    server.browser.run("logout").await;
    gate.open();
    let late = slow.await.unwrap().unwrap();
    assert!(late.sent_no_cookie(), "what was loaded before the logout is dropped: {:?}", late.set_cookies());
    server.browser.deliver(&late);
    assert_eq!(server.browser.run("load").await.fact("user"), json!(null));

    // A request that presents the ended session's cookie gets no new one for a minute.
    let server = Server::checked();
    server.browser.run("login 42").await;
    let old = server.copy();
    server.browser.run("logout").await;
    assert!(old.run("increment").await.sent_no_cookie());
    server.later(61);
    assert!(!old.run("increment").await.sent_no_cookie());
}

#[tokio::test]
async fn of_two_rotations_at_once_one_counts() {
    let server = Server::checked();
    server.browser.run("increment").await;
    let gate = server.script.gate("both");
    let both = ["login 1", "login 2"]
        .map(|login| tokio::spawn(server.browser.begin(&format!("load; at-gate both; {login}; commit"))));
    gate.reached().await;
    gate.reached().await;
    gate.open();
    let mut outcomes = Vec::new();
    for one in both {
        outcomes.push(one.await.unwrap().unwrap().said()[0].clone());
    }
    outcomes.sort_by_key(ToString::to_string);
    // The slower login goes on in a session of its own, as with every driver.
    assert_eq!(outcomes, [json!("committed"), json!("created")]);
}

#[tokio::test]
async fn all_sessions_of_a_principal_end_at_once() {
    for ahead in [0, 5_000, -5_000] {
        let server = Server::checked();
        let other = server.beside(ahead);
        let phone = other.browser.other_browser();
        server.browser.run("login 42").await;
        phone.run("login 42; put a").await;
        let neighbour = server.browser.other_browser();
        neighbour.run("login 7").await;

        other.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        assert_eq!(phone.run("load").await.fact("user"), json!(null), "{ahead} ms ahead");
        assert_eq!(server.browser.run("load").await.fact("user"), json!(null));
        assert_eq!(neighbour.run("load").await.fact("user"), json!(7));

        server.later(60);
        server.browser.run("login 42").await;
        assert_eq!(server.browser.run("load").await.fact("user"), json!(42), "a login after it holds");
        other.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        server.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        assert_eq!(server.browser.run("load").await.fact("user"), json!(null), "and is revoked again");
    }
}

#[tokio::test]
async fn a_login_on_its_way_does_not_slip_past_a_revocation() {
    for begun in ["increment", "login 42"] {
        let server = Server::checked();
        server.browser.run(begun).await;
        let gate = Gate::closed();
        // The login's second look at the store comes last.
        server.store.fail(Call::Create, Fault::HeldBefore(gate.clone()));
        let mut login = tokio::spawn(server.browser.begin("login 42"));
        tokio::select! {
            () = gate.reached() => {}
            _ = &mut login => unreachable!("the login has remembered nothing"),
        }
        let other = server.beside(0);
        server.store.recover();
        other.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        gate.open();
        let answer = login.await.unwrap().unwrap();
        assert!(answer.sent_no_cookie(), "{begun}: nobody is told that he is signed in");
        server.browser.deliver(&answer);
        assert_eq!(server.browser.run("load").await.fact("user"), json!(null), "{begun}");
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_no_logout() {
    let server = Server::checked();
    server.browser.run("login 42").await;
    let before = server.cookies();
    for call in [Call::Load, Call::Create] {
        server.store.fail(call, Fault::Unavailable);
        let answer = server.browser.run("increment; regenerate").await;
        assert_eq!((answer.status().as_u16(), answer.sent_no_cookie()), (503, true), "{call:?}");
        let answer = server.browser.run("logout").await;
        assert_eq!((answer.status().as_u16(), answer.sent_no_cookie()), (503, true), "{call:?}");
        server.store.recover();
    }
    assert_eq!(server.cookies(), before);
    assert_eq!(server.browser.run("load").await.fact("user"), json!(42));
    assert!(Server::checked().browser.run("load").await.status().is_success());
}

#[tokio::test]
async fn without_a_store_a_copy_opens_until_its_deadline_and_nothing_can_be_revoked() {
    let server = Server::accepting_replay(|driver| driver);
    server.browser.run("login 42").await;
    let copy = server.copy();
    server.browser.run("logout").await;
    assert!(server.opens(&copy).await, "that is what accepting replay means");
    let refused = server.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap_err();
    assert!(matches!(refused, session_runtime::SessionError::NotKept), "{refused}");
}

#[tokio::test]
async fn one_read_of_the_store_per_load_and_another_per_change() {
    let server = Server::checked();
    server.browser.run("login 42").await;
    let calls_of = async |script: &str| {
        server.store.forget();
        server.browser.run(script).await;
        server.store.calls()
    };
    assert!(calls_of("status 200").await.is_empty(), "who does not ask costs nothing");
    assert_eq!(calls_of("load").await, [Call::Load; 2], "denial and generation, at once");
    assert_eq!(calls_of("increment").await, [Call::Load; 4], "and once more before it is sealed");
}

#[tokio::test]
async fn what_is_remembered_tells_nothing_of_the_session() {
    let server = Server::checked();
    server.browser.run("put a-secret-word; login 424242").await;
    let selector = server.browser.run("load").await.fact("selector");
    server.browser.run("regenerate").await;
    server.browser.run("logout").await;
    server.sessions.of(&424_242).unwrap().revoke_all().await.unwrap();
    let selector = selector.as_str().unwrap().parse().unwrap();
    let record =
        session_runtime::drivers::Driver::load(server.store.driver(), &selector).await.unwrap().unwrap();
    let document = record.to_document();
    assert!(document.contains("revoked"), "{document}");
    for secret in ["a-secret-word", "424242"] {
        assert!(!document.contains(secret), "{document}");
    }
}

#[tokio::test]
async fn a_full_store_refuses_rather_than_forgets() {
    use session_runtime::drivers::{
        CookieDriver, KeyRing, MemoryBounds, MemoryDriver, Revocation, RevocationStore,
    };
    let clock = session_runtime::testing::ManualClock::default();
    let bounds = MemoryBounds { sessions: 3, bytes: 1 << 20 };
    let store = RevocationStore::over(MemoryDriver::bounded(bounds).with_clock(clock.clone()));
    let driver = CookieDriver::new(KeyRing::ephemeral().unwrap(), Revocation::Checked(store));
    let sessions = session_runtime::Sessions::builder(driver).clock(clock.clone()).build().unwrap();
    let (_, browser) = session_tests::stage::open(&sessions, &clock);
    let mut copies = Vec::new();
    for number in 0..5 {
        let visitor = browser.other_browser();
        visitor.run("put a").await;
        let copy = browser.other_browser();
        copy.put_cookie(&format!("__Host-id={}; Path=/; Secure", visitor.token())).unwrap();
        let status = visitor.run("invalidate").await.status().as_u16();
        assert_eq!(status, if number < 3 { 200 } else { 503 }, "the end of session {number}");
        if number < 3 {
            copies.push(copy);
        }
    }
    for copy in copies {
        assert_eq!(copy.run("load").await.fact("all"), json!({}));
    }
}

#[tokio::test]
async fn a_second_revocation_counts_whatever_the_clocks_say() {
    // In the same millisecond, and on a server whose clock is behind.
    for behind in [0, -5_000] {
        let server = Server::checked();
        let other = server.beside(behind);
        server.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        server.browser.run("login 42").await;
        assert_eq!(server.browser.run("load").await.fact("user"), json!(42));
        other.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        assert_eq!(server.browser.run("load").await.fact("user"), json!(null), "{behind} ms behind");
    }
}
