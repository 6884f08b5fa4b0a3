//! Session fixation, requirement row 32: whatever the attacker knows or plants before the victim signs in, it leads him
//! nowhere afterwards.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Response};
use session_runtime::testing::Refusal;
use session_runtime::{CookieConfig, Selector, Session, Untyped};
use session_tests::stage::{Acts, Says, World};

use super::stage::{Attacks as _, DRIVERS, STORES, halves, plant, token_of, world};

/// None of these tokens is of use now, in the minute in which they are superseded, or later.
async fn are_worth_nothing(world: &World, known: &[String], what: &str) {
    for minute in ["at once", "in the grace", "later"] {
        for token in known {
            let answer = world.presents(token, "load-readonly").await;
            assert!(answer.fact("user").is_null(), "{what}, {minute}");
            assert_eq!(answer.fact("all"), serde_json::json!({}), "{what}, {minute}");
            // Nor does writing, or signing in, with it lead into the victim's session.
            for script in ["put mark", "login 7", "regenerate", "elevate", "logout", "invalidate"] {
                let answer = world.presents(token, script).await;
                assert_ne!(answer.fact("user"), 42, "{what}, {minute}: {script}");
            }
        }
        world.later(35);
    }
}

async fn goes_on(world: &World, what: &str) {
    let answer = world.browser.run("load").await;
    assert_eq!(answer.fact("user"), 42, "{what}: the victim is signed in");
    assert!(answer.fact("all").get("mark").is_none(), "{what}: with nothing of the attacker's");
}

#[tokio::test]
async fn fixation_by_planted_cookie() {
    for driver in DRIVERS {
        for (before, login) in [
            ("increment", "login 42"),
            ("increment", "increment; commit; login 42"),
            ("push planted; login 7", "login 42"),
        ] {
            let what = format!("{driver}: {before}, {login}");
            let world = world(driver);
            let attacker = world.stranger();
            attacker.run(before).await;
            plant(&world.browser, &attacker.token());
            let mut known = vec![attacker.token()];
            world.browser.run(login).await;
            known.push(attacker.token());
            if before.contains("login") {
                let after = world.browser.run("load").await;
                assert_eq!(after.fact("cart"), serde_json::json!([]), "{what}: nothing of another's session");
                assert!(!attacker.token().starts_with(&world.browser.token()[..21]), "{what}: nor its name");
            }
            are_worth_nothing(&world, &known, &what).await;
            goes_on(&world, &what).await;
        }
    }
}

/// The attacker goes on using the planted session while the victim signs in with it, and at the same moment.
#[tokio::test]
async fn fixation_by_a_request_on_its_way() {
    for driver in DRIVERS {
        let world = world(driver);
        let attacker = world.stranger();
        attacker.run("increment").await;
        plant(&world.browser, &attacker.token());
        let gate = world.script.gate("slow");
        let slow = ["put mark", "regenerate", "elevate", "login 7", "logout", "invalidate; put mark"]
            .map(|late| tokio::spawn(attacker.begin(&format!("load; at-gate slow; {late}"))));
        for _ in 0..slow.len() {
            gate.reached().await;
        }
        world.browser.run("login 42").await;
        gate.open();
        let mut known = vec![attacker.token()];
        for answer in slow {
            let answer = answer.await.unwrap().unwrap();
            assert_ne!(answer.fact("user"), 42, "{driver}");
            attacker.deliver(&answer);
            known.push(attacker.token());
        }
        for token in known {
            assert_ne!(world.presents(&token, "load-readonly").await.fact("user"), 42, "{driver}");
        }
        goes_on(&world, driver).await;
    }
}

/// A sibling host sets a cookie of our name for the whole domain, which comes beside ours, in any order.
#[tokio::test]
async fn fixation_by_sibling_domain_second_cookie() {
    for driver in DRIVERS {
        let world = world(driver);
        let attacker = world.stranger();
        attacker.run("increment").await;
        let planted = attacker.token();
        world.browser.run("push tea").await;
        let ours = world.browser.token();
        let both =
            |first: &str, second: &str| format!("__Host-id={first}; __Host-id={second}; __host-id={planted}");
        for header in [both(&planted, &ours), both(&ours, &planted)] {
            let victim = world.stranger();
            let answer = victim.post("/").header(COOKIE, header).body("login 42").send().await.unwrap();
            assert_eq!(answer.fact("user"), 42, "{driver}");
            let signed_in = victim.token();
            assert!(signed_in != planted && signed_in != ours, "{driver}");
            let answer = attacker.run("load").await;
            assert!(answer.fact("user").is_null(), "{driver}");
            // With the planted one still beside it, or one that is newer than the login, the one that was signed in counts.
            world.later(1);
            attacker.jar().clear();
            attacker.run("increment").await;
            let newer = attacker.token();
            let beside = [&planted, &newer];
            for header in beside.iter().flat_map(|other| [both(other, &signed_in), both(&signed_in, other)]) {
                let request = world.stranger().post("/").header(COOKIE, header).body("load-readonly");
                assert_eq!(request.send().await.unwrap().fact("user"), 42, "{driver}");
            }
            world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
            world.later(61);
            world.browser.jar().clear();
            attacker.jar().clear();
            plant(&attacker, &planted);
        }
    }
}

/// With the name that is the default a sibling host cannot do so at all: browsers refuse it.
#[tokio::test]
async fn fixation_by_sibling_domain_is_refused_by_the_name() {
    let world = world("memory");
    let line = "__Host-id=AAAA; Domain=shop.example; Path=/; Secure";
    assert!(matches!(world.browser.put_cookie(line), Err(Refusal::HostPrefix)));
    let line = "__Host-id=AAAA; Path=/deep; Secure";
    assert!(matches!(world.browser.put_cookie(line), Err(Refusal::HostPrefix)));
    assert!(CookieConfig::default().name.starts_with("__Host-"));
}

#[tokio::test]
async fn fixation_by_token_kept_through_relogin() {
    for driver in DRIVERS {
        let world = world(driver);
        world.browser.run("push tea; login 42").await;
        let mut known = vec![world.browser.token()];
        // Again, and again in one request with a commit in between: each makes the one before worthless.
        for login in ["login 42", "login 42; commit; login 42", "increment; login 42"] {
            world.browser.run(login).await;
            are_worth_nothing(&world, &known, &format!("{driver}: {login}")).await;
            known.push(world.browser.token());
        }
        goes_on(&world, driver).await;
    }
}

#[tokio::test]
async fn fixation_by_elevate() {
    for driver in DRIVERS {
        for change in ["elevate", "regenerate", "put note; elevate; put more"] {
            let what = format!("{driver}: {change}");
            let world = world(driver);
            world.browser.run("push tea; login 42").await;
            let known = [world.browser.token()];
            world.browser.run(change).await;
            assert_ne!(world.browser.token(), known[0], "{what}");
            are_worth_nothing(&world, &known, &what).await;
            goes_on(&world, &what).await;
        }
    }
}

/// The answer to the login never reaches the victim, who goes on with the planted cookie: he is not signed in, and
/// neither is whoever planted it.
#[tokio::test]
async fn fixation_by_lost_login_response() {
    for driver in DRIVERS {
        let world = world(driver);
        let attacker = world.stranger();
        attacker.run("increment").await;
        let planted = attacker.token();
        plant(&world.browser, &planted);
        let lost = world.browser.begin("login 42").await.unwrap();
        assert_eq!(lost.fact("user"), 42, "{driver}");
        assert_eq!(world.browser.token(), planted, "{driver}: the answer was lost");
        assert!(world.browser.run("load").await.fact("user").is_null(), "{driver}");
        assert!(attacker.run("load").await.fact("user").is_null(), "{driver}");
        // He signs in again, with the cookie that he still has.
        world.later(61);
        world.browser.run("login 42").await;
        are_worth_nothing(&world, &[planted], driver).await;
        goes_on(&world, driver).await;
    }
}

/// The login is refused by a failure of the handler: no cookie is sent, and no secret was replaced.
#[tokio::test]
async fn fixation_by_failed_login() {
    for driver in DRIVERS {
        for failure in ["status 500", "error", "panic"] {
            let world = world(driver);
            let attacker = world.stranger();
            attacker.run("increment").await;
            plant(&world.browser, &attacker.token());
            let script = format!("login 42; {failure}");
            let failed = tokio::spawn(world.browser.begin(&script)).await;
            if let Ok(answer) = failed {
                assert!(answer.unwrap().sent_no_cookie(), "{driver}: {failure}");
            }
            for browser in [&attacker, &world.browser] {
                assert!(browser.run("load").await.fact("user").is_null(), "{driver}: {failure}");
            }
        }
    }
}

/// The selector outlives a login, and is shown in lists of devices: with it alone nothing can be done.
#[tokio::test]
async fn fixation_by_known_selector() {
    for driver in STORES {
        let world = world(driver);
        let attacker = world.stranger();
        attacker.run("increment").await;
        let (selector, verifier) = halves(&attacker.token());
        plant(&world.browser, &attacker.token());
        world.browser.run("login 42").await;
        let known = [verifier, [0; 16], selector].map(|verifier| token_of(&selector, &verifier));
        are_worth_nothing(&world, &known, driver).await;
        are_worth_nothing(&world, &[Selector::from_bytes(selector).to_string()], driver).await;
        goes_on(&world, driver).await;
    }
}

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
