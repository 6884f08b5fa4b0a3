//! Forms on their way through the guard, over a real server.

use serde_json::json;

use super::wire::{Reply, Wire};

const FORM: &str = "application/x-www-form-urlencoded";

fn refused(reply: &Reply) -> (u16, String) {
    (reply.status, reply.says("fault").as_str().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn byte_for_byte() {
    let mut wire = Wire::to(|guard| guard).await;
    let token = wire.token.clone();
    for body in [
        format!("_csrf={token}"),
        format!("a=1&&b=%zz&_csrf={token}&c=+%2b&=&"),
        format!("_csrf={token}&text={}", "x".repeat(200_000)),
    ] {
        let reply = wire.post(FORM, &body).await;
        assert_eq!((reply.status, reply.says("body")), (200, json!(body)));
        assert_eq!(reply.says("size"), json!(body.len()), "its length is still announced");
    }
    for media in ["application/x-www-form-urlencoded; charset=utf-8", "APPLICATION/X-WWW-FORM-URLENCODED ;x"]
    {
        assert_eq!(wire.post(media, &format!("_csrf={token}")).await.status, 200, "{media}");
    }
}

#[tokio::test]
async fn chunked_without_length() {
    let mut wire = Wire::to(|guard| guard).await;
    let token = wire.token.clone();
    let (left, right) = token.split_at(20);
    let chunks = ["a=1&_cs", "rf=", left, right, "&b=2"];
    let reply = wire.post_chunks(FORM, &chunks, "x-sum: 42\r\n").await;
    assert_eq!((reply.status, reply.says("body")), (200, json!(chunks.concat())));
    assert!(reply.says("trailers").as_str().unwrap().contains("42"), "{reply:?}");
    assert_eq!(reply.says("size"), json!(chunks.concat().len()), "known by now");
}

#[tokio::test]
async fn over_the_limit_is_413_unread() {
    let mut wire = Wire::to(|guard| guard.body_limit(100)).await;
    let token = wire.token.clone();
    // Exactly the limit is not over it.
    let fits = format!("_csrf={token}&x={}", "x".repeat(100 - 49 - 3));
    assert_eq!((fits.len(), wire.post(FORM, &fits).await.status), (100, 200));
    let chunks = [fits.as_str(), "y"];
    assert_eq!(refused(&wire.post_chunks(FORM, &chunks, "").await), (413, "TooLarge".to_owned()));

    // Of an announced one, not a byte is waited for.
    let mut wire = Wire::to(|guard| guard.body_limit(100)).await;
    wire.head(&["content-type: application/x-www-form-urlencoded", "content-length: 101"]).await;
    assert_eq!(refused(&wire.reply().await), (413, "TooLarge".to_owned()));

    // With the header the form is not read, and so not measured.
    let mut wire = Wire::to(|guard| guard.body_limit(100)).await;
    let header = format!("x-csrf-token: {}", wire.token);
    wire.head(&[&header, "content-type: application/x-www-form-urlencoded", "content-length: 1000"]).await;
    wire.send(&"x".repeat(1_000)).await;
    let reply = wire.reply().await;
    assert_eq!((reply.status, reply.says("body")), (200, json!("x".repeat(1_000))));
}

#[tokio::test(start_paused = true)]
async fn slow_is_408() {
    let began = tokio::time::Instant::now();
    let mut wire = Wire::to(|guard| guard).await;
    wire.head(&["content-type: application/x-www-form-urlencoded", "content-length: 60"]).await;
    wire.send("_csrf=").await;
    assert_eq!(refused(&wire.reply().await), (408, "TooSlow".to_owned()));
    assert_eq!(began.elapsed().as_secs(), 10);

    let began = tokio::time::Instant::now();
    let mut wire = Wire::to(|guard| guard.patience(std::time::Duration::from_secs(2))).await;
    wire.head(&["content-type: application/x-www-form-urlencoded", "transfer-encoding: chunked"]).await;
    assert_eq!(refused(&wire.reply().await), (408, "TooSlow".to_owned()));
    assert_eq!(began.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let mut wire = Wire::to(|guard| guard).await;
    wire.head(&["content-type: application/x-www-form-urlencoded", "transfer-encoding: chunked"]).await;
    wire.send("5\r\n_csrf\r\nno length\r\n").await;
    assert_eq!(refused(&wire.reply().await), (400, "Unreadable".to_owned()));
}

#[tokio::test]
async fn json_needs_the_header() {
    let mut wire = Wire::to(|guard| guard).await;
    let token = wire.token.clone();
    let body = json!({ "_csrf": token }).to_string();
    // What a form of another site can send without being asked about it, and what only looks like a form.
    for media in
        ["application/json", "text/plain", "multipart/form-data", "x; application/x-www-form-urlencoded"]
    {
        let reply = wire.post(media, &body).await;
        assert_eq!(refused(&reply), (403, "Missing".to_owned()), "{media}");
        assert_eq!(reply.says("input"), json!({}), "it was not read");
    }
    let (header, length) = (format!("x-csrf-token: {token}"), format!("content-length: {}", body.len()));
    wire.head(&[&header, "content-type: application/json", &length]).await;
    wire.send(&body).await;
    let reply = wire.reply().await;
    assert_eq!((reply.status, reply.says("body")), (200, json!(body)));

    wire.head(&["content-length: 0"]).await;
    assert_eq!(refused(&wire.reply().await), (403, "Missing".to_owned()), "without any media type");
}

#[tokio::test]
async fn two_fields() {
    let mut wire = Wire::to(|guard| guard).await;
    let token = wire.token.clone();
    let same = format!("_csrf={token}&_csrf={token}");
    assert_eq!(wire.post(FORM, &same).await.status, 200);
    for other in ["x", ""] {
        for body in [format!("_csrf={token}&_csrf={other}"), format!("_csrf={other}&_csrf={token}")] {
            assert_eq!(refused(&wire.post(FORM, &body).await), (403, "Mismatch".to_owned()), "{body}");
        }
    }
}

#[tokio::test]
async fn a_refusal_has_the_input_and_not_the_token() {
    let mut wire = Wire::to(|guard| guard).await;
    let reply = wire.post(FORM, "a=1&_csrf=wrong&b=%C3%BC&a=2").await;
    assert_eq!(refused(&reply), (403, "Mismatch".to_owned()));
    assert_eq!(reply.says("input"), json!({"a": ["1", "2"], "b": "\u{fc}"}));
}
