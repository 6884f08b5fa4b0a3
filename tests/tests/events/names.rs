//! Names are kept from release to release: whoever alerts on one would not notice that it is gone.

use std::fs;
use std::path::Path;

use session_runtime::{EventKind, Reason};

#[test]
fn every_event_has_a_stable_name() {
    let names = [
        (EventKind::Loaded, "session.loaded"),
        (EventKind::Created, "session.created"),
        (EventKind::Committed, "session.committed"),
        (EventKind::Touched, "session.touched"),
        (EventKind::Rotated, "session.rotated"),
        (EventKind::Renewed, "session.renewed"),
        (EventKind::Login, "session.login"),
        (EventKind::Elevated, "session.elevated"),
        (EventKind::Logout, "session.logout"),
        (EventKind::Destroyed, "session.destroyed"),
        (EventKind::Revoked(Reason::All), "session.revoked"),
        (EventKind::Expired, "session.expired"),
        (EventKind::Gone, "session.gone"),
        (EventKind::Superseded, "session.superseded"),
        (EventKind::Replayed, "session.replayed"),
        (EventKind::Unrecognised, "session.unrecognised"),
        (EventKind::LimitReached, "session.limit_reached"),
        (EventKind::Unavailable, "session.unavailable"),
        (EventKind::Corrupt, "session.corrupt"),
        (EventKind::Full, "session.full"),
        (EventKind::CommitFailed, "session.commit_failed"),
        (EventKind::OldKey, "session.old_key"),
        (EventKind::SealRefused, "session.seal_refused"),
        (EventKind::SeveralValid, "session.several_valid"),
        (EventKind::Swept, "session.swept"),
    ];
    for (kind, name) in names {
        assert_eq!(kind.name(), name);
    }
    let reasons = [
        (Reason::All, "all"),
        (Reason::Others, "others"),
        (Reason::One, "one"),
        (Reason::Limit, "limit"),
        (Reason::Replay, "replay"),
        (Reason::Credentials, "credentials"),
        (Reason::Overtaken, "overtaken"),
    ];
    for (reason, name) in reasons {
        assert_eq!(reason.name(), name);
    }
}

/// What drivers and forms tell of themselves goes to `tracing` only, and has a name as well.
#[test]
fn whatever_is_told_to_tracing_has_a_name() {
    let mut nameless = Vec::new();
    let mut named = 0;
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../session-runtime/src"), &mut |path, text| {
        for (place, _) in text.match_indices("tracing::") {
            let call = &text[place..];
            let is_event = ["trace!", "debug!", "info!", "warn!", "error!", "event!"]
                .iter()
                .any(|level| call["tracing::".len()..].starts_with(level));
            if !is_event {
                continue;
            }
            let arguments = &call[..call.find(");").or_else(|| call.find(")\n")).unwrap()];
            if arguments.contains("event = ") && arguments.contains("target: \"session\"") {
                named += 1;
            } else {
                nameless.push(format!("{}: {arguments}", path.display()));
            }
        }
    });
    assert!(nameless.is_empty(), "{nameless:#?}");
    assert!(named >= 15, "{named} events found");
}

fn read(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, look);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            look(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}
