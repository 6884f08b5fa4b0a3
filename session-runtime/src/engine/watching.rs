//! Waits for the end of a session: rung where this process ends it, looked for where others may have.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::SessionError;
use crate::record::{Principal, PrincipalKey};
use crate::state::Stored;

use super::core::Core;
use super::credentials::still_holds;
use super::endings::Bell;
use super::revocations::{self, Standing};

/// How a session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// It was ended: by a revocation, a logout, other credentials, a login as somebody else, or since nothing was left of it.
    Ended,
    /// Its time has passed.
    Expired,
}

/// Waits for the end of `stored`, beginning with a look, since it may have ended after it was loaded. A store that is away
/// is no end.
pub(crate) async fn end(core: Arc<Core>, mut bell: Bell, mut stored: Stored) -> End {
    loop {
        let deadline = stored.record.metadata().deadlines.effective();
        match look(&core, &stored).await {
            Ok(Some(fresh)) => stored = fresh,
            Ok(None) if core.now() >= deadline => return End::Expired,
            Ok(None) => return End::Ended,
            Err(_) => {}
        }
        let deadline = stored.record.metadata().deadlines.effective();
        tokio::select! {
            biased;
            () = bell.rung() => return End::Ended,
            () = tokio::time::sleep(pause(&core, deadline)) => {}
        }
    }
}

/// The session as it is now, if it is still there and still belongs to whom it belonged.
pub(super) async fn look(core: &Core, stored: &Stored) -> Result<Option<Stored>, SessionError> {
    let fresh = if core.seals.is_some() {
        let holds = !stored.record.is_expired(core.now())
            && revocations::standing(core, stored).await? == Standing::Good;
        holds.then(|| stored.clone())
    } else {
        let fresh =
            core.load(&stored.token.selector()).await?.map(|record| Stored { record, ..stored.clone() });
        fresh.filter(|fresh| !fresh.record.is_expired(core.now()) && owner_of(fresh) == owner_of(stored))
    };
    match fresh {
        Some(fresh) if still_holds(core, &fresh).await? => Ok(Some(fresh)),
        _ => Ok(None),
    }
}

/// Whose the session is.
pub(crate) fn owner_of(stored: &Stored) -> Option<PrincipalKey> {
    stored.record.metadata().principal.as_ref().map(Principal::key).copied()
}

/// Until the deadline, and no longer than the interval of looks, of which a random part is left out, so that many watches do
/// not look in step.
fn pause(core: &Core, deadline: Timestamp) -> Duration {
    let mut byte = [0];
    // Without randomness they may look in step.
    let _ = core.random.fill_salt(&mut byte);
    let [byte] = byte;
    let longest = core.policy.watch_every.min(LONGEST).mul_f64(1.0 - f64::from(byte) / 2_550.0);
    match deadline.since(core.now()) {
        // It has passed, and the store could not say whether it was moved.
        Duration::ZERO => longest,
        left => left.min(longest),
    }
}

/// As long as "never", and safe to calculate with.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3_600);
