//! The plan as a table: what a request starts from, what it recorded, and on which occasion its commit comes.
//!
//! A row names the start, what the handler does, and what is planned then: by an explicit commit, after a good
//! answer, after a failed one, and after a failed one where the policy keeps everything (`commit_on_error`).

mod absent;
mod endings;
mod lifetimes;
mod lost;
mod model;
mod renewal;
mod settled;
mod stored;
mod touch;

use crate::clock::Timestamp;
use crate::config::{Lifetimes, Policy};
use crate::plan::{Apply, NewRecord, Occasion, Plan, Situation, plan};
use crate::random::SystemRandom;
use crate::record::{
    Addition, CsrfKey, Deadlines, Field, FieldOp, Fields, FlashEntry, Integer, IntegerBounds, Metadata,
    NewFlash, Principal, Record,
};
use crate::state::{Access, Base, Ground, Lifespan, Loss, Privilege, Step, Stored};
use crate::token::{Selector, Token};
use crate::value::{JsonText, Key};

const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);
const NOW: Timestamp = Timestamp::from_unix_millis(1_800_000_000_000);

/// What a request starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// No cookie, or one that is no token.
    Nothing,
    /// A token that opens nothing any more.
    DeadToken,
    /// A session of nobody, with fields `a` (1), `n` (1) and `theme` (survives a logout), and flash 4 and 5.
    Anonymous,
    /// The same as the session of principal 1.
    Owned,
    /// A session that was destroyed under the request.
    Gone,
    /// A token that was replaced moments ago.
    Superseded,
}

use Start::{Anonymous, DeadToken, Gone, Nothing, Owned, Superseded};

impl Start {
    fn base(self) -> Base {
        match self {
            Nothing => Base::ABSENT,
            DeadToken => Base::Absent { presented: Some(dead()) },
            Anonymous => stored(None),
            Owned => stored(Some("1")),
            Gone => Base::Lost(Loss::Gone),
            Superseded => Base::Lost(Loss::Superseded),
        }
    }
}

fn dead() -> Selector {
    Selector::from_bytes([7; 16])
}

fn stored(principal: Option<&str>) -> Base {
    let field = |text: &str, survives_logout| Field { json: json(text), survives_logout };
    let fields = [("a", "1", false), ("n", "1", false), ("theme", "\"dark\"", true)];
    let fields = fields.map(|(key, text, survives)| (Key::from(key), field(text, survives)));
    let flash = [(4, "notice"), (5, "error")];
    let flash = flash.map(|(id, key)| FlashEntry { id, key: key.into(), json: json("1"), until: None });
    let token = Token::random(&SystemRandom::default()).unwrap();
    let policy = Policy::default();
    let metadata = Metadata {
        created_at: NOW,
        authenticated_at: None,
        principal: principal.map(user),
        epoch: 3,
        verifier: token.verifier().hash(),
        superseded: None,
        deadlines: Deadlines::starting(NOW, policy.idle_timeout, policy.absolute_lifetime),
        next_flash: 6,
        csrf_key: CsrfKey::from_bytes([5; 16]),
        more: None,
    };
    Base::Stored(Stored::on_server(token, Record::new(metadata, Fields::from(fields), flash.to_vec())))
}

fn json(text: &str) -> JsonText {
    JsonText::parse(text).unwrap()
}

fn user(id: &str) -> Principal {
    Principal::new(json(id))
}

/// One request: what it starts from, what it recorded, and how strongly it uses the session.
struct Request {
    ground: Ground,
    arrived: Vec<FlashEntry>,
    access: Access,
    policy: Policy,
    now: Timestamp,
    /// Whether the response may carry a renewed secret.
    renews: bool,
}

impl Request {
    fn starting(start: Start) -> Self {
        let ground = Ground::new(start.base());
        let arrived = ground.base.record().map(|record| record.flash().to_vec()).unwrap_or_default();
        Self { ground, arrived, access: Access::Write, policy: Policy::default(), now: NOW, renews: true }
    }

    /// Does what the script says, step by step, as the session's calls would.
    fn run(mut self, script: &str) -> Self {
        for step in script.split("; ").filter(|step| !step.is_empty()) {
            let words: Vec<&str> = step.split(' ').collect();
            self.step(&words);
        }
        self
    }

    fn step(&mut self, words: &[&str]) {
        let Self { ground, arrived, .. } = self;
        match *words {
            ["set", key, text] => ground.put(key.into(), &[], Some(json(text)), None),
            ["forget", key] => ground.put(key.into(), &[], None, None),
            ["add", key, amount] => add(ground, key, amount.parse().unwrap()),
            ["update", key, text] => update(ground, key, json(text)),
            ["clear"] => ground.clear(),
            ["flash", key] => ground.changes.flash(NewFlash::from((key.into(), json("1")))),
            ["keep", id] => drop(ground.changes.kept.insert(id.parse().unwrap())),
            ["regenerate"] => ground.changes.promote(Privilege::Regenerate),
            ["elevate"] => ground.changes.promote(Privilege::Elevate),
            ["others"] => ground.changes.seldom_mut().others.push(*user("1").key()),
            ["login", id] => ground.login(user(id), arrived),
            ["remember"] => ground.changes.seldom_mut().lifetime = Some(Lifespan::Remembered),
            ["usual"] => ground.changes.seldom_mut().lifetime = Some(Lifespan::Usual),
            ["live", idle, absolute] => {
                let [idle, absolute] = [idle, absolute].map(|days| DAY * days.parse().unwrap());
                ground.changes.seldom_mut().lifetime = Some(Lifespan::Chosen(Lifetimes { idle, absolute }));
            }
            ["logout"] => ground.end(true, true, arrived),
            ["invalidate"] => ground.end(true, false, arrived),
            ["read-only"] => self.access = Access::Read,
            ["not-asked"] => self.access = Access::None,
            ["no-flash"] => arrived.clear(),
            _ => panic!("no such step: {words:?}"),
        }
    }

    fn plan(&self, occasion: Occasion) -> Plan {
        let random = SystemRandom::default();
        let consumable: Vec<u64> = self.arrived.iter().map(|entry| entry.id).collect();
        let situation = Situation {
            occasion,
            access: self.access,
            consumable: &consumable,
            renews: self.renews,
            policy: &self.policy,
            now: self.now,
            random: &random,
        };
        plan(&self.ground, &situation).unwrap()
    }

    /// The plans of the four occasions, in words.
    fn plans(mut self) -> [String; 4] {
        let answered = |failed| Occasion::Response { failed };
        let kept_to = [Occasion::Explicit, answered(false), answered(true)];
        let [explicit, good, failed] = kept_to.map(|occasion| told(&self.plan(occasion)));
        self.policy.commit_on_error = true;
        let forgiven = told(&self.plan(answered(true)));
        [explicit, good, failed, forgiven]
    }
}

fn add(ground: &mut Ground, key: &str, amount: u128) {
    let bounds = IntegerBounds { below: 0, above: 255 };
    let addition = Addition::integer(Integer::new(false, amount), Integer::ZERO, bounds);
    ground.add(key.into(), &[], addition, None).unwrap();
}

/// An update that leaves the field at `text`.
fn update(ground: &mut Ground, key: &str, text: JsonText) {
    let view = Some(text.clone());
    let step = Step::Update(Box::new(move |_| Ok(Some(text.clone()))));
    ground.step(key.into(), &[], step, view, None);
}

/// A row: the start, what the handler does, and the plans of the four occasions.
type Row<'a> = (Start, &'a str, [&'a str; 4]);

#[track_caller]
fn check(rows: &[Row<'_>]) {
    for (start, script, expected) in rows {
        let plans = Request::starting(*start).run(script).plans();
        let occasions = ["explicit", "answered", "failed", "failed, kept"];
        for ((occasion, plan), expected) in occasions.iter().zip(plans).zip(expected) {
            assert_eq!(plan, *expected, "`{script}` on {start:?}, {occasion}");
        }
    }
}

/// What is stored on every occasion but a failed answer.
const fn unless_failed(plan: &str) -> [&str; 4] {
    [plan, plan, "unchanged", plan]
}

fn told(plan: &Plan) -> String {
    match plan {
        Plan::Nothing(outcome) => outcome.to_string(),
        Plan::End => "end".to_owned(),
        Plan::EndOthers => "end others".to_owned(),
        Plan::Apply(apply) => told_apply(apply),
        Plan::Create(new) => told_create(new),
    }
}

fn told_apply(apply: &Apply) -> String {
    let commit = &apply.commit;
    assert_eq!((commit.epoch, commit.at.unix_millis() >= NOW.unix_millis()), (3, true));
    assert!(commit.idle_until.is_some(), "whatever is stored counts as activity");
    assert_eq!(commit.session().rotation.is_some(), apply.rotates() || apply.renews());
    assert_eq!(
        commit.session().rotation.is_some(),
        commit.session().rotation.is_some_and(|new| new.verifier == apply.token.verifier().hash())
    );
    if apply.only_touches() {
        return "touch".to_owned();
    }
    let mut words = vec!["apply".to_owned()];
    words.extend(commit.clear.then(|| "clear".to_owned()));
    words.extend(commit.fields.iter().map(|change| match &change.op {
        FieldOp::Set(json) => format!("{}={}", change.key, json.as_str()),
        FieldOp::Remove => format!("-{}", change.key),
        FieldOp::Add(_) => format!("{}+", change.key),
        FieldOp::Swap { expected, new } => {
            let text = |json: &Option<JsonText>| json.as_ref().map_or("-", JsonText::as_str).to_owned();
            format!("{}:{}>{}", change.key, text(expected), text(new))
        }
    }));
    words.extend(commit.flash.put.iter().map(|new| format!("flash:{}", new.key)));
    words.extend(commit.flash.consume.iter().map(|id| format!("consume:{id}")));
    words.extend(apply.rotates().then(|| "rotate".to_owned()));
    words.extend(apply.renews().then(|| "renew".to_owned()));
    words.extend(commit.session().presented.map(|_| "confirm".to_owned()));
    words.extend(
        commit.session().login.as_ref().map(|principal| format!("login:{}", principal.json().as_str())),
    );
    words.extend(commit.session().authenticated.then(|| "proof".to_owned()));
    words.join(" ")
}

fn told_create(new: &NewRecord) -> String {
    let metadata = new.record.metadata();
    assert_eq!((metadata.epoch, metadata.superseded), (0, None));
    assert_eq!(metadata.verifier, new.token.verifier().hash());
    assert_eq!(metadata.authenticated_at.is_some(), metadata.principal.is_some(), "a login is a proof");
    let mut words = vec!["create".to_owned()];
    let fields = new.record.fields().iter();
    words.extend(fields.map(|(key, field)| format!("{key}={}", field.json.as_str())));
    words.extend(new.record.flash().iter().map(|entry| format!("flash:{}", entry.key)));
    words.extend(metadata.principal.as_ref().map(|principal| format!("login:{}", principal.json().as_str())));
    if let Some(selector) = new.unless_destroyed {
        assert_eq!(selector, dead());
        words.push("unless-destroyed".to_owned());
    }
    words.join(" ")
}
