//! What is stored now in the place of what was: for a request that asks again, and for changes that were overtaken.

use std::pin::pin;

use crate::error::SessionError;
use crate::state::{Base, Changes, Loss, Stored, Turn};

use super::exchange::Exchange;
use super::load::load_again;
use super::watching::look;

impl Exchange {
    /// Reads again what is stored now. What was recorded stays recorded, and updates are computed anew.
    pub(crate) async fn reload(&self) -> Result<(), SessionError> {
        loop {
            let (stored, commits) = self.between_commits().await;
            let Some(stored) = stored else { return Ok(()) };
            let base = if self.is_detached() {
                look(&self.core, &stored).await?.map_or(Base::Lost(Loss::Gone), Base::Stored)
            } else {
                load_again(&self.core, stored).await?
            };
            let mut state = self.state();
            // What a commit has led to meanwhile is newer.
            if state.commits == commits {
                state.ground.base = base;
                drop(state);
                return self.replay();
            }
        }
    }

    /// What is stored, when no commit of the request is on its way; and how many were begun until then.
    async fn between_commits(&self) -> (Option<Stored>, u32) {
        loop {
            let mut turn = pin!(self.turn());
            // Listens before it looks, so that no end of a commit is missed in between.
            turn.as_mut().enable();
            {
                let state = self.state();
                if state.turn == Turn::Free {
                    return (state.ground.base.stored().cloned(), state.commits);
                }
            }
            turn.await;
        }
    }

    /// Computes what was recorded anew on a base that has changed under it, without a lock, until nothing was recorded
    /// in between.
    pub(super) fn replay(&self) -> Result<(), SessionError> {
        let mut changes = Changes::default();
        loop {
            let (later, record) = {
                let mut state = self.state();
                state.revision += 1;
                (std::mem::take(&mut state.ground.changes), state.ground.base.record().cloned())
            };
            changes = changes.followed_by(later);
            let replayed = record.map_or(Ok(()), |record| changes.replay(&record));
            let mut state = self.state();
            if state.ground.changes.is_empty() || replayed.is_err() {
                let later = std::mem::take(&mut state.ground.changes);
                state.ground.changes = changes.followed_by(later);
                state.revision += 1;
                return replayed;
            }
        }
    }
}
