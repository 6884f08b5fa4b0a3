//! From presented tokens to the ground a request stands on.

use crate::clock::Timestamp;
use crate::error::SessionError;
use crate::observe::{About, EventKind};
use crate::record;
use crate::state::{Base, Fate, Loss, Stored};
use crate::token::Selector;

use super::at_once::at_once;
use super::candidates::{Candidates, Tokens};
use super::core::Core;
use super::credentials;
use super::replays::Replay;
use super::revocations::{self, REMEMBERED, Standing};
use super::seals::Presented;

/// What candidates lead to.
pub(super) struct Loaded {
    pub(super) base: Base,
    /// When it was judged, if anything was.
    pub(super) at: Option<Timestamp>,
    /// What became of the session that was presented, if it is none any more.
    pub(super) past: Option<Fate>,
}

pub(super) async fn load(core: &Core, candidates: &Candidates) -> Result<Loaded, SessionError> {
    let loaded = match candidates {
        Candidates::Tokens(tokens) => load_stored(core, tokens).await?,
        // Few sealed sessions have to wait for anything; the box keeps the future of all others small.
        Candidates::Sealed(presented) => Box::pin(load_sealed(core, presented)).await?,
    };
    credentials::examined(core, loaded).await
}

/// The same where nothing has to be waited for. Whoever knows credentials may have to be.
pub(super) fn load_at_once(core: &Core, candidates: &Candidates) -> Option<Result<Loaded, SessionError>> {
    if core.credentials.is_some() && !candidates.is_empty() {
        return None;
    }
    match candidates {
        Candidates::Tokens(tokens) => at_once(load_stored(core, tokens)),
        Candidates::Sealed(presented) => at_once(load_sealed(core, presented)),
    }
}

/// The sealed session that holds; without a store that remembers ended ones, nothing is waited for.
async fn load_sealed(core: &Core, presented: &Presented) -> Result<Loaded, SessionError> {
    let mut found = Found::default();
    let mut ended = None;
    for stored in presented.sessions() {
        let now = found.judging(core);
        if stored.record.is_expired(now) {
            found.past(Fate::Expired);
            core.tell(EventKind::Expired, About::session(stored.token.selector()));
            continue;
        }
        match revocations::standing(core, stored).await? {
            Standing::Good => found.add(stored.clone()),
            Standing::Superseded(since) if now < since.saturating_add(REMEMBERED) => {
                found.superseded = true;
                core.tell(EventKind::Superseded, About::session(stored.token.selector()));
            }
            Standing::Ended(at) if now < at.saturating_add(REMEMBERED) => {
                found.past(Fate::Ended);
                ended = Some(stored.token.selector());
            }
            Standing::Superseded(_) => found.past(Fate::Superseded),
            Standing::Ended(_) => found.past(Fate::Ended),
        }
    }
    Ok(found.into_base(core, ended))
}

/// One read per candidate, usually one in all. A token that opens nothing is no session, and touches none.
async fn load_stored(core: &Core, candidates: &Tokens) -> Result<Loaded, SessionError> {
    let (mut found, mut replays) = (Found::default(), Vec::new());
    for token in candidates.iter() {
        let selector = token.selector();
        let Some(record) = core.load(&selector).await? else {
            continue;
        };
        let now = found.judging(core);
        if record.is_expired(now) {
            found.past(Fate::Expired);
            core.tell(EventKind::Expired, About::session(selector));
            continue;
        }
        match record.standing(token.verifier(), now) {
            record::Standing::Current => found.add_current(Stored::on_server(*token, record)),
            record::Standing::Previous => found.add_unless_known(Stored::on_server(*token, record)),
            record::Standing::Superseded => {
                found.superseded = true;
                core.tell(EventKind::Superseded, About::session(selector));
            }
            record::Standing::Replayed if candidates.came() => replays.push(Replay::of(selector, &record)),
            record::Standing::Replayed | record::Standing::Stranger => {
                core.tell(EventKind::Unrecognised, About::session(selector));
            }
        }
    }
    // A browser that also holds what opens the session is no thief of it.
    for replay in replays.iter().filter(|replay| !found.knows(&replay.selector)) {
        // Few requests come to this; the box keeps the future of all others small.
        Box::pin(replay.answer(core)).await?;
    }
    Ok(found.into_base(core, candidates.first()))
}

/// What is stored now of a session that a request has loaded, by its name: however often its secret was renewed
/// meanwhile, the request goes on.
pub(super) async fn load_again(core: &Core, stored: Stored) -> Result<Base, SessionError> {
    if core.seals.is_some() {
        let loaded = load_sealed(core, &Presented::one(stored)).await?;
        return Ok(match loaded.base {
            Base::Absent { .. } => Base::Lost(Loss::Gone),
            base => base,
        });
    }
    let record = core.load(&stored.token.selector()).await?;
    Ok(match record.filter(|record| !record.is_expired(core.now())) {
        None => Base::Lost(Loss::Gone),
        Some(record) if record.metadata().epoch != stored.record.metadata().epoch => {
            Base::Lost(Loss::Superseded)
        }
        Some(record) => Base::Stored(Stored { record, ..stored }),
    })
}

/// What the candidates of one request came to.
#[derive(Default)]
struct Found {
    best: Option<Stored>,
    /// Sessions that opened too, and were older.
    passed_over: Vec<Selector>,
    superseded: bool,
    at: Option<Timestamp>,
    past: Option<Fate>,
}

impl Found {
    fn judging(&mut self, core: &Core) -> Timestamp {
        *self.at.insert(core.now())
    }

    /// Of several that are no more, the first counts.
    fn past(&mut self, fate: Fate) {
        self.past.get_or_insert(fate);
    }

    fn add(&mut self, stored: Stored) {
        self.best = Some(match self.best.take() {
            Some(other) => {
                let (newer, older) = by_age(other, stored);
                self.passed_over.push(older.token.selector());
                newer
            }
            None => stored,
        });
    }

    /// The same by the present secret of a session on the server, whatever other secret of it came too.
    fn add_current(&mut self, stored: Stored) {
        if self.is_of(&stored.token.selector()) {
            self.best = Some(stored);
        } else {
            self.add_unless_known(stored);
        }
    }

    /// The same of a session that no other secret has opened yet: the one before the present one counts only then.
    fn add_unless_known(&mut self, stored: Stored) {
        if !self.knows(&stored.token.selector()) {
            self.add(stored);
        }
    }

    fn is_of(&self, selector: &Selector) -> bool {
        self.best.as_ref().is_some_and(|best| best.token.selector() == *selector)
    }

    fn knows(&self, selector: &Selector) -> bool {
        self.is_of(selector) || self.passed_over.contains(selector)
    }

    fn into_base(self, core: &Core, presented: Option<Selector>) -> Loaded {
        let Self { best, passed_over, superseded, at, past } = self;
        if !passed_over.is_empty() {
            core.tell(EventKind::SeveralValid, About::count(1 + passed_over.len() as u64));
        }
        let base = match (best, superseded) {
            (Some(stored), _) => {
                core.tell(EventKind::Loaded, About::session(stored.token.selector()));
                Base::Stored(stored)
            }
            (None, true) => Base::Lost(Loss::Superseded),
            (None, false) => Base::Absent { presented },
        };
        Loaded { base, at, past }
    }
}

/// Of two valid sessions first the one that was signed in later, then the one that was created later.
fn by_age(one: Stored, other: Stored) -> (Stored, Stored) {
    let age = |stored: &Stored| {
        let metadata = stored.record.metadata();
        (metadata.authenticated_at, metadata.created_at)
    };
    if age(&other) > age(&one) { (other, one) } else { (one, other) }
}
