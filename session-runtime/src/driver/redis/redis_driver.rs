//! The driver: each method is one call, but where the index has a part in it.

use std::sync::Arc;

use redis::{Cmd, Value};

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::driver::answers::{Created, Crowd, DriverFate, Members, Owner};
use crate::driver::contract::Driver;
use crate::driver::error::DriverError;
use crate::record::{Applied, Commit, PrincipalKey, Record};
use crate::token::Selector;

use super::announced::Announced;
use super::applying::Attempt;
use super::config::RedisConfig;
use super::connect_error::RedisConnectError;
use super::failure::Failure;
use super::index;
use super::layout::{self, Names, Standing};
use super::link::Link;
use super::policy;
use super::reading::{self, not_understood};
use super::revisions::{Revisions, Turns};
use super::scripts::Scripts;

/// Keeps records in Redis or Valkey: one server, a primary in the care of sentinels, or a cluster.
///
/// A session is one value. A load is one plain read; a commit one script that puts the changed record in the place of the
/// one that was read, if nobody wrote since. Otherwise the commit is computed anew from what the other one has left, so that
/// no change is lost to another process; that costs a further round trip, and in a crowd on one session a few. Redis
/// removes expired sessions by itself, an hour after their end, so that no sweeper is needed; until then it is known that
/// they have [expired](crate::Fate::Expired).
///
/// # When the store is away
/// All calls share one connection (in a cluster one to each primary), which is made anew in the background when it breaks.
/// Until then they fail at once with [`DriverError::Unavailable`] and nothing was applied; a cookie is never taken away
/// for that. A change whose answer got lost, or came later than [`RedisConfig::response_timeout`], is `Unavailable`
/// with an unknown outcome, and is never sent a second time: an increment is not counted twice. A failover of sentinels
/// is followed, and calls are refused from its beginning on; of a cluster only the sessions of the node that is down are away, if it is set to
/// `cluster-require-full-coverage no`. A [`revoke_all`](Driver::revoke_all) that does not reach all nodes ends what it
/// reaches, says so by an error, and is to be called again.
///
/// # What the server must be
/// Redis from version 6 or Valkey, with scripts and RESP3; proven on Redis 7. Set `maxmemory-policy noeviction`, or the
/// server throws sessions away when its memory is full; [`connect`](RedisDriver::connect) warns of anything else. When
/// it is full, what would grow is refused ([`DriverError::Full`], 503), while endings, touches and removals pass.
/// Commits are as durable as Redis is set up to be (`appendonly`, `appendfsync`); replication is asynchronous, so that a
/// failover may undo the latest commits, **endings too**: a session that was logged out in that moment may live again
/// until its deadline.
///
/// # Security
/// The server holds fields in clear text and the hash of each verifier, which opens no session. Whoever can write to it
/// can sign in as anybody: give it a password, TLS (`rediss://`, feature `redis-tls`) or a network of its own. Errors
/// and logs tell neither values nor passwords.
///
/// ```no_run
/// use session_runtime::Sessions;
/// use session_runtime::drivers::{RedisConfig, RedisDriver};
///
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// let driver = RedisDriver::connect(RedisConfig::standalone("redis://127.0.0.1:6379")).await?;
/// let sessions = Sessions::builder(driver).build()?;
/// # Ok(())
/// # }
/// ```
pub struct RedisDriver {
    pub(super) link: Link,
    pub(super) scripts: Scripts,
    pub(super) names: Names,
    pub(super) announced: Announced,
    pub(super) revisions: Revisions,
    pub(super) turns: Turns,
    pub(super) clock: Arc<dyn Clock>,
}

impl RedisDriver {
    /// Connects, and warns in the log unless the server is set to `maxmemory-policy noeviction`.
    ///
    /// To be called on the runtime that the sessions are used on: connections are made anew on the caller's.
    ///
    /// # Errors
    /// [`RedisConnectError`] when the configuration is no good or no server can be reached. Once there is a driver, it
    /// connects again by itself.
    pub async fn connect(config: RedisConfig) -> Result<Self, RedisConnectError> {
        config.check()?;
        let scripts = Scripts::new();
        let link = Link::connect(&config, &scripts).await?;
        policy::check(&link).await;
        Ok(Self {
            link,
            scripts,
            names: Names::new(&config.prefix),
            announced: Announced::default(),
            revisions: Revisions::new(),
            turns: Turns::new(),
            clock: Arc::new(SystemClock),
        })
    }

    /// Takes the time from `clock`, by which it judges what has expired; the server removes by its own.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }
}

impl Driver for RedisDriver {
    async fn load(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        let record = self.read(selector, &self.names.session(selector)).await?;
        Ok(record.filter(|record| !record.is_expired(self.clock.now())))
    }

    async fn create(&self, selector: &Selector, record: &Record) -> Result<Created, DriverError> {
        let deadlines = record.metadata().deadlines;
        if let Some(principal) = &record.metadata().principal
            && !self.announced.take(*selector, *principal.key())
        {
            Box::pin(self.enter(selector, principal.key(), deadlines.absolute)).await?;
        }
        let session = self.names.session(selector);
        let value = layout::live(selector, record, self.revisions.next());
        let lifetime = index::kept(self.clock.now(), deadlines.effective());
        let mut command = Cmd::with_capacity(6, session.len() + value.len() + 30);
        command.arg("SET").arg(&session).arg(value).arg("NX").arg("PX").arg(lifetime);
        match self.link.ask(&session, command).await.map_err(Failure::of_write)? {
            Value::Okay => Ok(Created::Filed),
            Value::Nil => Box::pin(self.create_over(selector, &session, record)).await,
            _ => Err(not_understood()),
        }
    }

    async fn apply(&self, selector: &Selector, commit: &Commit) -> Result<Applied, DriverError> {
        let session = self.names.session(selector);
        if let Some(seen) = commit.seen.as_ref().filter(|seen| seen.revision().is_some()) {
            self.enter_unannounced(selector, seen, commit).await?;
            match self.attempt(selector, &session, seen, commit).await? {
                Attempt::Applied(applied) => return Ok(applied),
                Attempt::Left(_) => {}
                Attempt::Overtaken(found) => {
                    return Box::pin(self.apply_in_turn(selector, &session, found, commit)).await;
                }
            }
        }
        // What the request has seen, if anything, may be out of date, and says nothing for certain.
        let Some(found) = Box::pin(self.read(selector, &session)).await? else { return Ok(Applied::Gone) };
        self.enter_unannounced(selector, &found, commit).await?;
        Box::pin(self.apply_in_turn(selector, &session, Some(found), commit)).await
    }

    async fn destroy(&self, selector: &Selector, owner: Owner<'_>) -> Result<bool, DriverError> {
        self.ending(owner).end(&self.names.session(selector)).await
    }

    async fn destroyed_recently(&self, selector: &Selector) -> Result<bool, DriverError> {
        let session = self.names.session(selector);
        let head = self.link.ask(&session, index::head(&session)).await.map_err(Failure::of_read)?;
        let standing = reading::standing(&head)?;
        Ok(matches!(standing, Some(Standing::Destroyed(until)) if self.clock.now() < until))
    }

    /// What has expired is remembered for an hour.
    async fn fate(&self, selector: &Selector) -> Result<DriverFate, DriverError> {
        let session = self.names.session(selector);
        let head = self.link.ask(&session, index::head(&session)).await.map_err(Failure::of_read)?;
        let now = self.clock.now();
        Ok(match reading::standing(&head)? {
            Some(Standing::Destroyed(until)) if now < until => DriverFate::Destroyed,
            Some(Standing::Live { deadline, .. }) if deadline <= now => DriverFate::Expired,
            _ => DriverFate::Unknown,
        })
    }

    async fn announce(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
    ) -> Result<u64, DriverError> {
        let generation = self.enter(selector, principal, until).await?;
        self.announced.remember(*selector, *principal);
        Ok(generation)
    }

    async fn admit(
        &self,
        principal: &PrincipalKey,
        selector: &Selector,
        until: Timestamp,
        most: usize,
    ) -> Result<Option<u64>, DriverError> {
        self.admitted(principal, selector, until, most).await
    }

    async fn crowd(&self, principal: &PrincipalKey, most: usize) -> Result<Crowd, DriverError> {
        self.over(principal, most).await
    }

    async fn generation(&self, principal: &PrincipalKey) -> Result<u64, DriverError> {
        let index = self.names.index(principal);
        index::read_generation(&self.link, &index).await.map_err(Failure::of_read)
    }

    async fn members(&self, principal: &PrincipalKey) -> Result<Members, DriverError> {
        let (index, now) = (self.names.index(principal), self.clock.now());
        let (entries, generation) = index::read(&self.link, &index).await.map_err(Failure::of_read)?;
        let (his, stale) = self.sort(&entries, principal, now).await?;
        let settled = stale.into_iter().filter(|entry| !entry.is_young(now));
        // What stays is cleaned the next time.
        let _ = index::clean(&self.link, &index, settled).await;
        let mut selectors: Vec<Selector> = his.into_iter().map(|entry| entry.selector).collect();
        selectors.sort_unstable();
        selectors.dedup();
        Ok(Members { generation, selectors })
    }

    async fn revoke_all(
        &self,
        principal: &PrincipalKey,
        except: Option<&Selector>,
    ) -> Result<usize, DriverError> {
        let (index, now) = (self.names.index(principal), self.clock.now());
        let entries = index::revoke(&self.link, &self.scripts, &index, now).await;
        let mut entries = entries.map_err(Failure::of_write)?;
        entries.retain(|entry| Some(&entry.selector) != except);
        let ending = self.ending(Owner::Principal(principal));
        let sessions = entries.iter().map(|entry| self.names.session(&entry.selector)).collect();
        let ended = index::each(sessions, |session| {
            let ending = ending.clone();
            async move { ending.end(&session).await }
        });
        let ended = revoked(ended.await)?;
        let (gone, stale): (Vec<_>, Vec<_>) =
            entries.iter().zip(&ended).partition(|(_, ended)| **ended == Some(true));
        let needless = gone.iter().map(|(entry, _)| *entry);
        let stale = stale.iter().filter(|(_, ended)| ended.is_some()).map(|(entry, _)| *entry);
        let settled = stale.filter(|entry| !entry.is_young(now));
        // What stays is cleaned the next time.
        let _ = index::clean(&self.link, &index, needless.chain(settled)).await;
        Ok(gone.len())
    }

    /// Redis removes what has expired by itself.
    async fn sweep(&self, _limit: usize) -> Result<usize, DriverError> {
        Ok(0)
    }
}

/// Which sessions have ended by a revocation; nothing of one that cannot be read: it opens nothing, and stays where it
/// lies. If one could not be asked for, others may have ended all the same.
fn revoked(answers: Vec<Result<bool, DriverError>>) -> Result<Vec<Option<bool>>, DriverError> {
    let revoked = answers.into_iter().map(|answer| match answer {
        Ok(ended) => Ok(Some(ended)),
        Err(DriverError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error.after_effect()),
    });
    revoked.collect()
}

impl std::fmt::Debug for RedisDriver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisDriver").field("names", &self.names).finish_non_exhaustive()
    }
}
