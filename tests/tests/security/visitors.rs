//! What comes with a request beside the session's cookie: a visitor's key of forms, and what a client says of itself.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Response};
use session_runtime::{Session, Untyped};
use session_tests::stage::{Says, World};

use super::stage::{DRIVERS, world};

/// The key of a visitor's forms comes in a cookie too: whoever plants it knows the tokens that are made from it.
#[tokio::test]
async fn fixation_by_planted_visitor_key() {
    for driver in DRIVERS {
        for acts in ["login", "write, then login", "form, then login"] {
            let what = format!("{driver}: {acts}");
            let world = world(driver);
            let visitor = finished(&world, HeaderMap::new(), |_| {}).await;
            let planted = headers(&visitor.line);
            let known = visitor.token;
            let victim = finished(&world, planted.clone(), |session| {
                match acts {
                    "form, then login" => drop(session.csrf_token().unwrap()),
                    "write, then login" => session.put("a", 1).unwrap(),
                    _ => {}
                }
                session.login(42_u64).unwrap();
            });
            let victim = victim.await;
            assert!(victim.line.starts_with("__Host-id="), "{what}: {}", victim.line);
            let mut cookies = planted;
            cookies.extend(headers(&victim.line));
            for cookies in [cookies, headers(&victim.line)] {
                let session = world.sessions.load::<Untyped>(&cookies).await.unwrap();
                assert_eq!(session.principal::<u64>().unwrap(), Some(42), "{what}");
                assert!(session.accepts_csrf_token(&victim.token), "{what}: his own");
                assert!(!session.accepts_csrf_token(&known), "{what}: the attacker's");
            }
        }
    }
}

/// A request by hand, with a form on its page.
async fn finished(world: &World, cookies: HeaderMap, act: impl Fn(&Session<Untyped>)) -> Finished {
    let session = world.sessions.load::<Untyped>(&cookies).await.unwrap();
    act(&session);
    let token = session.csrf_token().unwrap();
    let mut response = Response::new(());
    world.sessions.finish(&session, &mut response).await.unwrap();
    let mut lines =
        response.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap().to_owned());
    // A visitor's key that is taken away is not what the request came to.
    let line = lines.rfind(|line| !line.contains("Max-Age=0")).unwrap();
    Finished { token, line }
}

struct Finished {
    token: String,
    line: String,
}

fn headers(line: &str) -> HeaderMap {
    [(COOKIE, line.split(';').next().unwrap().parse().unwrap())].into_iter().collect()
}

/// Row 41: what a client says of itself changes with updates, networks and proxies, and is no reason to sign anybody out.
#[tokio::test]
async fn row_41_another_browser_or_address_signs_nobody_out() {
    for driver in DRIVERS {
        let world = world(driver);
        let request = |script: &str| world.browser.post("/").body(script.to_owned());
        request("login 42").header("user-agent", "Firefox/1").send().await.unwrap();
        for (name, value) in [
            ("user-agent", "Firefox/2"),
            ("user-agent", ""),
            ("x-forwarded-for", "192.0.2.7"),
            ("forwarded", "for=\"[2001:db8::1]\""),
            ("accept-language", "tlh"),
            ("sec-ch-ua-platform", "\"Plan 9\""),
        ] {
            let answer = request("increment").header(name, value).send().await.unwrap();
            assert_eq!(answer.fact("user"), 42, "{driver}: {name}: {value}");
        }
    }
}
