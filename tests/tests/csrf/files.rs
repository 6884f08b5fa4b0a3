//! Forms with files on their way through the guard, over a real server.

use serde_json::json;

use super::wire::Wire;

const MEDIA: &str = "multipart/form-data; boundary=\"x y\"";

/// A form of these parts: name, name of the file, content.
fn form(parts: &[(&str, Option<&str>, &str)]) -> String {
    let part = |(name, file, content): &(&str, Option<&str>, &str)| {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        format!("--x y\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n")
    };
    parts.iter().map(part).collect::<String>() + "--x y--\r\n"
}

#[tokio::test]
async fn multipart_field_before_files() {
    let mut wire = Wire::to(|guard| guard.body_limit(2_000)).await;
    let token = wire.token.clone();
    let file = "0123456789".repeat(10_000);
    for parts in [
        vec![("_csrf", None, token.as_str())],
        vec![("_csrf", None, token.as_str()), ("photo", Some("a.png"), file.as_str())],
        vec![("name", None, "Ada"), ("_csrf", None, token.as_str()), ("photo", Some("a.png"), file.as_str())],
        vec![("_csrf", None, token.as_str()), ("photo", Some("a.png"), "x"), ("_csrf", None, "later")],
    ] {
        let body = form(&parts);
        let reply = wire.post(MEDIA, &body).await;
        assert_eq!((reply.status, reply.says("body")), (200, json!(body)));
        assert_eq!(reply.says("size"), json!(body.len()), "its length is still announced");
    }
}

#[tokio::test]
async fn it_may_come_byte_by_byte() {
    let mut wire = Wire::to(|guard| guard).await;
    let body =
        form(&[("name", None, "Ada"), ("_csrf", None, &wire.token), ("photo", Some("a.png"), "12345")]);
    let bytes: Vec<&str> = body.split("").filter(|byte| !byte.is_empty()).collect();
    let reply = wire.post_chunks(MEDIA, &bytes, "x-sum: 42\r\n").await;
    assert_eq!((reply.status, reply.says("body")), (200, json!(body)));
    assert!(reply.says("trailers").as_str().unwrap().contains("42"));
}

#[tokio::test]
async fn field_after_a_file_is_missing() {
    let mut wire = Wire::to(|guard| guard).await;
    let body =
        form(&[("name", None, "Ada"), ("photo", Some("a.png"), "12345"), ("_csrf", None, &wire.token)]);
    let reply = wire.post(MEDIA, &body).await;
    assert_eq!(
        (reply.status, reply.says("fault"), reply.says("input")),
        (403, json!("Missing"), json!({"name": "Ada"}))
    );

    let mut wire = Wire::to(|guard| guard).await;
    let as_file = form(&[("_csrf", Some("token.txt"), &wire.token)]);
    assert_eq!(wire.post(MEDIA, &as_file).await.says("fault"), json!("Missing"), "a file is no field");
    let mut wire = Wire::to(|guard| guard).await;
    let none = form(&[("name", None, "Ada")]);
    assert_eq!(wire.post(MEDIA, &none).await.says("fault"), json!("Missing"));
}

#[tokio::test]
async fn a_wrong_token_is_refused_with_what_was_typed_before_it() {
    let mut wire = Wire::to(|guard| guard).await;
    let body =
        form(&[("name", None, "Ada"), ("tag", None, "a"), ("tag", None, "b"), ("_csrf", None, "wrong")]);
    let reply = wire.post(MEDIA, &body).await;
    assert_eq!((reply.status, reply.says("fault")), (403, json!("Mismatch")));
    assert_eq!(reply.says("input"), json!({"name": "Ada", "tag": ["a", "b"]}));
}

#[tokio::test]
async fn a_token_behind_the_limit_is_413() {
    let mut wire = Wire::to(|guard| guard.body_limit(500)).await;
    let body = form(&[("text", None, &"x".repeat(600)), ("_csrf", None, &wire.token)]);
    let reply = wire.post(MEDIA, &body).await;
    assert_eq!((reply.status, reply.says("fault")), (413, json!("TooLarge")));
}

#[tokio::test]
async fn what_is_no_form_with_files_is_400() {
    let mut wire = Wire::to(|guard| guard).await;
    let reply = wire.post(MEDIA, "no form at all").await;
    assert_eq!((reply.status, reply.says("fault")), (400, json!("Unreadable")));
}

#[tokio::test(start_paused = true)]
async fn a_slow_one_is_408() {
    let mut wire = Wire::to(|guard| guard).await;
    wire.head(&[&format!("content-type: {MEDIA}"), "content-length: 1000"]).await;
    wire.send("--x y\r\n").await;
    let reply = wire.reply().await;
    assert_eq!((reply.status, reply.says("fault")), (408, json!("TooSlow")));
}
