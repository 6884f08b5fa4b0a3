//! Renewals against a model: whatever comes in whatever order, and whichever answers are lost.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::record::{Standing, Verdict};

const GRACE: Duration = Duration::from_secs(60);

/// What happens next. Requests on their way are counted, the index wraps around.
#[derive(Clone, Debug)]
enum Event {
    /// The browser sends a request with the cookie that it holds.
    Sends,
    /// One that is on its way is answered; its answer may get lost if it is no change of privilege.
    Answers {
        which: usize,
        script: &'static str,
        lost: bool,
    },
    Waits(u64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let script = prop_oneof![4 => Just(""), 4 => Just("set b 1"), 1 => Just("elevate"), 1 => Just("regenerate"), 1 => Just("login 1")];
    let event = prop_oneof![
        4 => Just(Event::Sends),
        4 => (any::<usize>(), script, any::<bool>())
            .prop_map(|(which, script, lost)| Event::Answers { which, script, lost }),
        2 => prop_oneof![Just(1_u64), Just(30), Just(59), Just(61), Just(600), Just(700)].prop_map(Event::Waits),
    ];
    proptest::collection::vec(event, 1..80)
}

struct World {
    now: Timestamp,
    record: Record,
    /// What the browser holds.
    held: Token,
    /// All that it ever held, with the epoch that each was given under.
    given: Vec<(Token, u64)>,
    on_their_way: Vec<Stored>,
}

impl World {
    fn new() -> Self {
        let Base::Stored(Stored { token, record, .. }) = Owned.base() else { unreachable!("a stored start") };
        let far = Timestamp::MAX;
        let deadlines = Deadlines { idle: far, absolute: far };
        let record =
            Record::new(Metadata { deadlines, ..record.metadata().clone() }, Fields::new(), Vec::new());
        Self { now: NOW, record, held: token, given: vec![(token, 3)], on_their_way: Vec::new() }
    }

    fn standing(&self, token: &Token) -> Standing {
        self.record.standing(token.verifier(), self.now)
    }

    fn happens(&mut self, event: &Event) {
        match event {
            Event::Waits(seconds) => self.now = self.now.saturating_add(Duration::from_secs(*seconds)),
            Event::Sends => {
                let standing = self.standing(&self.held);
                let opens = matches!(standing, Standing::Current | Standing::Previous);
                assert!(opens, "a browser that does as it is told is signed out: {standing:?}");
                self.on_their_way.push(Stored::on_server(self.held, self.record.clone()));
            }
            Event::Answers { which, script, lost } if !self.on_their_way.is_empty() => {
                let which = which % self.on_their_way.len();
                let loaded = self.on_their_way.swap_remove(which);
                self.answers(loaded, script, *lost);
            }
            Event::Answers { .. } => {}
        }
    }

    fn answers(&mut self, loaded: Stored, script: &str, lost: bool) {
        let mut request = Request::starting(Owned).run("no-flash");
        request.ground = Ground::new(Base::Stored(loaded));
        request.policy.renew_every = Some(GRACE * 10);
        request.policy.renewal_grace = GRACE;
        request.now = self.now;
        let mut request = request.run(script);
        for renews in [true, false] {
            request.renews = renews;
            let Plan::Apply(apply) = request.plan(Occasion::Response { failed: false }) else { return };
            match self.record.apply(&apply.commit) {
                Verdict::Store(record, _) => {
                    self.record = record;
                    if apply.commit.session().rotation.is_some() {
                        self.given.push((apply.token, self.record.metadata().epoch));
                    }
                    if apply.rotates() || (apply.renews() && !lost) {
                        self.held = apply.token;
                    }
                    return;
                }
                // Somebody else has renewed it: the rest is done without.
                Verdict::Leave(crate::record::Applied::Refused(_)) => assert!(apply.renews()),
                // The privilege was changed meanwhile: the work of the request is dropped, and it sends no cookie.
                Verdict::Leave(crate::record::Applied::Superseded) => return,
                other => panic!("{other:?}"),
            }
        }
    }

    fn judge(&self) {
        let epoch = self.record.metadata().epoch;
        let opens = |token: &Token| matches!(self.standing(token), Standing::Current | Standing::Previous);
        let open: Vec<u64> =
            self.given.iter().filter(|(token, _)| opens(token)).map(|(_, epoch)| *epoch).collect();
        assert!(open.iter().all(|given| *given == epoch), "a secret from before a change of privilege opens");
        assert!(open.len() <= 2, "{} secrets open the session", open.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_browser_that_does_as_it_is_told_is_never_signed_out(events in events()) {
        let mut world = World::new();
        for event in &events {
            world.happens(event);
            world.judge();
        }
    }
}
