//! CVE-2024-38513, and requirement row 33: an id that a client chose, or that once was one, became a session.

use session_runtime::drivers::{Driver as _, Owner};
use session_runtime::record::{CsrfKey, Deadlines, Fields, Metadata, Record};
use session_runtime::testing::TestResponse;
use session_runtime::{Clock as _, Selector, VerifierHash};
use session_tests::stage::{Acts, Says, World};

use super::stage::{Attacks as _, DRIVERS, STORES, halves, plant, selector_of, token_of, world};

/// What a request may do with what it takes for its session.
const SCRIPTS: [&str; 8] = [
    "increment",
    "login 42",
    "increment; login 42",
    "flash hello",
    "increment; commit",
    "regenerate; increment",
    "login 42; elevate; increment",
    "invalidate; increment",
];

/// The answer, which leads to a session under another name and another secret, and the presented value still opens none.
async fn is_not_adopted(world: &World, value: &str, script: &str, what: &str) -> TestResponse {
    let victim = world.stranger();
    plant(&victim, value);
    let answer = victim.run(script).await;
    assert!(answer.status().is_success(), "{what}: {}", answer.status());
    let minted = victim.token();
    assert_ne!(minted, value, "{what}");
    assert!(!minted.contains(&value[..value.len().min(16)]), "{what}: {minted}");
    assert!(!world.opens(value).await, "{what}");
    assert!(world.opens(&minted).await || script == "flash hello", "{what}");
    answer
}

#[tokio::test]
async fn cve_2024_38513_an_unknown_id_is_never_adopted() {
    for driver in DRIVERS {
        let world = world(driver);
        let long = "A".repeat(400);
        let zeros = token_of(&[0; 16], &[0; 16]);
        for chosen in ["admin-session-0001", "12345678901234567890123456789012", &zeros, &long] {
            for script in SCRIPTS {
                is_not_adopted(&world, chosen, script, &format!("{driver}: {script} with {chosen}")).await;
            }
        }
        let records = world.records();
        for script in ["load", "load-readonly", "regenerate", "invalidate", "logout", "clear"] {
            let answer = world.presents(&zeros, script).await;
            assert!(answer.sent_no_cookie(), "{driver}: {script}: {:?}", answer.set_cookies());
        }
        assert_eq!(world.records(), records, "{driver}: nobody asked for a session");
    }
}

#[tokio::test]
async fn cve_2024_38513_not_even_the_name_of_an_unknown_id_is_taken() {
    for driver in STORES {
        let world = world(driver);
        let chosen = [0x5a; 16];
        for script in SCRIPTS {
            let what = format!("{driver}: {script}");
            is_not_adopted(&world, &token_of(&chosen, &[1; 16]), script, &what).await;
            assert_eq!(world.spy.driver().load(&Selector::from_bytes(chosen)).await.unwrap(), None, "{what}");
        }
    }
}

/// Row 33: the name of a session that is over, with whatever secret, the true one included.
#[tokio::test]
async fn a_dead_selector_with_any_verifier_is_never_revived() {
    for driver in STORES {
        for ending in ["logout", "invalidate", "expired", "revoked", "swept"] {
            let world = world(driver);
            world.browser.run("increment; login 42").await;
            let token = world.browser.token();
            let (selector, verifier) = halves(&token);
            match ending {
                "expired" => world.later(2 * 3_600),
                "swept" => {
                    world.later(2 * 3_600);
                    world.sessions.sweep(100).await.unwrap();
                }
                "revoked" => drop(world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap()),
                ending => drop(world.browser.run(ending).await),
            }
            // As long as the end is remembered a write begins no session at all, and then one of its own.
            for minute in ["at once", "later"] {
                for verifier in [verifier, [0; 16], [0xff; 16]] {
                    for script in SCRIPTS {
                        let what = format!("{driver}: {script}, {ending}, {minute}");
                        let presented = token_of(&selector, &verifier);
                        let victim = world.stranger();
                        plant(&victim, &presented);
                        let answer = victim.run(script).await;
                        assert!(answer.status().is_success(), "{what}: {}", answer.status());
                        if let Some(line) = answer.cookie_line() {
                            assert!(!line.contains(&presented[..21]), "{what}: {line}");
                        }
                        assert!(!world.opens(&presented).await, "{what}");
                        let left = world.spy.driver().load(&Selector::from_bytes(selector)).await.unwrap();
                        let now = world.clock.now();
                        assert!(left.is_none_or(|record| record.is_expired(now)), "{what}");
                    }
                }
                world.later(61);
            }
        }
    }
}

/// Row 33, where the secret of a session lies in its cookie.
#[tokio::test]
async fn a_sealed_session_that_is_over_is_never_revived() {
    for ending in ["logout", "invalidate", "expired", "revoked"] {
        let world = world("cookie");
        world.browser.run("increment; login 42").await;
        let (token, selector) = (world.browser.token(), selector_of(&world.browser).await);
        match ending {
            "expired" => world.later(2 * 3_600),
            "revoked" => drop(world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap()),
            ending => drop(world.browser.run(ending).await),
        }
        for minute in ["at once", "later"] {
            for script in SCRIPTS {
                let what = format!("{script}, {ending}, {minute}");
                let answer = world.presents(&token, script).await;
                assert_ne!(answer.fact("selector"), selector.to_string(), "{what}");
                assert!(!world.opens(&token).await, "{what}");
            }
            world.later(61);
        }
    }
}

/// Row 33: the victim signs in with a token that was revoked, or that its owner has signed out of.
#[tokio::test]
async fn a_revoked_token_is_not_adopted_by_a_login() {
    for driver in DRIVERS {
        for ending in ["logout", "revoked"] {
            let world = world(driver);
            let attacker = world.stranger();
            attacker.run("increment; login 7").await;
            let (token, selector) = (attacker.token(), selector_of(&attacker).await);
            if ending == "revoked" {
                world.sessions.of(&7_u64).unwrap().revoke_all().await.unwrap();
            } else {
                attacker.run(ending).await;
            }
            let what = format!("{driver}: {ending}");
            let answer = is_not_adopted(&world, &token, "login 42", &what).await;
            assert_eq!(answer.fact("user"), 42, "{what}");
            assert_ne!(answer.fact("selector"), selector.to_string(), "{what}");
            assert_eq!(answer.fact("views"), 0, "{what}: nothing of the attacker's came along");
        }
    }
}

/// The name that is drawn is taken already: by chance, or by somebody who filed a record there. It is not shared.
#[tokio::test]
async fn a_record_that_lies_there_already_is_not_taken_for_a_new_session() {
    for driver in STORES {
        let taken = Selector::from_bytes([3; 16]);
        let draws = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let world = World::on(driver, |builder| builder.random(Twice(draws)));
        let now = world.clock.now();
        let hour = now.saturating_add(std::time::Duration::from_secs(3_600));
        let metadata = Metadata {
            created_at: now,
            authenticated_at: None,
            principal: None,
            epoch: 0,
            verifier: VerifierHash::from_bytes([1; 32]),
            superseded: None,
            deadlines: Deadlines { idle: hour, absolute: hour },
            next_flash: 0,
            csrf_key: CsrfKey::from_bytes([0; 16]),
            more: None,
        };
        let record = Record::new(metadata, Fields::default(), Vec::new());
        world.spy.driver().create(&taken, &record).await.unwrap();
        world.browser.run("increment; login 42").await;
        assert_ne!(selector_of(&world.browser).await, taken, "{driver}");
        assert_eq!(world.spy.driver().load(&taken).await.unwrap(), Some(record), "{driver}");
        assert!(world.spy.driver().destroy(&taken, Owner::Nobody).await.unwrap(), "{driver}");
    }
}

/// Gives the bytes of the taken name first, and then those of a system.
#[derive(Debug)]
struct Twice(std::sync::Arc<std::sync::atomic::AtomicUsize>);

impl session_runtime::RandomSource for Twice {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), session_runtime::RandomError> {
        if self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            bytes.fill(3);
            return Ok(());
        }
        session_runtime::SystemRandom::default().fill(bytes)
    }
}
