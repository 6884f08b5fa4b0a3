//! The principal index: one sorted set per principal, in a slot of its own. It is written before the record that needs
//! it, and whoever lists asks each session whose it is.

use std::time::Duration;

use redis::{Cmd, Value};
use tokio::task::JoinSet;

use crate::clock::Timestamp;
use crate::driver::error::DriverError;
use crate::record::PrincipalKey;
use crate::token::Selector;

use super::failure::Failure;
use super::layout::MOST_HEAD;
use super::link::Link;
use super::reading;
use super::scripts::{Call, Name, Scripts};

/// One line of the index.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) selector: Selector,
    entered: Timestamp,
    member: String,
}

impl Entry {
    /// Reads `selector:time`; none for the member that holds the generation.
    fn read(member: &str) -> Option<Self> {
        let (selector, entered) = member.split_once(':')?;
        let entered = Timestamp::from_unix_millis(entered.parse().ok()?);
        Some(Self { selector: selector.parse().ok()?, entered, member: member.to_owned() })
    }

    /// The login that wrote the entry may still be on its way, so that the entry stays although no session needs it.
    pub(super) fn is_young(&self, now: Timestamp) -> bool {
        now.since(self.entered).as_millis() < YOUNG
    }
}

/// Enters a session; the generation.
pub(super) async fn enter(
    link: &Link,
    scripts: &Scripts,
    index: &str,
    selector: &Selector,
    [now, until]: [Timestamp; 2],
) -> Result<u64, Failure> {
    let call = Call { script: Name::Enter, key: index, room: (4, 100) };
    let selector = selector.to_string();
    let answer = scripts.run(link, call, |command| {
        let lifetime = lifetime(now, until);
        command.arg(&selector).arg(now.unix_millis()).arg(until.unix_millis()).arg(lifetime);
    });
    Ok(generation(&answer.await?))
}

/// Enters a session unless `most` others are entered: the generation, or the entries.
pub(super) async fn admit(
    link: &Link,
    scripts: &Scripts,
    index: &str,
    selector: &Selector,
    [now, until]: [Timestamp; 2],
    most: usize,
) -> Result<Result<u64, Vec<Entry>>, Failure> {
    let call = Call { script: Name::Admit, key: index, room: (5, 120) };
    let selector = selector.to_string();
    let answer = scripts.run(link, call, |command| {
        let lifetime = lifetime(now, until);
        command.arg(&selector).arg(now.unix_millis()).arg(until.unix_millis()).arg(lifetime).arg(most);
    });
    Ok(match answer.await? {
        entries @ Value::Array(_) => Err(list(&entries).0),
        entered => Ok(generation(&entered)),
    })
}

/// Raises the generation; the entries after that.
pub(super) async fn revoke(
    link: &Link,
    scripts: &Scripts,
    index: &str,
    now: Timestamp,
) -> Result<Vec<Entry>, Failure> {
    let call = Call { script: Name::Revoke, key: index, room: (2, 40) };
    let answer = scripts.run(link, call, |command| {
        command.arg(now.unix_millis()).arg(REMEMBERED);
    });
    Ok(list(&answer.await?).0)
}

pub(super) async fn read_generation(link: &Link, index: &str) -> Result<u64, Failure> {
    let mut command = redis::cmd("ZSCORE");
    command.arg(index).arg(GENERATION);
    link.ask(index, command).await.map(|answer| generation(&answer))
}

pub(super) async fn read(link: &Link, index: &str) -> Result<(Vec<Entry>, u64), Failure> {
    let mut command = redis::cmd("ZRANGE");
    command.arg(index).arg(0).arg(-1).arg("WITHSCORES");
    link.ask(index, command).await.map(|answer| list(&answer))
}

/// Asks each session whose it is; true for those that are live and the principal's.
pub(super) async fn verify(
    link: &Link,
    sessions: Vec<String>,
    principal: PrincipalKey,
    now: Timestamp,
) -> Result<Vec<bool>, DriverError> {
    let answers = each(sessions, |session| {
        let link = link.clone();
        async move {
            let head = link.ask(&session, head(&session)).await.map_err(Failure::of_read)?;
            match reading::is_his(&head, &principal, now) {
                // It opens nothing, and stays where it lies.
                Err(DriverError::Corrupt { .. }) => Ok(false),
                his => his,
            }
        }
    });
    answers.await.into_iter().collect()
}

/// Asks for what a session's value says before the record.
pub(super) fn head(session: &str) -> Cmd {
    let mut command = redis::cmd("GETRANGE");
    command.arg(session).arg(0).arg(MOST_HEAD - 1);
    command
}

/// Takes out entries.
pub(super) async fn clean(
    link: &Link,
    index: &str,
    entries: impl Iterator<Item = &Entry>,
) -> Result<(), Failure> {
    let members: Vec<&str> = entries.map(|entry| entry.member.as_str()).collect();
    if members.is_empty() {
        return Ok(());
    }
    let mut command = redis::cmd("ZREM");
    command.arg(index).arg(members);
    link.ask(index, command).await.map(drop)
}

/// Calls for many keys at once, since in a cluster no one call can name them all; the answers in their order.
pub(super) async fn each<T, F>(keys: Vec<String>, call: impl Fn(String) -> F) -> Vec<Result<T, DriverError>>
where
    T: Send + 'static,
    F: Future<Output = Result<T, DriverError>> + Send + 'static,
{
    let mut answers = Vec::with_capacity(keys.len());
    let mut keys = keys.into_iter().enumerate();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE {
            let Some((place, key)) = keys.next() else { break };
            let call = call(key);
            running.spawn(async move { (place, call.await) });
        }
        match running.join_next().await {
            Some(Ok(answer)) => answers.push(answer),
            // Nothing in a call panics, and nobody aborts it.
            Some(Err(error)) => answers.push((usize::MAX, Err(DriverError::unavailable(error)))),
            None => break,
        }
    }
    answers.sort_unstable_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Milliseconds from `now` until `until`: never zero, and within what Redis can count.
pub(super) fn lifetime(now: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.since(now).as_millis()).unwrap_or(u64::MAX).clamp(1, LONGEST)
}

/// The same for a session that lives until then: its value is kept longer, so that it is known that it has expired.
pub(super) fn kept(now: Timestamp, until: Timestamp) -> u64 {
    lifetime(now, until.saturating_add(EXPIRED_FOR))
}

/// Members with or without scores, in either protocol.
fn list(answer: &Value) -> (Vec<Entry>, u64) {
    let mut found = 0;
    let mut entries: Vec<Entry> = Vec::new();
    let mut holds_generation = false;
    for value in flat(answer) {
        match reading::text(value) {
            Ok(GENERATION) => holds_generation = true,
            Ok(member) if Entry::read(member).is_some() => entries.extend(Entry::read(member)),
            _ if std::mem::take(&mut holds_generation) => found = generation(value),
            _ => {}
        }
    }
    (entries, found)
}

fn flat(answer: &Value) -> Vec<&Value> {
    match answer {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        Value::Map(pairs) => pairs.iter().flat_map(|(member, score)| [member, score]).collect(),
        value => vec![value],
    }
}

/// A generation is filed as a negative score, whole and far below 2^53.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, and of a known range")]
fn generation(answer: &Value) -> u64 {
    let score = match answer {
        Value::Double(score) => *score,
        value => reading::text(value).ok().and_then(|text| text.parse().ok()).unwrap_or_default(),
    };
    score.abs() as u64
}

const GENERATION: &str = "g";
/// In milliseconds: how long an entry is spared although its session does not need it.
const YOUNG: u128 = 60_000;
/// In milliseconds: how long a generation is kept for logins in flight; far longer than any request.
const REMEMBERED: u64 = 3_600_000;
/// In milliseconds: a hundred years.
const LONGEST: u64 = 3_155_760_000_000;
const AT_ONCE: usize = 64;
/// How long it is known of an expired session that it was there.
const EXPIRED_FOR: Duration = Duration::from_secs(3_600);
