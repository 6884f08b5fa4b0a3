//! Where randomness comes from: the operating system through ring, or a test's own source.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ring::rand::SecureRandom as _;

/// The source of the bytes that tokens are made of.
///
/// Anything but the operating system's source is for tests: whoever can foresee these bytes can take over sessions.
pub trait RandomSource: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`RandomError`] when the source has nothing to give; no token is made then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;

    /// Fills `bytes` with what must never come twice, but need not stay secret: salts and nonces. A source may have drawn
    /// it some moments before. By default the same as [`fill`](Self::fill).
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    fn fill_salt(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.fill(bytes)
    }
}

impl<R: RandomSource + ?Sized> RandomSource for Arc<R> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        (**self).fill(bytes)
    }

    fn fill_salt(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        (**self).fill_salt(bytes)
    }
}

/// The random source of the operating system, the default.
#[derive(Clone, Debug)]
pub struct SystemRandom(ring::rand::SystemRandom);

impl Default for SystemRandom {
    fn default() -> Self {
        Self(ring::rand::SystemRandom::new())
    }
}

impl RandomSource for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        self.0.fill(bytes).map_err(|_| RandomError)
    }

    fn fill_salt(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        SALTS.with_borrow_mut(|salts| salts.take(bytes, now, |ahead| self.fill(ahead)))
    }
}

thread_local! {
    static SALTS: RefCell<Ahead> = const { RefCell::new(Ahead { bytes: [0; AHEAD], left: 0, drawn: Duration::ZERO }) };
}

/// Bytes drawn ahead, since each call of the system takes longer than a session takes to be sealed.
///
/// A process that forks, and a machine that is restored from a snapshot, have the same bytes ahead as their twins. So none
/// waits for longer than [`FRESH`], and each is combined with the time, in nanoseconds, at which it is taken.
struct Ahead {
    bytes: [u8; AHEAD],
    left: usize,
    drawn: Duration,
}

impl Ahead {
    fn take(
        &mut self,
        wanted: &mut [u8],
        now: Duration,
        draw: impl FnOnce(&mut [u8]) -> Result<(), RandomError>,
    ) -> Result<(), RandomError> {
        if self.left < wanted.len() || now.abs_diff(self.drawn) > FRESH {
            self.left = 0;
            draw(&mut self.bytes)?;
            (self.left, self.drawn) = (AHEAD, now);
        }
        let rest = self.left.checked_sub(wanted.len()).ok_or(RandomError)?;
        let ahead = self.bytes.get_mut(rest..self.left).ok_or(RandomError)?;
        wanted.copy_from_slice(ahead);
        ahead.fill(0);
        self.left = rest;
        let instant = now.as_nanos().to_le_bytes();
        wanted.iter_mut().zip(instant).for_each(|(byte, part)| *byte ^= part);
        Ok(())
    }
}

/// Salts and nonces of 64 sealed texts.
const AHEAD: usize = 64 * 28;
const FRESH: Duration = Duration::from_millis(10);

/// The random source gave nothing.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the random source is unavailable")]
pub struct RandomError;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const MOMENT: Duration = Duration::from_nanos(1);

    fn ahead() -> Ahead {
        Ahead { bytes: [0; AHEAD], left: 0, drawn: Duration::ZERO }
    }

    #[test]
    fn salts_never_come_twice_and_tell_nothing_of_the_time() {
        let source = SystemRandom::default();
        let mut seen = HashSet::new();
        for _ in 0..5_000 {
            let mut salt = [0; 28];
            source.fill_salt(&mut salt).unwrap();
            let parts =
                [salt[..7].to_vec(), salt[7..14].to_vec(), salt[14..21].to_vec(), salt[21..].to_vec()];
            assert!(parts.into_iter().all(|part| seen.insert(part)));
        }
    }

    #[test]
    fn a_twin_takes_other_bytes() {
        let source = SystemRandom::default();
        let (mut one, now) = (ahead(), Duration::from_secs(1));
        let mut salt = [0; 28];
        one.take(&mut salt, now, |bytes| source.fill(bytes)).unwrap();
        let mut twin = Ahead { ..one };
        let mut taken = |of: &mut Ahead, now| {
            of.take(&mut salt, now, |_| panic!("there are some ahead")).unwrap();
            salt
        };
        assert_ne!(taken(&mut one, now + MOMENT), taken(&mut twin, now + MOMENT * 2));
    }

    #[test]
    fn none_waits_long() {
        let now = Duration::from_secs(1);
        let (mut ahead, mut draws) = (ahead(), 0);
        for (at, drawn) in [(now, 1), (now + FRESH, 1), (now + FRESH + MOMENT, 2), (now, 3)] {
            let counted = |_: &mut [u8]| {
                draws += 1;
                Ok(())
            };
            ahead.take(&mut [0; 28], at, counted).unwrap();
            assert_eq!(draws, drawn, "at {at:?}");
        }
    }

    #[test]
    fn a_source_that_fails_gives_none() {
        let (mut ahead, mut salt) = (ahead(), [0; 28]);
        ahead.take(&mut salt, Duration::ZERO, |_| Err(RandomError)).unwrap_err();
        assert_eq!(salt, [0; 28]);
        ahead.take(&mut [0; AHEAD + 1], Duration::ZERO, |_| Ok(())).unwrap_err();
    }
}
