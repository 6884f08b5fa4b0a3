//! Compares what a session was opened with to what its principal's credentials are now. In: a session that was found. Out:
//! the same, or nothing where it had to end.

use crate::driver::{Applicability, Call, DriverError, Owner};
use crate::error::SessionError;
use crate::observe::{About, EventKind, Reason};
use crate::record::CredentialMark;
use crate::state::{Base, Fate, Stored};

use super::core::Core;
use super::load::Loaded;
use super::revocations;

/// Ends the session that was found, if it was bound to credentials that are others now. One that is bound to none asks
/// nobody.
pub(super) async fn examined(core: &Core, loaded: Loaded) -> Result<Loaded, SessionError> {
    let Base::Stored(stored) = &loaded.base else {
        return Ok(loaded);
    };
    if core.credentials.is_none() || stored.record.metadata().credential().is_none() {
        return Ok(loaded);
    }
    if Box::pin(still_holds(core, stored)).await? {
        return Ok(loaded);
    }
    let presented = Some(stored.token.selector());
    Ok(Loaded { base: Base::Absent { presented }, past: Some(Fate::Ended), ..loaded })
}

/// Whether the session may live on; it was ended if not. While the source is away nobody is signed out: the request fails.
pub(super) async fn still_holds(core: &Core, stored: &Stored) -> Result<bool, SessionError> {
    let metadata = stored.record.metadata();
    let (Some(source), Some(mark), Some(principal)) =
        (&core.credentials, metadata.credential(), &metadata.principal)
    else {
        return Ok(true);
    };
    let selector = stored.token.selector();
    let asking = source.current(principal.json().as_str());
    let asking = async {
        let away = |source| DriverError::Unavailable { applied: Applicability::No, source };
        asking.await.map_err(away)
    };
    let current = core.within(Some(&selector), Call::Waiting(Box::pin(asking)), Applicability::No).await?;
    if current.is_some_and(|current| CredentialMark::of(&selector, &current) == *mark) {
        return Ok(true);
    }
    if core.seals.is_some() {
        revocations::end(core, stored).await?;
    } else {
        core.destroy(&selector, Owner::Principal(principal.key())).await?;
    }
    let about = About { session: Some(selector), ..About::of(principal.key()) };
    core.tell(EventKind::Revoked(Reason::Credentials), about);
    Ok(false)
}
