//! Where randomness comes from: the operating system through ring, or a test's own source.

use std::sync::Arc;

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
}

impl<R: RandomSource + ?Sized> RandomSource for Arc<R> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        (**self).fill(bytes)
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
}

/// The random source gave nothing.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the random source is unavailable")]
pub struct RandomError;
