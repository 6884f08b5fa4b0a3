//! Why there is no session: as far as loading told, or as the driver remembers.

use crate::driver::DriverFate;
use crate::error::SessionError;
use crate::observe::{About, EventKind};
use crate::state::{Base, Fate, Loss};

use super::exchange::Exchange;

impl Exchange {
    /// What became of the session that the request came with. The driver is asked only if there is none, and one was
    /// named.
    pub(crate) async fn fate(&self) -> Result<Fate, SessionError> {
        let presented = {
            let state = self.state();
            match (&state.ground.base, state.past) {
                (Base::Stored(_), _) => return Ok(Fate::Live),
                (Base::Renewed { .. } | Base::Lost(Loss::Gone), _) => return Ok(Fate::Ended),
                (Base::Lost(Loss::Superseded), _) => return Ok(Fate::Superseded),
                (Base::Absent { .. }, Some(past)) => return Ok(past),
                (Base::Absent { presented }, None) => *presented,
            }
        };
        let Some(selector) = presented.filter(|_| self.core.seals.is_none()) else {
            return Ok(Fate::Unknown);
        };
        Ok(match self.core.fate(&selector).await? {
            DriverFate::Destroyed => Fate::Ended,
            DriverFate::Unknown => Fate::Unknown,
            DriverFate::Expired => {
                self.core.tell(EventKind::Expired, About::session(selector));
                Fate::Expired
            }
        })
    }

    /// Notes that the request is no activity.
    pub(crate) fn note_passive(&self) {
        self.state().passive = true;
    }
}
