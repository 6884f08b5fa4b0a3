//! The passwords of the shop's visitors. A name without one is anybody's, until somebody gives it a password.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ring::pbkdf2;
use ring::rand::{SecureRandom as _, SystemRandom};

/// Who has a password, for as long as the shop is open. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Accounts(Arc<Mutex<HashMap<String, Password>>>);

/// A password as a shop may keep it.
#[derive(Clone, PartialEq, Eq)]
struct Password {
    salt: [u8; 16],
    hash: [u8; 32],
}

/// The old password was not the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong;

impl Accounts {
    /// Whether this password opens this account: none has to be said where none was set.
    pub(crate) async fn opens(&self, name: &str, password: &str) -> bool {
        let stored = self.lock().get(name).cloned();
        let password = password.to_owned();
        match stored {
            None => password.is_empty(),
            Some(stored) => aside(move || stored.is(&password)).await == Some(true),
        }
    }

    /// Replaces the password, if the old one is right and nobody else has replaced it meanwhile.
    pub(crate) async fn change(&self, name: &str, old: &str, new: &str) -> Result<(), Wrong> {
        let before = self.lock().get(name).cloned();
        if !self.opens(name, old).await {
            return Err(Wrong);
        }
        let new = new.to_owned();
        let new = aside(move || Password::new(&new)).await.flatten().ok_or(Wrong)?;
        let mut accounts = self.lock();
        if accounts.get(name) != before.as_ref() {
            return Err(Wrong);
        }
        accounts.insert(name.to_owned(), new);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Password>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Password {
    fn new(text: &str) -> Option<Self> {
        let (mut salt, mut hash) = ([0; 16], [0; 32]);
        SystemRandom::new().fill(&mut salt).ok()?;
        pbkdf2::derive(ALGORITHM, ROUNDS, &salt, text.as_bytes(), &mut hash);
        Some(Self { salt, hash })
    }

    fn is(&self, text: &str) -> bool {
        pbkdf2::verify(ALGORITHM, ROUNDS, &self.salt, text.as_bytes(), &self.hash).is_ok()
    }
}

/// Hashing takes long on purpose, so that it has a thread of its own.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accounts({})", self.lock().len())
    }
}

const ALGORITHM: pbkdf2::Algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
/// OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256.
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_anybodys_until_it_has_a_password() {
        let accounts = Accounts::default();
        assert!(accounts.opens("Ada", "").await);
        assert!(!accounts.opens("Ada", "analytical").await);
        assert_eq!(accounts.change("Ada", "wrong", "analytical").await, Err(Wrong));
        assert_eq!(accounts.change("Ada", "", "analytical").await, Ok(()));
        assert!(accounts.opens("Ada", "analytical").await);
        assert!(!accounts.opens("Ada", "").await);
        assert!(accounts.opens("Bob", "").await);
        assert_eq!(accounts.change("Ada", "", "difference").await, Err(Wrong));
        assert_eq!(accounts.change("Ada", "analytical", "difference").await, Ok(()));
        assert!(accounts.clone().opens("Ada", "difference").await);
        assert_eq!(format!("{accounts:?}"), "Accounts(1)");
    }
}
