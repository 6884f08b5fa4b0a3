//! What few sessions have: lifetimes, devices, credentials, and when the session was last seen.

use super::*;
use crate::record::{CredentialChange, CredentialMark, DeviceFacts, Lifetime, More};

fn device(agent: &str) -> DeviceFacts {
    DeviceFacts { agent: Some(agent.into()), address: None }
}

fn mark() -> CredentialMark {
    CredentialMark::from_bytes([8; 16])
}

fn with(more: More) -> Record {
    Record::new(
        Metadata { principal: Some(user("1")), more: Some(Box::new(more)), ..metadata() },
        Fields::new(),
        Vec::new(),
    )
}

fn full() -> More {
    More {
        seen_at: Some(Timestamp::from_unix_millis(1)),
        idle_for: Some(Duration::from_secs(9)),
        remembered: true,
        device: Some(device("A")),
        credential: Some(mark()),
        renewal: None,
    }
}

fn more_after(record: &Record, commit: &Commit) -> More {
    after(record, commit).metadata().more.as_deref().cloned().unwrap_or_default()
}

#[test]
fn each_part_is_replaced_by_itself() {
    let lifetime = Lifetime { idle_for: Some(Duration::from_secs(3)), remembered: false };
    let other = CredentialMark::from_bytes([9; 16]);
    let rows = [
        (commit(), full()),
        (
            Commit {
                session: SessionChange { lifetime: Some(lifetime), ..SessionChange::NONE }.into(),
                ..commit()
            },
            More { idle_for: lifetime.idle_for, remembered: false, ..full() },
        ),
        (
            Commit {
                session: SessionChange { device: Some(device("B")), ..SessionChange::NONE }.into(),
                ..commit()
            },
            More { device: Some(device("B")), ..full() },
        ),
        (
            Commit {
                session: SessionChange {
                    credential: Some(CredentialChange::Bind(other)),
                    ..SessionChange::NONE
                }
                .into(),
                ..commit()
            },
            More { credential: Some(other), ..full() },
        ),
        (
            Commit {
                session: SessionChange { credential: Some(CredentialChange::Forget), ..SessionChange::NONE }
                    .into(),
                ..commit()
            },
            More { credential: None, ..full() },
        ),
    ];
    for (commit, expected) in rows {
        assert_eq!(more_after(&with(full()), &commit), expected, "{commit:?}");
    }
}

#[test]
fn a_login_forgets_what_the_login_before_said() {
    let login = Commit {
        session: SessionChange { login: Some(user("1")), ..SessionChange::NONE }.into(),
        ..commit()
    };
    let seen = More { seen_at: full().seen_at, ..More::default() };
    assert_eq!(more_after(&with(full()), &login), seen);
    let again = Commit {
        session: SessionChange {
            device: Some(device("B")),
            credential: Some(CredentialChange::Bind(mark())),
            lifetime: Some(Lifetime { idle_for: None, remembered: true }),
            ..login.session().clone()
        }
        .into(),
        ..login
    };
    let expected = More { device: Some(device("B")), credential: Some(mark()), remembered: true, ..seen };
    assert_eq!(more_after(&with(full()), &again), expected);
}

#[test]
fn nothing_to_say_is_nothing_kept() {
    let said = Commit {
        session: SessionChange {
            lifetime: Some(Lifetime::default()),
            device: Some(DeviceFacts::default()),
            credential: Some(CredentialChange::Forget),
            ..SessionChange::NONE
        }
        .into(),
        ..commit()
    };
    assert_eq!(after(&plain(&[("a", "1")]), &said), plain(&[("a", "1")]));
    let empty = More { device: Some(DeviceFacts::default()), ..More::default() };
    assert_eq!(with(empty).metadata().more, None);
    let micros = More { idle_for: Some(Duration::from_micros(1_900)), ..More::default() };
    assert_eq!(with(micros).metadata().idle_for(), Some(Duration::from_millis(1)));
    let endless = More { idle_for: Some(Duration::MAX), ..More::default() };
    assert_eq!(with(endless).metadata().idle_for(), Some(Duration::from_millis(u64::MAX)));
}

#[test]
fn a_principals_session_is_seen_when_its_idle_deadline_moves() {
    let touch = Commit { idle_until: Some(NOW), ..commit() };
    let later = NOW.saturating_add(GRACE);
    let login = Commit {
        session: SessionChange { login: Some(user("1")), ..SessionChange::NONE }.into(),
        ..touch.clone()
    };
    let owned = record(&[("a", "1")], false, Some(user("1")));
    let rows = [
        ("nobody's", plain(&[("a", "1")]), &touch, None),
        ("a principal's", owned.clone(), &touch, Some(NOW)),
        ("from now on", plain(&[("a", "1")]), &login, Some(NOW)),
        ("not moved", owned, &commit(), None),
        ("later already", with(More { seen_at: Some(later), ..full() }), &touch, Some(later)),
        ("earlier", with(full()), &touch, Some(NOW)),
    ];
    for (name, before, commit, seen_at) in rows {
        let after = after(&before, commit);
        assert_eq!(after.metadata().seen_at(), seen_at, "{name}");
    }
}

#[test]
fn new_deadlines_come_before_the_idle_one_is_raised() {
    let at = Timestamp::from_unix_millis;
    let lower = Deadlines { idle: at(1_500_000), absolute: at(1_700_000) };
    let higher = Deadlines { idle: at(20_000_000), absolute: at(90_000_000) };
    let rows = [
        (lower, None, lower),
        (higher, None, higher),
        (lower, Some(at(1_600_000)), Deadlines { idle: at(1_600_000), ..lower }),
        (lower, Some(at(1_800_000)), Deadlines { idle: at(1_700_000), ..lower }),
        (higher, Some(at(30_000_000)), Deadlines { idle: at(30_000_000), ..higher }),
    ];
    for (deadlines, idle_until, expected) in rows {
        let commit = Commit {
            idle_until,
            session: SessionChange { deadlines: Some(deadlines), ..SessionChange::NONE }.into(),
            ..commit()
        };
        assert_eq!(after(&plain(&[]), &commit).metadata().deadlines, expected, "{deadlines:?}");
    }
}

#[test]
fn what_is_said_is_written_and_no_touch() {
    let idle_until = Some(NOW);
    let lifetime = Some(Lifetime::default());
    let device = Some(DeviceFacts::default());
    let said = [
        Commit {
            idle_until,
            session: SessionChange { deadlines: Some(metadata().deadlines), ..SessionChange::NONE }.into(),
            ..commit()
        },
        Commit { idle_until, session: SessionChange { lifetime, ..SessionChange::NONE }.into(), ..commit() },
        Commit { idle_until, session: SessionChange { device, ..SessionChange::NONE }.into(), ..commit() },
        Commit {
            idle_until,
            session: SessionChange { credential: Some(CredentialChange::Forget), ..SessionChange::NONE }
                .into(),
            ..commit()
        },
    ];
    assert!(said.iter().all(Commit::writes));
    assert!(!Commit { idle_until, ..commit() }.writes());
}

#[test]
fn nothing_of_devices_and_credentials_is_told() {
    let facts = DeviceFacts { agent: Some("Firefox".into()), address: Some("192.0.2.1".into()) };
    let record = with(More { device: Some(facts), ..full() });
    let told = format!("{record:?}");
    for secret in ["Firefox", "192.0.2.1", "8, 8"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}
