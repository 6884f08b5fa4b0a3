//! The limit of a principal's sessions: an entry of the index is made in one step with the count, in one slot; what the
//! entries are worth is asked of the sessions, which lie elsewhere.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::driver::answers::Crowd;
use crate::driver::crowds::{self, ROUNDS};
use crate::driver::error::DriverError;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::failure::Failure;
use super::index::{self, Entry};
use super::layout::Standing;
use super::reading;
use super::redis_driver::RedisDriver;

impl RedisDriver {
    /// One round trip while there is room; else three for each time that dead entries have to be taken out.
    pub(super) async fn admitted(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        let index = self.names.index(principal);
        for _ in 0..ROUNDS {
            let now = self.clock.now();
            let admitting =
                index::admit(&self.link, &self.scripts, &index, selector, [now, until], most).await;
            let entries = match admitting.map_err(Failure::of_read)? {
                Ok(generation) => {
                    self.announced.remember(*selector, *principal);
                    return Ok(Some(generation));
                }
                Err(entries) => entries,
            };
            let dead = self.dead(&entries, principal, now).await?;
            if dead.is_empty() {
                return Ok(None);
            }
            index::clean(&self.link, &index, dead.into_iter()).await.map_err(Failure::of_read)?;
        }
        Ok(None)
    }

    /// Who is beyond `most`: where the index has no more entries, nobody, in one round trip.
    pub(super) async fn over(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        let index = self.names.index(principal);
        let (entries, generation) = index::read(&self.link, &index).await.map_err(Failure::of_read)?;
        let listed: BTreeSet<Selector> = entries.iter().map(|entry| entry.selector).collect();
        if listed.len() <= most {
            return Ok(Crowd { generation, over: Vec::new() });
        }
        crowds::over(self, principal, most).await
    }

    /// The entries that stand for no session, and for no login that may be on its way.
    async fn dead<'e>(
        &self,
        entries: &'e [Entry],
        principal: &PrincipalKey,
        now: Timestamp,
    ) -> Result<Vec<&'e Entry>, DriverError> {
        let sessions = entries.iter().map(|entry| self.names.session(&entry.selector)).collect();
        let heads = index::each(sessions, |session| {
            let link = self.link.clone();
            async move { link.ask(&session, index::head(&session)).await.map_err(Failure::of_read) }
        });
        let owner = principal.to_string();
        let mut dead = Vec::new();
        for (entry, head) in entries.iter().zip(heads.await) {
            let is_dead = match reading::standing(&head?) {
                Ok(Some(Standing::Live { deadline, owner: Some(his) })) if his == owner => deadline <= now,
                // What cannot be read opens for nobody either.
                Ok(Some(Standing::Destroyed(_))) | Err(DriverError::Corrupt { .. }) => true,
                Ok(_) => !entry.is_young(now),
                Err(error) => return Err(error),
            };
            dead.extend(is_dead.then_some(entry));
        }
        Ok(dead)
    }
}
