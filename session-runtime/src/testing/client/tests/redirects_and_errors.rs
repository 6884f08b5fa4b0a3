//! Redirects as browsers follow them, and what goes wrong.

use super::*;

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
