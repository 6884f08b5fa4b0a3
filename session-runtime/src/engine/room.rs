//! Whether what is flashed still fits into the session: told at the call, where the handler can do something about it,
//! and not by the commit, when the page is written already.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::SessionError;
use crate::record::{
    BASE_BYTES, CredentialMark, CsrfKey, Deadlines, ENTRY_BYTES, FlashEntry, Metadata, More, NewFlash,
    Packed, Record,
};
use crate::seal::KeyRing;
use crate::state::{Ground, RequestState};
use crate::token::{Selector, VerifierHash};
use crate::value::Key;

use super::core::Core;
use super::exchange::Exchange;

impl Exchange {
    /// Refuses `new` if the session, with all that the request has recorded so far, would grow over its limit by it;
    /// where there is nothing new, what the request has kept.
    pub(crate) fn make_room(&self, state: &RequestState, new: &[NewFlash]) -> Result<(), SessionError> {
        let Some(Excess { bytes, limit }) = excess(&self.core, state, new) else {
            return Ok(());
        };
        let changes = &state.ground.changes;
        let kept = state.arrived.iter().filter(|entry| changes.kept.contains(&entry.id));
        let carried = kept.map(|entry| (&entry.key, &entry.json));
        let carried = carried.chain(changes.reflashed.iter().map(|new| (&new.key, &new.json)));
        let put = new.iter().map(|new| (&new.key, &new.json));
        let flash = carried.filter(|_| new.is_empty()).chain(put);
        match flash.max_by_key(|(key, json)| key.as_str().len() + json.as_str().len()) {
            Some((key, _)) => Err(SessionError::FlashTooLarge { key: key.clone(), bytes, limit }),
            // It is not flash that takes the room.
            None => Ok(()),
        }
    }
}

/// How far over which limit.
struct Excess {
    bytes: usize,
    limit: usize,
}

fn excess(core: &Core, state: &RequestState, new: &[NewFlash]) -> Option<Excess> {
    let most = most_bytes(state, new);
    if most <= core.policy.max_record_bytes && core.seals.is_none() {
        return None;
    }
    let sealed = |bytes| core.cookies.sealed_bytes(KeyRing::chars_for(bytes));
    if let Some(seals) = &core.seals
        && most <= core.policy.max_record_bytes
        && sealed(most) <= seals.max_bytes
    {
        return None;
    }
    let record = expected(state, new);
    // What is over a limit that was lowered since may be got under again.
    let stored = state.ground.base.record().map_or(0, Record::size);
    let (bytes, limit) = (record.size(), core.policy.max_record_bytes.max(stored));
    if bytes > limit {
        return Some(Excess { bytes, limit });
    }
    let limit = core.seals.as_ref()?.max_bytes;
    let bytes = sealed(packed_bytes(record));
    (bytes > limit).then_some(Excess { bytes, limit })
}

/// More than the session takes at the most, without a look at what is replaced by what.
fn most_bytes(state: &RequestState, new: &[NewFlash]) -> usize {
    let ground = &state.ground;
    let stored = ground.base.record().map_or(BASE_BYTES, Record::size);
    let survivors = ground.base.fields().filter(|_| ground.base.record().is_none()).into_iter().flatten();
    let survivors = survivors.map(|(key, field)| (key, &field.json));
    let fields = ground.changes.fields.iter().filter_map(|(key, field)| Some((key, field.view.as_ref()?)));
    let flash = ground.changes.put().chain(new).map(|new| (&new.key, &new.json));
    let recorded = survivors.chain(fields).chain(flash);
    let recorded: usize =
        recorded.map(|(key, json)| key.as_str().len() + json.as_str().len() + ENTRY_BYTES).sum();
    let principal = ground.principal().map_or(0, |principal| principal.json().as_str().len());
    let stored_device = ground.base.record().and_then(|record| record.metadata().device());
    let device = stored_device.into_iter().chain(&ground.changes.seldom().device);
    let device = device.flat_map(|device| [&device.agent, &device.address]);
    let device: usize = device.flatten().map(|text| text.len()).sum();
    stored + recorded + principal + device
}

/// The session as the response's commit is going to leave it, with numbers as long as they get.
fn expected(state: &RequestState, new: &[NewFlash]) -> Record {
    let ground = &state.ground;
    let mut consumed = state.consumable();
    consumed.retain(|id| !ground.changes.kept.contains(id));
    let replaced = |key: &Key| new.iter().any(|new| new.key == *key);
    let stays = |entry: &&FlashEntry| {
        !consumed.contains(&entry.id) && (entry.until.is_none() || !replaced(&entry.key))
    };
    let stored = ground.base.record().map(Record::flash).unwrap_or_default().iter().filter(stays).cloned();
    let reflashed = ground.changes.reflashed.iter();
    let flashed = ground.changes.flashed.iter().filter(|before| !replaced(&before.key));
    let put = reflashed.chain(flashed).chain(new).map(|new| new.clone().filed(u64::MAX));
    let flash =
        stored.chain(put).map(|entry| FlashEntry { until: entry.until.map(|_| FAR_FROM_IT), ..entry });
    let metadata = Metadata {
        created_at: LONG_AGO,
        authenticated_at: Some(FAR_FROM_IT),
        principal: ground.principal().cloned(),
        epoch: u64::MAX,
        verifier: VerifierHash::from_bytes([0; 32]),
        superseded: None,
        deadlines: Deadlines { idle: FAR_FROM_IT, absolute: FAR_FROM_IT },
        next_flash: u64::MAX,
        csrf_key: CsrfKey::from_bytes([0; 16]),
        more: more(ground),
    };
    Record::new(metadata, ground.fields_as_seen(), flash.collect())
}

/// What few sessions have, as far as this one has it or may come to.
fn more(ground: &Ground) -> Option<Box<More>> {
    let stored = ground.base.record().and_then(|record| record.metadata().more.as_deref());
    let said = ground.changes.seldom();
    if stored.is_none() && ground.principal().is_none() && said.lifetime.is_none() {
        return None;
    }
    let stored = stored.cloned().unwrap_or_default();
    Some(Box::new(More {
        device: said.device.clone().or_else(|| stored.device.clone()),
        seen_at: Some(FAR_FROM_IT),
        idle_for: Some(Duration::MAX),
        renewal: None,
        // A login forgets it or brings another.
        credential: Some(CredentialMark::from_bytes([0; 16])),
        ..stored
    }))
}

fn packed_bytes(record: Record) -> usize {
    let packed = Packed { selector: Selector::from_bytes([0; 16]), generation: u64::MAX, record };
    packed.write_to(Vec::new()).len()
}

/// A time of ten bytes where it is packed, and one so far from it that the difference takes as many.
const LONG_AGO: Timestamp = Timestamp::from_unix_millis(u64::MAX);
const FAR_FROM_IT: Timestamp = Timestamp::from_unix_millis(u64::MAX - 1);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::tests::arbitrary_record;
    use crate::state::{Base, Stored};
    use crate::token::Token;
    use crate::value::JsonText;

    fn loaded(record: &Record) -> RequestState {
        let mut state = RequestState::new();
        let token = Token::naming(Selector::from_bytes([1; 16]));
        state.start(
            Base::Stored(Stored::on_server(token, record.clone())),
            0,
            Some(Timestamp::from_unix_millis(0)),
        );
        state
    }

    proptest! {
        #[test]
        fn the_estimate_is_never_below_what_is_sealed(
            record in arbitrary_record(),
            put in proptest::collection::vec((".*", ".{0,200}", any::<Option<u64>>()), 1..4),
            selector: [u8; 16],
            generation: u64,
        ) {
            let put: Vec<NewFlash> = put.into_iter().map(|(key, text, until)| NewFlash {
                key: key.into(),
                json: JsonText::encode(&text).unwrap(),
                until: until.map(Timestamp::from_unix_millis),
            }).collect();
            let mut state = loaded(&record);
            let (most, estimate) = (most_bytes(&state, &put), packed_bytes(expected(&state, &put)));
            for new in &put {
                state.leave(new.clone());
            }
            let consumed = state.consumable();
            let stays = record.flash().iter().filter(|entry| !consumed.contains(&entry.id)).cloned();
            let ids = (0..).map(|after: u64| record.metadata().next_flash.wrapping_add(after));
            let put = state.ground.changes.put().cloned().zip(ids).map(|(new, id)| new.filed(id));
            let flash = stays.chain(put).collect();
            let next = Record::new(record.metadata().clone(), record.fields().clone(), flash);
            let size = next.size();
            let packed = Packed {
                selector: Selector::from_bytes(selector),
                generation,
                record: next.without_verifiers(),
            };
            let sealed = packed.write_to(Vec::new()).len();
            prop_assert!(sealed <= estimate, "{sealed} bytes, estimated {estimate}");
            prop_assert!(size <= most, "{size} bytes, at the most {most}");
            prop_assert!(sealed <= most, "{sealed} bytes are sealed, at the most {most}");
        }
    }
}
