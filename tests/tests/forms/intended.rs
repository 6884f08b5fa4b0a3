//! The page that was asked for before a login had to come first.

use std::time::Duration;

use http::Method;
use session_runtime::{LocalPath, SessionError};

use super::redirects::REFUSED;
use super::site::{Site, done};

#[tokio::test]
async fn a8_28_set_intended_refuses_what_is_not_ours() {
    let site = Site::new();
    site.run(|session| {
        for refused in REFUSED {
            assert!(!session.set_intended_url(refused).unwrap(), "{refused:?}");
        }
        assert_eq!(session.intended_url(), None);
    })
    .await;
    assert!(site.is_untouched(), "what is refused stores nothing");
    site.run(|session| assert!(session.set_intended_url("/orders?page=2").unwrap())).await;
    site.run(|session| assert!(!session.set_intended_url("//evil.example").unwrap())).await;
    let kept = site.run(|session| session.intended_url()).await;
    assert_eq!(kept, LocalPath::parse("/orders?page=2"), "nor does it replace anything");
}

#[tokio::test]
async fn a8_29_get_pull_and_forget() {
    let site = Site::new();
    site.run(|session| {
        session.set_intended_url("/a").unwrap();
        assert_eq!(session.intended_url(), LocalPath::parse("/a"), "at once");
    })
    .await;
    let url = || site.run(|session| session.intended_url().map(|path| path.to_string()));
    assert_eq!(url().await.as_deref(), Some("/a"));
    assert_eq!(url().await.as_deref(), Some("/a"), "looking takes nothing");
    site.run(|session| {
        assert_eq!(session.pull_intended_url().unwrap(), LocalPath::parse("/a"));
        assert_eq!(session.pull_intended_url().unwrap(), None);
    })
    .await;
    assert_eq!(url().await, None);
    site.run(|session| session.set_intended_url("/b").map(drop).unwrap()).await;
    site.run(|session| session.forget_intended_url().unwrap()).await;
    assert_eq!(url().await, None);
    site.run(|session| session.set_intended_url("/c").map(drop).unwrap()).await;
    site.clock.advance(Duration::from_secs(30 * 60 - 1));
    assert_eq!(url().await.as_deref(), Some("/c"));
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(url().await, None, "for 30 minutes");
}

#[tokio::test]
async fn a_later_page_takes_the_place_of_an_earlier_one() {
    let site = Site::new();
    for page in ["/a", "/b"] {
        site.run(move |session| session.set_intended_url(page).map(drop).unwrap()).await;
    }
    let pulled = || site.run(|session| session.pull_intended_url().unwrap().map(|path| path.to_string()));
    assert_eq!(pulled().await.as_deref(), Some("/b"));
    assert_eq!(pulled().await, None, "nothing comes up from below");
}

async fn asks(site: &Site, method: Method, headers: &'static [(&'static str, &'static str)]) -> bool {
    let remembered = std::sync::Arc::new(std::sync::Mutex::new(false));
    let says = remembered.clone();
    site.send(
        |browser| {
            let request = browser.request(method, "/orders?page=2");
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        },
        move |session, request| {
            *says.lock().unwrap() = session.remember_intended(request)?;
            Ok(done())
        },
    )
    .await;
    let remembered = *remembered.lock().unwrap();
    let stored = site.run(|session| session.pull_intended_url().unwrap()).await;
    assert_eq!(stored, LocalPath::parse("/orders?page=2").filter(|_| remembered), "{headers:?}");
    remembered
}

#[tokio::test]
async fn a8_30_only_navigations_are_remembered() {
    let site = Site::new();
    let page = &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("accept", "text/html")];
    assert!(asks(&site, Method::GET, page).await);
    for others in [
        &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"), ("accept", "text/html")][..],
        &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image"), ("accept", "image/avif")],
        &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty"), ("accept", "text/html")],
        &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-purpose", "prefetch")],
        &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "empty"), ("x-requested-with", "XMLHttpRequest")],
    ] {
        assert!(!asks(&site, Method::GET, others).await, "{others:?}");
    }
    assert!(!asks(&site, Method::POST, page).await);
}

#[tokio::test]
async fn a8_30_to_intended_consumes() {
    let site = Site::new();
    let returned = || async {
        let answer = site.send(
            |browser| browser.post("/login"),
            |session, _| Ok(session.intended_or("/account")?.response()),
        );
        answer.await.location().map(str::to_owned)
    };
    site.run(|session| session.set_intended_url("/orders").map(drop).unwrap()).await;
    assert_eq!(returned().await.as_deref(), Some("/orders"));
    assert_eq!(returned().await.as_deref(), Some("/account"));
}

#[tokio::test]
async fn a_failed_request_leaves_the_intended_page() {
    let site = Site::new();
    site.run(|session| session.set_intended_url("/orders").map(drop).unwrap()).await;
    site.run_to(503, |session| assert!(session.pull_intended_url().unwrap().is_some())).await;
    site.look(|session| {
        assert!(session.intended_url().is_some());
        assert!(matches!(session.intended_or("/"), Err(SessionError::ReadOnly)));
    })
    .await;
    assert!(site.run(|session| session.intended_url()).await.is_some());
}

#[tokio::test]
async fn the_intended_page_survives_a_failed_login_and_a_login_in_place() {
    let site = Site::new();
    site.send(
        |browser| browser.get("/orders/7").header("accept", "text/html"),
        |session, request| {
            assert!(session.remember_intended(request)?);
            Ok(session.redirect("/login").response())
        },
    )
    .await;
    site.run(|session| session.form("login").errors()).await;
    let wrong = site.post("/login", &[("name", "ada")], |session, request| {
        let input = session_runtime::Input::from_urlencoded(request.body());
        session.form("login").back_to("/login").accept(&input, Err::<(), _>("Wrong name or password."))?;
        Ok(done())
    });
    assert_eq!(wrong.await.location(), Some("/login"));
    site.run(|session| session.form("login").errors()).await;
    let right = site.post("/login", &[("name", "ada")], |session, _| {
        session.login("ada")?;
        Ok(session.intended_or("/")?.response())
    });
    assert_eq!(right.await.location(), Some("/orders/7"));
    assert!(site.run(|session| session.intended_url()).await.is_none());
}

#[tokio::test]
async fn the_intended_page_outlives_a_login_that_does_not_ask_for_it() {
    let site = Site::new();
    site.run(|session| session.set_intended_url("/orders").map(drop).unwrap()).await;
    site.run(|session| session.login("ada").unwrap()).await;
    assert!(site.run(|session| session.intended_url()).await.is_some());
}
