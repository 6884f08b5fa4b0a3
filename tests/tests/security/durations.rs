//! RUSTSEC-2017-0005: a huge Max-Age panicked.

use std::time::Duration;

use session_runtime::drivers::MemoryDriver;
use session_runtime::{Builder, ConfigError, Lifetimes, Sessions, Settings};
use session_tests::stage::{Acts, Says, World};

use super::stage::DRIVERS;

/// The longest, those around the limits of what counts seconds and milliseconds, and the shortest.
const LIFETIMES: [Duration; 7] = [
    Duration::MAX,
    Duration::from_secs(u64::MAX),
    Duration::from_millis(u64::MAX),
    Duration::from_secs(i64::MAX.unsigned_abs()),
    Duration::from_secs(1 << 53),
    Duration::from_secs(1 << 31),
    Duration::from_millis(1),
];

#[tokio::test]
async fn rustsec_2017_0005_no_lifetime_panics() {
    for driver in DRIVERS {
        for absolute in LIFETIMES {
            for idle in LIFETIMES.into_iter().filter(|idle| *idle <= absolute) {
                let what = format!("{driver}: {idle:?} of {absolute:?}");
                if driver == "redis" && idle != absolute {
                    // A server for each pair would take minutes.
                    continue;
                }
                let world =
                    World::on(driver, |builder| builder.idle_timeout(idle).absolute_lifetime(absolute));
                let answer = world.browser.run("increment; login 42; flash hello").await;
                assert!(answer.status().is_success(), "{what}: {}", answer.status());
                assert_eq!(answer.fact("user"), 42, "{what}");
                if let Some(age) = answer.cookie_line().and_then(|line| age(&line)) {
                    assert!(age <= 400 * 24 * 3_600, "{what}: browsers cap it there: {age}");
                }
                for later in [0, 1_000, u64::from(u32::MAX)] {
                    world.later(later);
                    for script in ["load", "increment", "login 42; elevate", "logout"] {
                        let answer = world.browser.run(script).await;
                        assert!(answer.status().is_success(), "{what}, {script}: {}", answer.status());
                    }
                }
                world.sessions.of(&42_u64).unwrap().revoke_all().await.unwrap();
                world.sessions.sweep(10).await.unwrap();
            }
        }
    }
}

fn age(line: &str) -> Option<u64> {
    line.split("Max-Age=").nth(1)?.split(';').next()?.parse().ok()
}

#[tokio::test]
async fn rustsec_2017_0005_no_deadline_panics() {
    for deadline in LIFETIMES {
        let world = World::on("memory", |builder| {
            builder.driver_deadline(deadline).update_deadline(deadline).touch_below(1.0)
        });
        let answer = world.browser.run("increment; push tea").await;
        // What is over at once is an answer, and no panic.
        assert!([200, 503].contains(&answer.status().as_u16()), "{deadline:?}: {}", answer.status());
        let sweeper = world.sessions.spawn_sweeper(deadline);
        tokio::task::yield_now().await;
        drop(sweeper);
    }
}

#[tokio::test]
async fn rustsec_2017_0005_no_renewal_and_no_memory_panics() {
    let mut built = 0;
    for long in LIFETIMES {
        for short in LIFETIMES {
            let configure = |builder: Builder| {
                let remembered = Lifetimes { idle: short, absolute: long };
                builder.remembered(remembered).renew_every(long).renewal_grace(short).watch_every(short)
            };
            // What is contradictory is refused, and nothing else.
            let Ok(_) = configure(Sessions::builder(MemoryDriver::new())).build() else {
                assert!(short.saturating_mul(10) > long, "{short:?} of {long:?}");
                continue;
            };
            built += 1;
            let world = World::on("memory", configure);
            for later in [0, 1, 100, u64::from(u32::MAX)] {
                world.later(later);
                for script in ["login 42", "increment", "load", "elevate", "load"] {
                    let answer = world.browser.run(script).await;
                    assert!(
                        answer.status().is_success(),
                        "{short:?} of {long:?}, {script}: {}",
                        answer.status()
                    );
                }
            }
        }
    }
    assert!(built > LIFETIMES.len(), "{built}");
}

#[tokio::test]
async fn rustsec_2017_0005_no_time_of_the_clock_panics() {
    for now in
        [0, 1, u64::from(u32::MAX) * 1_000, (1 << 53) + 1, i64::MAX.unsigned_abs(), u64::MAX - 1, u64::MAX]
    {
        for driver in ["memory", "file", "cookie"] {
            let world = World::on(driver, |builder| builder);
            world.clock.set(session_runtime::Timestamp::from_unix_millis(now));
            for script in
                ["increment; login 42; flash hello", "load", "increment", "login 42; elevate", "logout"]
            {
                let answer = world.browser.run(script).await;
                assert!(answer.status().is_success(), "{driver} at {now}: {script}: {}", answer.status());
            }
            world.sessions.sweep(10).await.unwrap();
        }
    }
}

#[test]
fn rustsec_2017_0005_no_setting_panics() {
    for text in
        ["0s", "99999999999999999999h", "1e400h", "-1h", "18446744073709551615h", "9999999999999w", "", "h"]
    {
        let json = serde_json::json!({ "idle_timeout": text, "absolute_lifetime": text }).to_string();
        let Ok(settings) = serde_json::from_str::<Settings>(&json) else { continue };
        let built = Sessions::builder(MemoryDriver::new()).settings(settings).build();
        assert_eq!(built.is_err(), text == "0s", "{text}");
    }
    let zero = Sessions::builder(MemoryDriver::new()).absolute_lifetime(Duration::ZERO).build();
    assert!(matches!(zero.unwrap_err(), ConfigError::ZeroDuration { .. } | ConfigError::IdleOverAbsolute));
}
