//! Who waits for the end of which session in this process. In: endings as they happen. Out: a bell for each who waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::record::PrincipalKey;
use crate::token::Selector;

/// A session as it was when somebody began to watch it: given to somebody else, it has ended for him.
type Watched = (Selector, Option<PrincipalKey>);

/// The sessions that are watched. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings(Arc<Mutex<BTreeMap<Watched, watch::Sender<bool>>>>);

/// Rings when the session ends. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Bell {
    endings: Endings,
    watched: Watched,
    rung: watch::Receiver<bool>,
}

impl Endings {
    /// A bell for the end of a session that belongs to this principal.
    pub(crate) fn listen(&self, selector: Selector, principal: Option<PrincipalKey>) -> Bell {
        let watched = (selector, principal);
        let rung = self.watched().entry(watched).or_insert_with(|| watch::Sender::new(false)).subscribe();
        Bell { endings: self.clone(), watched, rung }
    }

    /// The session has ended.
    pub(super) fn ring(&self, selector: &Selector) {
        self.ring_those(selector, |_| true);
    }

    /// The session was given to this principal.
    pub(super) fn ring_given(&self, selector: &Selector, principal: &PrincipalKey) {
        self.ring_those(selector, |owner| owner.as_ref() != Some(principal));
    }

    /// All of the principal's sessions have ended, but for one.
    pub(super) fn ring_all(&self, principal: &PrincipalKey, except: Option<&Selector>) {
        self.watched().retain(|(watched, owner), bell| {
            let ends = owner.as_ref() == Some(principal) && Some(watched) != except;
            if ends {
                bell.send_replace(true);
            }
            !ends
        });
    }

    fn ring_those(&self, selector: &Selector, ends: impl Fn(&Option<PrincipalKey>) -> bool) {
        let mut watched = self.watched();
        let of_it = watched.range((*selector, None)..).take_while(|((watched, _), _)| watched == selector);
        let ending: Vec<Watched> =
            of_it.map(|(watched, _)| *watched).filter(|(_, owner)| ends(owner)).collect();
        for bell in ending.iter().filter_map(|ended| watched.remove(ended)) {
            bell.send_replace(true);
        }
    }

    fn watched(&self) -> MutexGuard<'_, BTreeMap<Watched, watch::Sender<bool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.watched().len()
    }
}

impl Bell {
    /// Waits until it rings, or returns at once if it has.
    pub(crate) async fn rung(&mut self) {
        // Fails only without a sender, which goes away when it has rung.
        let _ = self.rung.wait_for(|rung| *rung).await;
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        let mut watched = self.endings.watched();
        // One that has rung is taken out already, and what is there is somebody else's.
        let is_last = watched.get(&self.watched).is_some_and(|bell| bell.receiver_count() == 1);
        if is_last && !*self.rung.borrow() {
            watched.remove(&self.watched);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::at_once::at_once;

    const ONE: Selector = Selector::from_bytes([1; 16]);
    const OTHER: Selector = Selector::from_bytes([2; 16]);
    const ADA: PrincipalKey = PrincipalKey::from_bytes([1; 32]);
    const BOB: PrincipalKey = PrincipalKey::from_bytes([2; 32]);

    fn rang(bell: &mut Bell) -> bool {
        at_once(bell.rung()).is_some()
    }

    #[test]
    fn a_bell_rings_for_its_session_only() {
        let endings = Endings::default();
        let [mut one, mut again, mut other] = [ONE, ONE, OTHER].map(|of| endings.listen(of, Some(ADA)));
        endings.ring(&ONE);
        assert_eq!([rang(&mut one), rang(&mut again), rang(&mut other)], [true, true, false]);
        assert!(!rang(&mut endings.listen(ONE, Some(ADA))), "what comes later is another story");
    }

    #[test]
    fn a_session_that_is_given_to_somebody_has_ended_for_others() {
        let endings = Endings::default();
        let [mut nobody, mut ada] = [None, Some(ADA)].map(|owner| endings.listen(ONE, owner));
        endings.ring_given(&ONE, &ADA);
        assert_eq!([rang(&mut nobody), rang(&mut ada)], [true, false]);
    }

    #[test]
    fn all_of_a_principal_ring_but_one() {
        let endings = Endings::default();
        let [mut kept, mut ended] = [ONE, OTHER].map(|of| endings.listen(of, Some(ADA)));
        let mut bobs = endings.listen(Selector::from_bytes([3; 16]), Some(BOB));
        endings.ring_all(&ADA, Some(&ONE));
        assert_eq!([rang(&mut kept), rang(&mut ended), rang(&mut bobs)], [false, true, false]);
    }

    #[test]
    fn a_dropped_bell_leaves_nothing() {
        let endings = Endings::default();
        let [one, again] = [ONE, ONE].map(|of| endings.listen(of, None));
        drop(one);
        assert_eq!(endings.len(), 1);
        endings.ring(&ONE);
        let later = endings.listen(ONE, None);
        drop(again);
        assert_eq!(endings.len(), 1, "the later one still waits");
        drop(later);
        assert_eq!(endings.len(), 0);
    }
}
