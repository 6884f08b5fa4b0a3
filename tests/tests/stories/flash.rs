//! Flash is there for the next request only.

use serde_json::json;
use session_runtime::testing::Call;

use session_tests::stage::{Acts, Says, World};

#[tokio::test]
async fn g_62_c_15_flash_is_read_by_the_next_request_once() {
    let world = World::new();
    let answer = world.browser.run("flash saved").await;
    assert_eq!(answer.fact("notice"), json!(null), "not by the request that flashes it");
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!(null));
}

#[tokio::test]
async fn c_16_a_request_that_does_not_load_the_session_eats_no_flash() {
    let world = World::new();
    world.browser.run("flash saved").await;
    world.browser.run("").await;
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"));
}

#[tokio::test]
async fn a5_44_a6_44_c_16_a_read_only_request_sees_flash_and_leaves_it() {
    let world = World::new();
    world.browser.run("flash saved").await;
    assert_eq!(world.browser.run("load-readonly").await.fact("notice"), json!("saved"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!(null));
}

#[tokio::test]
async fn a_request_that_only_reads_and_then_writes_consumes_flash() {
    let world = World::new();
    world.browser.run("flash saved").await;
    world.browser.run("load-readonly; load").await;
    assert_eq!(world.browser.run("load").await.fact("notice"), json!(null));
}

#[tokio::test]
async fn a4_46_a_failed_request_leaves_flash_for_the_next() {
    let world = World::new();
    world.browser.run("flash saved").await;
    world.browser.run("load; status 500").await;
    world.browser.run("load; error").await;
    assert_eq!(world.browser.run("load; status 404").await.fact("notice"), json!("saved"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!(null));
}

#[tokio::test]
async fn a4_58_a5_58_g_66_kept_flash_lives_for_one_more_request_and_new_flash_wins_over_it() {
    let world = World::new();
    world.browser.run("flash old").await;
    assert_eq!(world.browser.run("keep").await.fact("notice"), json!("old"));
    assert_eq!(world.browser.run("keep; flash new").await.fact("notice"), json!("old"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("new"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!(null));
}

#[tokio::test]
async fn g_64_now_shows_a_message_to_this_request_only_and_stores_nothing() {
    let world = World::new();
    let answer = world.browser.run("now hint").await;
    assert_eq!(answer.fact("notice"), json!("hint"));
    assert_eq!(world.records(), 0);
}

#[tokio::test]
async fn row_48_flash_that_is_put_while_other_flash_is_consumed_survives() {
    let world = World::new();
    world.browser.run("flash first").await;
    let gate = world.script.gate("slow");
    let reader = tokio::spawn(world.browser.begin("load; at-gate slow"));
    gate.reached().await;
    world.stranger_with_our_cookie().run("load-readonly; load; flash second").await;
    gate.open();
    assert_eq!(reader.await.unwrap().unwrap().fact("notice"), json!("first"));
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("second"));
}

#[tokio::test]
async fn t_10_a6_53_consuming_flash_never_destroys_the_session() {
    let world = World::new();
    world.browser.run("flash only").await;
    let token = world.browser.token();
    let answer = world.browser.run("load").await;
    assert!(answer.sent_no_cookie());
    assert_eq!(world.records(), 1);
    world.browser.run("increment").await;
    assert_eq!(world.browser.token(), token);
}

#[tokio::test]
async fn c_15_flash_is_no_field() {
    let world = World::new();
    world.browser.run("flash saved").await;
    let answer = world.browser.run("read notice").await;
    assert_eq!(answer.said(), [json!(null)]);
    assert_eq!(answer.fact("all"), json!({}));
}

#[tokio::test]
async fn what_is_kept_stays_kept_across_an_explicit_commit() {
    let world = World::new();
    world.browser.run("flash saved").await;
    world.browser.run("keep; increment; commit").await;
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"));
}

#[tokio::test]
async fn flash_of_a_new_session_is_not_taken_for_what_arrived_in_the_old_one() {
    let world = World::new();
    world.browser.run("login 42; flash old").await;
    world.browser.run("load; logout; flash bye; commit").await;
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("bye"));
}

#[tokio::test]
async fn consumption_is_one_write_and_an_explicit_commit_does_not_consume() {
    let world = World::new();
    world.browser.run("flash saved").await;
    world.spy.forget();
    world.browser.run("increment; commit; status 500").await;
    assert_eq!(world.spy.calls(), [Call::Load, Call::Apply]);
    assert_eq!(world.browser.run("load").await.fact("notice"), json!("saved"));
}
