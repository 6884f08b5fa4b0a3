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

#[tokio::test]
async fn a_post_becomes_a_get_as_browsers_do_it() {
    let client = client(|request| redirecting(&request));
    let sent = |status: u16| {
        let path = format!("/{status}//home");
        client.post(&path).form(&[("a", "1")]).follow().send()
    };
    let get = |status: u16| format!("GET /home host=shop.example cookie=from={status} ");
    for status in [301, 302, 303] {
        assert_eq!(sent(status).await.unwrap().text().unwrap(), get(status));
    }
    for status in [307, 308] {
        let kept = format!(
            "POST /home host=shop.example cookie=from={status} content-type=application/x-www-form-urlencoded a=1"
        );
        assert_eq!(sent(status).await.unwrap().text().unwrap(), kept);
    }
    let put = client.request(Method::PUT, "/302//home").body("x").follow().send().await.unwrap();
    assert!(put.text().unwrap().starts_with("PUT /home"));
    let head = client.request(Method::HEAD, "/303//home").follow().send().await.unwrap();
    assert!(head.text().unwrap().starts_with("HEAD /home"));
}

#[tokio::test]
async fn a_forged_cookie_or_host_is_for_the_first_request_only() {
    let client = client(|request| redirecting(&request));
    let request = client.get("/303//home").header("cookie", "from=forged").header("host", "evil.example");
    let answer = request.follow().send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "GET /home host=shop.example cookie=from=303 ");
}

#[tokio::test]
async fn a_redirect_to_another_origin_leaves_cookies_and_authorization_behind() {
    let client = client(|request| redirecting(&request));
    let request = client.get("/303/https://pay.example/home").header("authorization", "Basic x");
    let answer = request.follow().send().await.unwrap();
    assert_eq!(answer.text().unwrap(), "GET /home host=pay.example ");
    let request = client.get("/303//home").header("authorization", "Basic x");
    let answer = request.follow().send().await.unwrap();
    assert!(answer.text().unwrap().contains("authorization=Basic x"));
}

#[tokio::test]
async fn ten_redirects_are_followed_and_not_one_more() {
    let calls = Arc::new(AtomicUsize::new(0));
    let limit = Arc::new(AtomicUsize::new(10));
    let (count, most) = (Arc::clone(&calls), Arc::clone(&limit));
    let client = client(move |_| {
        let status =
            if count.fetch_add(1, Ordering::SeqCst) < most.load(Ordering::SeqCst) { 302 } else { 200 };
        Response::builder().status(status).header("location", "/").body(Full::default()).unwrap()
    });
    assert_eq!(client.get("/").follow().send().await.unwrap().status(), StatusCode::OK);
    calls.store(0, Ordering::SeqCst);
    limit.store(11, Ordering::SeqCst);
    assert!(matches!(client.get("/").follow().send().await, Err(TestError::TooManyRedirects)));
    assert_eq!(calls.load(Ordering::SeqCst), 11);
}

#[tokio::test]
async fn mistakes_of_the_request_are_typed() {
    let client = client(|request| echo(&request));
    assert!(matches!(client.get("https://").send().await, Err(TestError::Url(_))));
    assert!(matches!(client.get("mailto:a@b.example").send().await, Err(TestError::Address)));
    assert!(matches!(client.get("/").header("a b", "1").send().await, Err(TestError::Request(_))));
    assert!(matches!(client.get("/").header("a", "1\n").start().await, Err(TestError::Request(_))));
    let unwritable = std::collections::HashMap::from([((1, 2), 3)]);
    assert!(matches!(client.post("/").json(&unwritable).send().await, Err(TestError::Encode(_))));
}

#[tokio::test]
async fn failures_of_the_service_and_of_its_body_are_typed() {
    let failing = service_fn(|_: Request<Full<Bytes>>| async { Err::<Answer, _>(io::Error::other("down")) });
    let sent = TestClient::new(failing, jar()).get("/").send().await;
    assert!(matches!(sent, Err(TestError::Service(_))));
    let broken = service_fn(|_: Request<Full<Bytes>>| async {
        Ok::<_, io::Error>(Response::new(BrokenBody { begun: false }))
    });
    let sent = TestClient::new(broken, jar()).get("/").send().await;
    assert!(matches!(sent, Err(TestError::Body(_))));
}

#[tokio::test]
async fn a_body_is_read_as_text_or_json_or_refused() {
    let client = client(|request| Response::new(Full::from(request.into_body())));
    let sent = |body: &'static [u8]| client.post("/").body(body).send();
    assert_eq!(sent(b"[1,2]").await.unwrap().json::<Vec<u8>>().unwrap(), [1, 2]);
    assert!(matches!(sent(b"[1,").await.unwrap().json::<Vec<u8>>(), Err(TestError::Decode(_))));
    assert!(matches!(sent(b"\xff").await.unwrap().text(), Err(TestError::NotText(_))));
    assert_eq!(sent(b"\xff").await.unwrap().body().as_ref(), b"\xff");
}

#[tokio::test]
async fn several_tasks_share_one_client() {
    let client = client(|request| {
        let line = format!("{}=1; Path=/", request.uri().path().trim_start_matches('/'));
        Response::builder().header("set-cookie", line).body(Full::default()).unwrap()
    });
    let tasks: Vec<_> = (0..20).map(|n| tokio::spawn(client.get(&format!("/c{n}")).start())).collect();
    for task in tasks {
        client.deliver(&task.await.unwrap().unwrap());
    }
    assert_eq!(client.jar().cookies().len(), 20);
}

#[tokio::test]
async fn no_debug_output_shows_a_cookie() {
    let client = client(setting("id=hidden"));
    client.put_cookie("other=hidden").unwrap();
    let request = client.get("/").header("cookie", "id=hidden");
    let exchange: Exchange = client.get("/").start();
    let shown = format!("{client:?} {request:?} {exchange:?} {:?}", client.get("/").send().await.unwrap());
    assert!(!shown.contains("hidden"), "{shown}");
}

/// A body without `Default` that breaks off after its first frame.
struct BrokenBody {
    begun: bool,
}

impl Body for BrokenBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame =
            if self.begun { Err(io::Error::other("cut")) } else { Ok(Frame::data(Bytes::from("half"))) };
        self.begun = true;
        Poll::Ready(Some(frame))
    }
}
