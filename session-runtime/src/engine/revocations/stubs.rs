//! The list of a principal's sealed sessions: one small record for each login, which says what a list shows. They belong
//! to a principal of their own, so that a store that also keeps sessions does not mix them up.

use crate::driver::{Created, Owner};
use crate::engine::core::Core;
use crate::error::SessionError;
use crate::record::{Commit, Deadlines, Field, Fields, Metadata, More, Principal, PrincipalKey, Record};
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
    let stub = stub(&next.token.selector(), metadata, lister.clone());
    let stub_metadata = stub.metadata();
    if core.create(&place, &stub).await? == Created::Filed {
        return Ok(());
    }
    let commit = Commit {
        login: Some(lister),
        authenticated: true,
        device: stub_metadata.device().cloned(),
        deadlines: Some(stub_metadata.deadlines),
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
fn stub(selector: &Selector, of: &Metadata, lister: Principal) -> Record {
    let absolute = of.deadlines.absolute;
    let device = of.device().cloned();
    let metadata = Metadata {
        authenticated_at: of.authenticated_at,
        principal: Some(lister),
        more: Some(Box::new(More { device, idle_for: of.idle_for(), ..More::default() })),
        ..places::metadata(of.created_at, Deadlines { idle: absolute, absolute })
    };
    let json = JsonText::trusted(format!("\"{selector}\""));
    Record::new(metadata, Fields::from([(FIELD, Field { json, survives_logout: false })]), Vec::new())
}

const FIELD: Key = Key::from_static("of");
