//! The list of a principal's sealed sessions: one small record for each login, which says what a list shows. They belong
//! to a principal of their own, so that a store that also keeps sessions does not mix them up.

use crate::driver::{Created, Owner};
use crate::engine::core::Core;
use crate::error::SessionError;
use crate::record::{
    Commit, Deadlines, Field, FieldChange, FieldOp, Fields, Lifetime, Metadata, More, Principal,
    PrincipalKey, Record, SessionChange,
};
use crate::state::Stored;
use crate::token::Selector;
use crate::value::{JsonText, Key};

use super::places;
use super::{Standing, is_checked};

/// Whom the stubs of a principal belong to.
pub(in crate::engine) fn lister(principal: &PrincipalKey) -> Principal {
    Principal::new(JsonText::trusted(format!("[\"session/v1/sealed\",\"{principal}\"]")))
}

/// Where the stub of a session is.
pub(in crate::engine) fn place(selector: &Selector) -> Selector {
    let mut name = *b"device:................";
    if let Some(end) = name.last_chunk_mut::<16>() {
        *end = *selector.as_bytes();
    }
    Selector::derived(&name)
}

/// The session that a stub stands for.
pub(in crate::engine) fn session_of(stub: &Record) -> Option<Selector> {
    stub.field(FIELD.as_str())?.json.decode::<String>().ok()?.parse().ok()
}

/// Lists a session that is about to be sealed for its principal.
pub(in crate::engine) async fn enter(core: &Core, next: &Stored) -> Result<(), SessionError> {
    let metadata = next.record.metadata();
    let Some(principal) = metadata.principal.as_ref().filter(|_| is_checked(core)) else {
        return Ok(());
    };
    let (place, lister) = (place(&next.token.selector()), lister(principal.key()));
    let stub = stub(next, lister.clone());
    let stub_metadata = stub.metadata();
    if core.create(&place, &stub).await? == Created::Filed {
        return Ok(());
    }
    let commit = Commit {
        fields: vec![FieldChange {
            key: SINCE,
            survives_logout: None,
            op: FieldOp::Set(number(next.generation)),
        }],
        session: SessionChange {
            login: Some(lister),
            authenticated: true,
            device: stub_metadata.device().cloned(),
            deadlines: Some(stub_metadata.deadlines),
            lifetime: Some(Lifetime {
                idle_for: stub_metadata.idle_for(),
                remembered: stub_metadata.is_remembered(),
            }),
            ..SessionChange::NONE
        }
        .into(),
        ..Commit::unchanged(stub_metadata.epoch, core.now())
    };
    // Whoever took it away meanwhile has ended the session, which is looked at next.
    core.apply(&place, &commit).await.map(drop)
}

/// Takes a session that has ended off the list; whether it was on it. What fails here has ended nothing less.
pub(in crate::engine) async fn leave(core: &Core, selector: &Selector, principal: &PrincipalKey) -> bool {
    let lister = lister(principal);
    is_checked(core)
        && core.destroy(&place(selector), Owner::Principal(lister.key())).await.unwrap_or_default()
}

/// Takes off the list what was sealed before this generation, but for `except`; how many there were. A login that came
/// after the generation was raised is spared, and stays listed.
pub(super) async fn clear(
    core: &Core,
    principal: &PrincipalKey,
    except: Option<&Selector>,
    generation: u64,
) -> Result<usize, SessionError> {
    let (lister, except) = (lister(principal), except.map(place));
    let owner = Owner::Principal(lister.key());
    let mut cleared = 0;
    for place in core.members(lister.key()).await?.selectors {
        if Some(place) == except {
            continue;
        }
        let stub = match core.load(&place).await {
            Err(SessionError::Corrupt { .. }) => continue,
            stub => stub?.filter(|stub| owner.owns(stub)),
        };
        let since = stub.as_ref().and_then(|stub| stub.field(SINCE.as_str())?.json.decode::<u64>().ok());
        if since.is_some_and(|since| since < generation) {
            cleared += usize::from(core.destroy(&place, owner).await?);
        }
    }
    Ok(cleared)
}

/// Ends a listed session, if it is the principal's; whether it was.
pub(in crate::engine) async fn revoke(
    core: &Core,
    selector: &Selector,
    principal: &PrincipalKey,
) -> Result<bool, SessionError> {
    if !is_checked(core) {
        return Err(SessionError::NotKept);
    }
    let lister = lister(principal);
    let stub = core.load(&place(selector)).await?;
    let Some(stub) = stub.filter(|stub| Owner::Principal(lister.key()).owns(stub)) else {
        return Ok(false);
    };
    let idle_for = stub.metadata().idle_for();
    if super::end_listed(core, selector, principal, idle_for).await? != Standing::Good {
        return Ok(false);
    }
    leave(core, selector, principal).await;
    Ok(true)
}

/// Nobody touches it, so that it is there for as long as the session can be.
fn stub(of: &Stored, lister: Principal) -> Record {
    let (selector, generation, of) = (of.token.selector(), of.generation, of.record.metadata());
    let absolute = of.deadlines.absolute;
    let device = of.device().cloned();
    let metadata = Metadata {
        authenticated_at: of.authenticated_at,
        principal: Some(lister),
        more: Some(Box::new(More { device, idle_for: of.idle_for(), ..More::default() })),
        ..places::metadata(of.created_at, Deadlines { idle: absolute, absolute })
    };
    let json = JsonText::trusted(format!("\"{selector}\""));
    let field = |json| Field { json, survives_logout: false };
    let fields = Fields::from([(FIELD, field(json)), (SINCE, field(number(generation)))]);
    Record::new(metadata, fields, Vec::new())
}

fn number(number: u64) -> JsonText {
    JsonText::trusted(number.to_string())
}

const FIELD: Key = Key::from_static("of");
/// The generation that the session was sealed under at its login.
const SINCE: Key = Key::from_static("since");
