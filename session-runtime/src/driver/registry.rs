//! Drivers by name, so that the environment chooses one at start-up. In: names and factories. Out: one backend.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::future::Future;

use super::backend::{Backend, IntoBackend};
use super::erased::BoxFuture;
use super::error::BoxError;

/// Named factories of drivers, of which one is opened: the choice of where sessions live is left to whoever deploys.
///
/// A factory is an async closure. It runs only if its driver is chosen, so that nobody needs a Redis server to run on
/// memory; `?` turns the errors of the driver's constructor into the factory's. No name is taken beforehand, not even
/// by the drivers of this crate: a program offers what it registers, and nothing else.
///
/// ```
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{DriverRegistry, MemoryBounds, MemoryDriver};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let backend = DriverRegistry::new()
///     .with("memory", || async { Ok(MemoryDriver::new()) })
///     .with("small", || async {
///         let sessions = std::env::var("SESSION_LIMIT")?.parse()?; // asked only if this one is chosen
///         Ok(MemoryDriver::bounded(MemoryBounds { sessions, bytes: 8 << 20 }))
///     })
///     .open_from_env("SESSION_DRIVER", "memory") // memory, unless the variable says another name
///     .await?;
/// let sessions = Sessions::builder(backend).build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a registry does nothing until a driver is opened"]
pub struct DriverRegistry {
    factories: Vec<(String, Factory)>,
}

type Factory = Box<dyn FnOnce() -> BoxFuture<'static, Result<Backend, BoxError>> + Send>;

impl DriverRegistry {
    /// A registry without drivers.
    pub const fn new() -> Self {
        Self { factories: Vec::new() }
    }

    /// Offers the driver that `factory` makes as `name`.
    ///
    /// Names are compared to the character, and none may be given twice: that is an error of
    /// [`open`](DriverRegistry::open), whichever driver is asked for.
    pub fn with<F, Opening, B>(mut self, name: impl Into<String>, factory: F) -> Self
    where
        F: FnOnce() -> Opening + Send + 'static,
        Opening: Future<Output = Result<B, BoxError>> + Send + 'static,
        B: IntoBackend,
    {
        let opening = || -> BoxFuture<'static, Result<Backend, BoxError>> {
            let opening = factory();
            Box::pin(async move { opening.await.map(IntoBackend::into_backend) })
        };
        self.factories.push((name.into(), Box::new(opening)));
        self
    }

    /// The names, in the order they were given: for a help text.
    ///
    /// ```
    /// use session_runtime::drivers::{DriverRegistry, MemoryDriver};
    ///
    /// let registry = DriverRegistry::new().with("memory", || async { Ok(MemoryDriver::new()) });
    /// assert_eq!(registry.names().collect::<Vec<_>>(), ["memory"]);
    /// ```
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.factories.iter().map(|(name, _)| name.as_str())
    }

    /// Opens the driver of this name.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`] lists the known names, [`RegistryError::Failed`] carries what the factory said, and
    /// [`RegistryError::Twice`] is a mistake of the program.
    pub async fn open(self, name: &str) -> Result<Backend, RegistryError> {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        if let Some(name) = repeated(&names) {
            return Err(RegistryError::Twice { name });
        }
        let chosen = self.factories.into_iter().find(|(known, _)| known == name);
        let Some((name, factory)) = chosen else {
            return Err(RegistryError::Unknown { asked: presentable(name), known: names });
        };
        factory().await.map_err(|source| RegistryError::Failed { name, source })
    }

    /// Opens the driver that the environment variable names, without white space around it; `default` where the
    /// variable is not set.
    ///
    /// # Errors
    /// As of [`open`](DriverRegistry::open). A variable that is set must say a name: [`RegistryError::Empty`] and
    /// [`RegistryError::NotUnicode`] rather than a default that nobody asked for.
    pub async fn open_from_env(self, variable: &str, default: &str) -> Result<Backend, RegistryError> {
        let name = chosen(variable, env::var_os(variable), default)?;
        self.open(&name).await
    }
}

impl Default for DriverRegistry {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for DriverRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverRegistry").field("names", &self.names().collect::<Vec<_>>()).finish()
    }
}

/// Why a [`DriverRegistry`] opened no driver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// No driver has this name.
    #[error("there is no session driver {}, known are: {}", Asked(asked.as_deref()), known.join(", "))]
    Unknown {
        /// The name that was asked for. `None` where it does not look like one (letters, digits, `-` and `_`, 40 at
        /// most): somebody may have put an address with a password there, which does not belong into a log.
        asked: Option<String>,
        /// The names there are, in the order they were registered.
        known: Vec<String>,
    },
    /// The environment variable is set to nothing.
    #[error("`{variable}` is empty: it must name a session driver, or not be set")]
    Empty {
        /// The variable.
        variable: String,
    },
    /// The environment variable holds no text.
    #[error("`{variable}` is not valid Unicode: it must name a session driver")]
    NotUnicode {
        /// The variable.
        variable: String,
    },
    /// Two drivers were registered under one name.
    #[error("two session drivers are registered as `{name}`")]
    Twice {
        /// The name.
        name: String,
    },
    /// The chosen driver could not be made.
    #[error("the session driver `{name}` cannot be opened")]
    Failed {
        /// Its name.
        name: String,
        /// What its factory said.
        source: BoxError,
    },
}

struct Asked<'a>(Option<&'a str>);

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "`{name}`"),
            None => f.write_str("of the name given (it is not shown, since it does not look like a name)"),
        }
    }
}

fn chosen(variable: &str, value: Option<OsString>, default: &str) -> Result<String, RegistryError> {
    let Some(value) = value else {
        return Ok(default.to_owned());
    };
    let Some(name) = value.to_str().map(str::trim) else {
        return Err(RegistryError::NotUnicode { variable: variable.to_owned() });
    };
    if name.is_empty() {
        return Err(RegistryError::Empty { variable: variable.to_owned() });
    }
    Ok(name.to_owned())
}

fn repeated(names: &[String]) -> Option<String> {
    let repeated =
        names.iter().enumerate().find(|(place, name)| names.iter().take(*place).any(|n| n == *name));
    repeated.map(|(_, name)| name.clone())
}

fn presentable(name: &str) -> Option<String> {
    let of_a_name = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    (name.len() <= LONGEST_SHOWN && name.chars().all(of_a_name)).then(|| name.to_owned())
}

const LONGEST_SHOWN: usize = 40;

#[cfg(test)]
mod tests;
