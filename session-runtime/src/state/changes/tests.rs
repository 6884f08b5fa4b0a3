//! What few requests say: how it is merged, and what of it an ending and a failure leave.

use std::time::Duration;

use super::*;
use crate::state::Ground;

fn device(agent: Option<&str>, address: Option<&str>) -> DeviceFacts {
    DeviceFacts { agent: agent.map(Into::into), address: address.map(Into::into) }
}

fn his() -> Vec<PrincipalKey> {
    vec![PrincipalKey::from_bytes([1; 32])]
}

fn saying() -> [Changes; 4] {
    [
        Changes { others: his(), ..Changes::EMPTY },
        Changes { lifetime: Some(Lifespan::Usual), ..Changes::EMPTY },
        Changes { device: Some(device(None, None)), ..Changes::EMPTY },
        Changes { credential: Some(Credentials::Forget), ..Changes::EMPTY },
    ]
}

#[test]
fn what_is_said_is_a_change() {
    assert!(Changes::EMPTY.is_empty());
    assert!(saying().iter().all(|changes| !changes.is_empty()));
}

#[test]
fn the_later_word_counts_and_no_word_is_none() {
    let chosen = Lifespan::Chosen(Lifetimes { idle: Duration::MAX, absolute: Duration::MAX });
    let full = || Changes {
        others: his(),
        lifetime: Some(chosen),
        device: Some(device(Some("A"), None)),
        credential: Some(Credentials::Bind(Box::new([1]))),
        ..Changes::EMPTY
    };
    let said = |changes: Changes| (changes.others, changes.lifetime, changes.device, changes.credential);
    assert_eq!(said(full().followed_by(Changes::EMPTY)), said(full()));
    assert_eq!(said(Changes::EMPTY.followed_by(full())), said(full()));
    let later = Changes {
        lifetime: Some(Lifespan::Remembered),
        device: Some(device(None, Some("::1"))),
        credential: Some(Credentials::Forget),
        ..Changes::EMPTY
    };
    let expected =
        (his(), Some(Lifespan::Remembered), Some(device(Some("A"), Some("::1"))), Some(Credentials::Forget));
    assert_eq!(said(full().followed_by(later)), expected);
    let another = || Changes { others: vec![PrincipalKey::from_bytes([0; 32])], ..Changes::EMPTY };
    let both = another().followed_by(full()).followed_by(another());
    assert_eq!(both.others, [PrincipalKey::from_bytes([0; 32]), his()[0]]);
}

#[test]
fn the_end_of_others_outlives_the_end_of_the_session_and_a_failure() {
    let kept = |changes: &Changes| (changes.others.clone(), changes.says_more());
    for changes in saying() {
        let others = changes.others.clone();
        let mut ground = Ground::EMPTY;
        ground.changes = changes;
        ground.end(true, true, &[]);
        assert_eq!(kept(&ground.changes), (others.clone(), !others.is_empty()));
        assert!(ground.preview().changes.is_empty(), "what is on its way is not asked for again");
    }
    for changes in saying() {
        let others = changes.others.clone();
        assert_eq!(kept(&changes.only_ending(Changes::EMPTY)), (others.clone(), !others.is_empty()));
    }
    let later = Changes { lifetime: Some(Lifespan::Usual), others: his(), ..Changes::EMPTY };
    let left = Changes::EMPTY.only_ending(later);
    assert_eq!((left.others, left.lifetime), (his(), Some(Lifespan::Usual)));
}

#[test]
fn credentials_are_told_to_nobody() {
    let told = format!("{:?}", Credentials::Bind(Box::new([77, 78])));
    assert!(!told.contains("77"), "{told}");
}
