//! The limit of a principal's sessions where a driver has nothing better: the index is read, and each entry verified.

use crate::clock::Timestamp;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::answers::{Crowd, Owner};
use super::contract::Driver;
use super::error::DriverError;

/// How often dead entries are taken out for a login before it is refused: others enter meanwhile.
#[allow(dead_code, reason = "which drivers there are is chosen by features")]
pub(super) const ROUNDS: usize = 4;

/// Whether there is room for the session among at most `most`, itself included.
pub(super) async fn has_room<D: Driver + ?Sized>(
    driver: &D,
    principal: &PrincipalKey,
    selector: &Selector,
    most: usize,
) -> Result<bool, DriverError> {
    let selectors = driver.members(principal).await?.selectors;
    let others: Vec<Selector> = selectors.into_iter().filter(|other| other != selector).collect();
    // An index without stale entries tells it at once.
    Ok(others.len() < most || live(driver, principal, others).await?.len() < most)
}

/// The sessions beyond `most`.
pub(super) async fn over<D: Driver + ?Sized>(
    driver: &D,
    principal: &PrincipalKey,
    most: usize,
) -> Result<Crowd, DriverError> {
    let members = driver.members(principal).await?;
    let mut live = match members.selectors {
        few if few.len() <= most => Vec::new(),
        many => live(driver, principal, many).await?,
    };
    live.sort_unstable();
    let over = live.len().saturating_sub(most);
    let over = live.into_iter().take(over).map(|(_, selector)| selector).collect();
    Ok(Crowd { generation: members.generation, over })
}

/// Those of the selectors under which there is a session of the principal, with the time of its login. What cannot be
/// read opens no session, and counts as none.
async fn live<D: Driver + ?Sized>(
    driver: &D,
    principal: &PrincipalKey,
    selectors: Vec<Selector>,
) -> Result<Vec<(Option<Timestamp>, Selector)>, DriverError> {
    let mut live = Vec::new();
    for selector in selectors {
        match driver.load(&selector).await {
            Ok(Some(record)) if Owner::Principal(principal).owns(&record) => {
                live.push((record.metadata().authenticated_at, selector));
            }
            Ok(_) | Err(DriverError::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(live)
}

#[cfg(test)]
mod tests;
