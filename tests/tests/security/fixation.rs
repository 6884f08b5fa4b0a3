//! Session fixation, requirement row 32: whatever the attacker knows or plants before the victim signs in, it leads him
//! nowhere afterwards.

use std::time::Duration;

use http::header::COOKIE;
use session_runtime::testing::Refusal;
use session_runtime::{CookieConfig, Selector, TheftResponse};
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
            for script in ["put mark", "login 7", "regenerate", "login 7; elevate", "logout", "invalidate"] {
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
        let slow =
            ["put mark", "regenerate", "login 8; elevate", "login 7", "logout", "invalidate; put mark"]
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

/// The planted session was renewed before: its owner knows its present secret, the one before, which is open still, and
/// older ones, which would end a session that is his.
#[tokio::test]
async fn fixation_by_previous_secret_of_a_renewal() {
    for driver in STORES {
        for planted in ["the previous", "the present"] {
            let what = format!("{driver}: {planted}");
            let hour = Duration::from_secs(3_600);
            let world = World::on(driver, |builder| {
                builder.idle_timeout(hour * 100).renew_every(hour).on_replay(TheftResponse::End)
            });
            let attacker = world.stranger();
            attacker.run("increment").await;
            let mut known = vec![attacker.token()];
            for _ in 0..3 {
                // The new secret is presented, and the one before it closes, when the next one is due.
                attacker.run("load").await;
                world.later(3_600);
                attacker.run("load").await;
                known.push(attacker.token());
            }
            known.dedup();
            assert_eq!(known.len(), 4, "{what}: each was another one");
            plant(&world.browser, &known[if planted == "the present" { 3 } else { 2 }]);
            let answer = world.browser.run("login 42").await;
            assert_eq!(
                (answer.fact("views"), answer.fact("user")),
                (1.into(), 42.into()),
                "{what}: it opened"
            );
            are_worth_nothing(&world, &known, &what).await;
            goes_on(&world, &what).await;
        }
    }
}
