//! What few requests say: how it is merged, and what of it an ending and a failure leave.

use std::time::Duration;

use super::*;
use crate::config::Lifetimes;
use crate::record::{DeviceFacts, PrincipalKey};
use crate::state::{Credentials, Ground, Lifespan};

fn device(agent: Option<&str>, address: Option<&str>) -> DeviceFacts {
    DeviceFacts { agent: agent.map(Into::into), address: address.map(Into::into) }
}

fn his() -> Vec<PrincipalKey> {
    vec![PrincipalKey::from_bytes([1; 32])]
}

fn said(seldom: Seldom) -> Changes {
    Changes { seldom: Some(Box::new(seldom)), ..Changes::EMPTY }
}

fn saying() -> [Changes; 4] {
    [
        said(Seldom { others: his(), ..Seldom::NOTHING }),
        said(Seldom { lifetime: Some(Lifespan::Usual), ..Seldom::NOTHING }),
        said(Seldom { device: Some(device(None, None)), ..Seldom::NOTHING }),
        said(Seldom { credential: Some(Credentials::Forget), ..Seldom::NOTHING }),
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
    let full = || Seldom {
        others: his(),
        lifetime: Some(chosen),
        device: Some(device(Some("A"), None)),
        credential: Some(Credentials::Bind(Box::new([1]))),
    };
    assert_eq!(*said(full()).followed_by(Changes::EMPTY).seldom(), full());
    assert_eq!(*Changes::EMPTY.followed_by(said(full())).seldom(), full());
    assert_eq!(*said(full()).followed_by(said(Seldom::NOTHING)).seldom(), full());
    let later = Seldom {
        lifetime: Some(Lifespan::Remembered),
        device: Some(device(None, Some("::1"))),
        credential: Some(Credentials::Forget),
        ..Seldom::NOTHING
    };
    let after = said(full()).followed_by(said(later));
    let expected = Seldom {
        others: his(),
        lifetime: Some(Lifespan::Remembered),
        device: Some(device(Some("A"), Some("::1"))),
        credential: Some(Credentials::Forget),
    };
    assert_eq!(*after.seldom(), expected);
    let another = || said(Seldom { others: vec![PrincipalKey::from_bytes([0; 32])], ..Seldom::NOTHING });
    let both = another().followed_by(said(full())).followed_by(another());
    assert_eq!(both.seldom().others, [PrincipalKey::from_bytes([0; 32]), his()[0]]);
}

#[test]
fn the_end_of_others_outlives_the_end_of_the_session_and_a_failure() {
    let kept = |changes: &Changes| (changes.seldom().others.clone(), *changes.seldom() != Seldom::NOTHING);
    for changes in saying() {
        let others = changes.seldom().others.clone();
        let mut ground = Ground::EMPTY;
        ground.changes = changes;
        ground.end(true, true, &[]);
        assert_eq!(kept(&ground.changes), (others.clone(), !others.is_empty()));
        assert!(ground.preview().changes.is_empty(), "what is on its way is not asked for again");
    }
    for changes in saying() {
        let others = changes.seldom().others.clone();
        assert_eq!(kept(&changes.only_ending(Changes::EMPTY)), (others.clone(), !others.is_empty()));
    }
    let later = || Seldom { lifetime: Some(Lifespan::Usual), others: his(), ..Seldom::NOTHING };
    assert_eq!(*Changes::EMPTY.only_ending(said(later())).seldom(), later());
}

#[test]
fn credentials_are_told_to_nobody() {
    let told = format!("{:?}", Credentials::Bind(Box::new([77, 78])));
    assert!(!told.contains("77"), "{told}");
}
