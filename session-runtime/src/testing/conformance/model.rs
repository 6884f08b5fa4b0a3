//! Hundreds of random commits, against what [`Record::apply`] says of the same ones.

use crate::driver::Driver;
use crate::record::{Applied, Commit, FieldChange, FlashChange, Record, SessionChange, Verdict};

use super::fixtures::{self, add, flash, remove, rotation, set, subtract, swap, text};
use super::trial::Trial;

/// A record goes the way that [`Record::apply`] says, through any sequence of commits.
pub async fn random_commits_do_what_the_reference_says<D: Driver>(trial: &Trial<D>) {
    let seed = u64::from_le_bytes(fixtures::random());
    let mut dice = Dice(seed);
    for _ in 0..8 {
        let mut expected = trial.record(&[("a", "1"), ("b", "\"x\"")]);
        let selector = trial.file(&expected).await;
        for step in 0..40 {
            let commit = random_commit(trial, &expected, &mut dice);
            let applied = trial.apply(&selector, &commit).await;
            let told = || format!("seed {seed}, step {step}, {commit:?}");
            match expected.apply(&commit) {
                Verdict::Store(record, sums) => {
                    assert_eq!(applied, Applied::Stored(sums), "{}", told());
                    expected = record;
                }
                Verdict::Destroy => {
                    assert_eq!(applied, Applied::Emptied, "{}", told());
                    assert_eq!(trial.load(&selector).await, None, "{}", told());
                    break;
                }
                // Which of several reasons for a refusal is named is up to the driver.
                Verdict::Leave(Applied::Refused(_)) => {
                    assert!(matches!(applied, Applied::Refused(_)), "{applied:?}: {}", told());
                }
                Verdict::Leave(answer) => assert_eq!(applied, answer, "{}", told()),
            }
            assert_eq!(trial.load(&selector).await.as_ref(), Some(&expected), "{}", told());
        }
    }
}

fn random_commit<D: Driver>(trial: &Trial<D>, record: &Record, dice: &mut Dice) -> Commit {
    let keys = ["a", "b", "c", "d"].into_iter().filter(|_| dice.roll(3) == 0).collect::<Vec<_>>();
    let fields = keys.into_iter().map(|key| random_change(record, key, dice)).collect();
    let put = if dice.roll(4) == 0 { vec![flash("notice", "1"), flash("b", "2")] } else { vec![] };
    let ids = record.flash().iter().map(|entry| entry.id);
    let consume = ids.filter(|_| dice.roll(3) == 0).collect();
    let epoch = record.metadata().epoch;
    Commit {
        epoch: if dice.roll(12) == 0 { epoch + 1 } else { epoch },
        clear: dice.roll(16) == 0,
        fields,
        flash: FlashChange { put, consume },
        idle_until: (dice.roll(3) == 0).then(|| trial.later(fixtures::IDLE * dice.roll(5))),
        max_bytes: if dice.roll(8) == 0 { 500 } else { usize::MAX },
        session: SessionChange {
            rotation: (dice.roll(6) == 0).then(rotation),
            login: (dice.roll(10) == 0).then(fixtures::principal),
            authenticated: dice.roll(5) == 0,
            ..SessionChange::NONE
        }
        .into(),
        ..trial.commit()
    }
}

fn random_change(record: &Record, key: &str, dice: &mut Dice) -> FieldChange {
    let stored = text(record, key);
    let change = match dice.roll(9) {
        0 => set(key, "1"),
        1 => set(key, "\"text\""),
        2 => set(key, "null"),
        3 => remove(key),
        4 => add(key, 120_u8),
        5 => subtract(key, 7_i64),
        6 => add(key, 0.5_f64),
        7 => swap(key, stored, Some("2")),
        _ => swap(key, Some("0"), None),
    };
    let survives_logout = [None, Some(true), Some(false)].into_iter().nth(dice.roll(3) as usize).flatten();
    FieldChange { survives_logout, ..change }
}

/// Marsaglia's xorshift: a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 |= 1;
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 16) % u64::from(sides)).unwrap_or_default()
    }
}
