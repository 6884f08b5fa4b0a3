//! What a browser adds to a request and does with an answer, against a service that tells what it saw.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Frame};
use hyper::service::{Service, service_fn};

use super::{Exchange, TestClient, TestError};
use crate::clock::SystemClock;
use crate::testing::jar::{CookieJar, Refusal, Site};

mod redirects_and_errors;

type Answer = Response<Full<Bytes>>;

fn jar() -> CookieJar {
    CookieJar::new(SystemClock)
}

/// A client of a service whose handler may look at the whole request, body included.
fn client(
    handler: impl Fn(Request<Bytes>) -> Answer + Clone + Send + 'static,
) -> TestClient<
    impl Service<Request<Full<Bytes>>, Response = Answer, Error = Infallible, Future: Send + 'static>,
> {
    let service = service_fn(move |request: Request<Full<Bytes>>| {
        let handler = handler.clone();
        async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            Ok::<_, Infallible>(handler(Request::from_parts(head, body)))
        }
    });
    TestClient::new(service, jar())
}

/// Answers with what arrived: method, target, the named headers, body.
fn echo(request: &Request<Bytes>) -> Answer {
    let shown = |name: &str| match request.headers().get(name) {
        Some(value) => format!(" {name}={}", value.to_str().unwrap()),
        None => String::new(),
    };
    let headers: String = ["host", "cookie", "content-type", "authorization"].map(shown).concat();
    let body = str::from_utf8(request.body()).unwrap();
    Response::new(Full::from(format!("{} {}{headers} {body}", request.method(), request.uri())))
}

/// Redirects `/<status>/<target>` to the target, which echoes.
fn redirecting(request: &Request<Bytes>) -> Answer {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let Some((status, target)) = path.split_once('/').filter(|(status, _)| status.parse::<u16>().is_ok())
    else {
        return echo(request);
    };
    Response::builder()
        .status(status.parse::<u16>().unwrap())
        .header("location", target)
        .header("set-cookie", format!("from={status}; Path=/"))
        .body(Full::default())
        .unwrap()
}

fn setting(line: &'static str) -> impl Fn(Request<Bytes>) -> Answer + Clone + Send + 'static {
    move |_| Response::builder().header("set-cookie", line).body(Full::default()).unwrap()
}

fn must_be_send<T: Send + 'static>(value: T) -> T {
    value
}

#[tokio::test]
async fn a_server_sees_the_origin_form_and_the_host() {
    let client = client(|request| echo(&request));
    let answer = client.get("/cart?full=1#top").send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "GET /cart?full=1 host=shop.example ");
    assert_eq!(answer.url(), "https://shop.example/cart?full=1");
    let other = client.at("http://127.0.0.1:3000".parse().unwrap());
    assert_eq!(other.get("/").send().await.unwrap().text().unwrap(), "GET / host=127.0.0.1:3000 ");
}

#[tokio::test]
async fn cookies_of_an_answer_go_along_with_the_next_request() {
    let client = client(|request| match request.uri().path() {
        "/login" => setting("__Host-id=1; Path=/; Secure; HttpOnly")(request),
        _ => echo(&request),
    });
    assert!(!client.get("/").send().await.unwrap().text().unwrap().contains("cookie"));
    let login = client.post("/login").send().await.unwrap();
    assert_eq!(login.set_cookies(), ["__Host-id=1; Path=/; Secure; HttpOnly"]);
    assert_eq!(login.set_cookie("__Host-id").unwrap().http_only(), Some(true));
    assert_eq!(
        client.clone().get("/").send().await.unwrap().text().unwrap(),
        "GET / host=shop.example cookie=__Host-id=1 "
    );
    assert!(!client.other_browser().get("/").send().await.unwrap().text().unwrap().contains("cookie"));
}

#[tokio::test]
async fn a_cookie_header_of_the_test_takes_the_place_of_the_jars() {
    let client = client(|request| echo(&request));
    client.put_cookie("id=1").unwrap();
    let answer = client.get("/").header("cookie", "id=forged").send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "GET / host=shop.example cookie=id=forged ");
}

#[tokio::test]
async fn what_the_jar_refuses_can_be_asked_for() {
    let client = client(setting("__Host-id=1; Secure"));
    client.get("/").send().await.unwrap();
    assert_eq!(client.jar().refused()[0].reason(), Refusal::HostPrefix);
    assert!(client.jar().cookies().is_empty());
}

#[tokio::test]
async fn a_form_is_urlencoded_and_json_is_json() {
    let client = client(|request| echo(&request));
    let form = client.post("/").form(&[("name", "a&b"), ("note", "ü 1")]).send().await.unwrap();
    assert_eq!(
        form.text().unwrap(),
        "POST / host=shop.example content-type=application/x-www-form-urlencoded name=a%26b&note=%C3%BC+1"
    );
    let json = client.post("/").json(&[1, 2]).send().await.unwrap();
    assert_eq!(json.text().unwrap(), "POST / host=shop.example content-type=application/json [1,2]");
    let own = client.post("/").header("content-type", "application/ld+json").json("x").send().await.unwrap();
    assert_eq!(own.text().unwrap(), "POST / host=shop.example content-type=application/ld+json \"x\"");
    let raw = client.request(Method::PUT, "/").body("raw").send().await.unwrap();
    assert_eq!(raw.text().unwrap(), "PUT / host=shop.example raw");
}

#[tokio::test]
async fn a_request_from_another_site_leaves_lax_cookies_behind_unless_it_is_a_link() {
    let client = client(|request| echo(&request));
    client.put_cookie("lax=1; SameSite=Lax").unwrap();
    client.put_cookie("strict=1; SameSite=Strict").unwrap();
    let link = client.get("/").cross_site().send().await.unwrap();
    assert_eq!(link.text().unwrap(), "GET / host=shop.example cookie=lax=1 ");
    let form = client.post("/").cross_site().send().await.unwrap();
    assert_eq!(form.text().unwrap(), "POST / host=shop.example ");
    let image = client.get("/").from_site(Site::CrossSubresource).send().await.unwrap();
    assert_eq!(image.text().unwrap(), "GET / host=shop.example ");
}

#[tokio::test]
async fn the_answer_to_a_foreign_subresource_request_sets_no_same_site_cookie() {
    let client = client(setting("id=1"));
    client.get("/").from_site(Site::CrossSubresource).send().await.unwrap();
    assert_eq!(client.jar().refused()[0].reason(), Refusal::CrossSite);
}

#[tokio::test]
async fn a_started_request_carries_the_cookies_of_its_start_and_changes_none_until_delivered() {
    let client = client(|request| {
        let cookie = request.headers().get("cookie").map_or("", |value| value.to_str().unwrap());
        Response::builder()
            .header("set-cookie", format!("last={}; Path=/", request.uri().path()))
            .body(Full::from(cookie.to_owned()))
            .unwrap()
    });
    client.put_cookie("last=none").unwrap();
    let value = || client.jar().cookie("last").unwrap().value().to_owned();
    let first = client.get("/first").start();
    let second = client.get("/second").start();
    let second = must_be_send(second).await.unwrap();
    assert_eq!(value(), "none");
    client.deliver(&second);
    assert_eq!(value(), "/second");
    let first = first.await.unwrap();
    assert_eq!(first.text().unwrap(), "last=none");
    client.deliver(&first);
    assert_eq!(value(), "/first");
}

#[tokio::test]
async fn a_redirect_is_not_followed_unless_asked_for() {
    let client = client(|request| redirecting(&request));
    let answer = client.get("/303//home").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), Some("/home"));
    let home = client.get("/303//home").follow().send().await.unwrap();
    assert_eq!(home.url(), "https://shop.example/home");
}

#[tokio::test]
async fn a_relative_location_is_resolved_against_the_request() {
    let client = client(|request| match request.uri().path() {
        "/cart/add" => {
            Response::builder().status(302).header("location", "items?new=1").body(Full::default()).unwrap()
        }
        _ => echo(&request),
    });
    let answer = client.get("/cart/add").follow().send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "GET /cart/items?new=1 host=shop.example ");
}
