//! CVE-2024-21492: the cookie went, and whoever had a copy of it stayed signed in.

use session_tests::stage::{Acts, Says};

use super::stage::{Attacks as _, DRIVERS, world};

#[tokio::test]
async fn cve_2024_21492_logout_ends_a_sealed_session() {
    for driver in DRIVERS {
        for ending in ["logout", "invalidate", "login 43", "clear; logout"] {
            let world = world(driver);
            world.browser.run("increment; push tea; login 42").await;
            // Copies of several ages: all carry the same session.
            let mut copies = vec![world.browser.token()];
            for script in ["increment", "push rice", "put note"] {
                world.browser.run(script).await;
                copies.push(world.browser.token());
            }
            for copy in &copies {
                assert!(world.opens(copy).await, "{driver}: before {ending}");
            }
            let answer = world.browser.run(ending).await;
            assert!(!answer.sent_no_cookie(), "{driver}: the browser is told of {ending}");
            // For as long as any of the copies could have been opened, and beyond.
            for _ in 0..5 {
                for copy in &copies {
                    assert!(!world.opens(copy).await, "{driver}: after {ending}");
                }
                world.later(30 * 60);
                world.sessions.sweep(100).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn cve_2024_21492_no_copy_outlives_a_revocation_of_all() {
    for driver in DRIVERS {
        let world = world(driver);
        let devices = [world.stranger(), world.stranger(), world.stranger()];
        let mut copies = Vec::new();
        for device in &devices {
            device.run("increment; login 42").await;
            copies.push(device.token());
            device.run("push tea").await;
            copies.push(device.token());
        }
        let neighbour = world.stranger();
        neighbour.run("login 7").await;
        world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
        for copy in &copies {
            assert!(!world.opens(copy).await, "{driver}");
        }
        for device in &devices {
            assert!(device.run("load").await.fact("user").is_null(), "{driver}");
        }
        assert_eq!(neighbour.run("load").await.fact("user"), 7, "{driver}: nobody else is signed out");
    }
}

/// A copy from before a change of privilege: superseded for a minute, and then a stranger's.
#[tokio::test]
async fn cve_2024_21492_no_copy_outlives_a_rotation() {
    for driver in DRIVERS {
        for rotation in ["login 42", "elevate", "regenerate"] {
            let world = world(driver);
            world.browser.run("increment; login 42").await;
            let copy = world.browser.token();
            world.browser.run(rotation).await;
            assert!(!opens_with_anything(&world, &copy).await, "{driver}: {rotation}");
            world.later(61);
            assert!(!world.opens(&copy).await, "{driver}: {rotation}");
            assert_eq!(world.browser.run("load").await.fact("views"), 1, "{driver}: the owner's goes on");
        }
    }
}

/// A superseded session exists, and is empty.
async fn opens_with_anything(world: &session_tests::stage::World, copy: &str) -> bool {
    let answer = world.presents(copy, "load-readonly").await;
    !answer.fact("user").is_null() || answer.fact("views") != 0
}
