//! A line to each primary of a cluster, so that one that is silent holds up no session on the others. Redirections are
//! followed: they say that a node did nothing. Nothing else is sent again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, ConnectionInfo, Value};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::config::RedisConfig;
use super::connect_error::RedisConnectError;
use super::dial::{Dial, address_of, addresses};
use super::failure::{Cause, Failure};
use super::line::Line;
use super::scripts::Scripts;
use super::slots::{Address, Slots};

#[derive(Clone)]
pub(super) struct Cluster(Arc<Shared>);

struct Shared {
    /// Where the cluster was first found; the first one also tells how to talk to all nodes.
    seeds: Vec<ConnectionInfo>,
    config: RedisConfig,
    scripts: Scripts,
    map: Mutex<Map>,
    refreshing: AtomicBool,
    turn: AtomicUsize,
}

struct Map {
    lines: HashMap<Address, Line>,
    slots: Arc<Slots>,
    read_at: Instant,
}

impl Cluster {
    pub(super) async fn connect(
        config: &RedisConfig,
        urls: &[String],
        scripts: &Scripts,
    ) -> Result<Self, RedisConnectError> {
        let map = Map { lines: HashMap::new(), slots: Arc::default(), read_at: Instant::now() };
        let cluster = Self(Arc::new(Shared {
            seeds: addresses(urls, config)?,
            config: config.clone(),
            scripts: scripts.clone(),
            map: Mutex::new(map),
            refreshing: AtomicBool::new(false),
            turn: AtomicUsize::new(0),
        }));
        let seeds: Vec<Address> = cluster.0.seeds.iter().filter_map(address_of).collect();
        cluster.ready(seeds.iter()).await;
        let found = cluster.0.read_slots().await;
        found.map_err(|cause| RedisConnectError::Unreachable { source: Box::new(cause) })?;
        let slots = cluster.0.map().slots.clone();
        cluster.ready(slots.primaries()).await;
        Ok(cluster)
    }

    /// Sends a command to the node that holds `key`.
    pub(super) async fn ask(&self, key: &[u8], command: Cmd) -> Result<Value, Failure> {
        let Some(mut address) = self.0.map().slots.primary(key).cloned() else {
            self.0.refresh();
            return Err(Failure::Unsent(Cause::NotConnected(None)));
        };
        let mut answer = self.0.line(&address)?.ask(command.clone()).await;
        for _ in 0..MOST_REDIRECTIONS {
            let Err(Failure::Elsewhere { node, asking }) = &answer else { break };
            let Some(next) = Address::read(node, &address) else { break };
            let line = self.0.line(&next)?;
            self.0.wait(&line).await;
            let command = command.clone();
            answer = if *asking { line.ask_while_moving(command).await } else { line.ask(command).await };
            if !matches!(answer, Err(Failure::Elsewhere { asking: true, .. })) {
                self.0.refresh();
            }
            address = next;
        }
        if matches!(answer, Err(Failure::Unsent(_) | Failure::Lost(_)))
            || answer.as_ref().is_err_and(|failure| failure.is("CLUSTERDOWN"))
        {
            self.0.refresh();
        }
        answer
    }

    /// Asks every primary; the answers of those that give one.
    pub(super) async fn ask_all(&self, command: &Cmd) -> Vec<Result<Value, Failure>> {
        let slots = self.0.map().slots.clone();
        let mut asked: Vec<&Address> = Vec::new();
        let mut answers = Vec::new();
        for address in slots.primaries() {
            if !asked.contains(&address) {
                asked.push(address);
                answers.push(match self.0.line(address) {
                    Ok(line) => line.ask(command.clone()).await,
                    Err(failure) => Err(failure),
                });
            }
        }
        answers
    }

    /// Waits until there are lines to all of these, but for those that do not answer in time.
    async fn ready(&self, addresses: impl Iterator<Item = &Address>) {
        let mut waiting = JoinSet::new();
        for line in addresses.filter_map(|address| self.0.line(address).ok()) {
            let shared = Arc::clone(&self.0);
            waiting.spawn(async move { shared.wait(&line).await });
        }
        waiting.join_all().await;
    }
}

impl Shared {
    fn map(&self) -> MutexGuard<'_, Map> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The line to a node; a new one begins to connect.
    fn line(&self, address: &Address) -> Result<Line, Failure> {
        let mut map = self.map();
        if let Some(line) = map.lines.get(address) {
            return Ok(line.clone());
        }
        let seed = self.seeds.first().ok_or(Failure::Unsent(Cause::NotConnected(None)))?;
        let dial = Dial::node(seed, address, &self.config, &self.scripts);
        let line = Line::begin(dial.map_err(|_| Failure::Unsent(Cause::NotConnected(None)))?);
        map.lines.insert(address.clone(), line.clone());
        Ok(line)
    }

    /// Waits for a line, as long as a connection may take.
    async fn wait(&self, line: &Line) {
        let limit = self.config.connect_timeout.saturating_add(self.config.response_timeout);
        let _ = tokio::time::timeout(limit, line.ready()).await;
    }

    /// Reads in the background where the slots are, unless that was done a moment ago.
    fn refresh(self: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let due = self.map().read_at.elapsed() >= READ_AGAIN;
        if due && !self.refreshing.swap(true, Ordering::AcqRel) {
            let refreshing = Refreshing(Arc::clone(self));
            runtime.spawn(async move {
                if let Err(cause) = refreshing.0.read_slots().await {
                    tracing::debug!(target: "session", event = "redis.cluster_unknown", %cause, "no node tells of the cluster");
                }
            });
        }
    }

    /// Asks one node after the other, each time beginning with another one: a node may be behind the times.
    async fn read_slots(&self) -> Result<(), Cause> {
        let mut nodes: Vec<(Address, Line)> =
            self.map().lines.iter().map(|(address, line)| (address.clone(), line.clone())).collect();
        let first = self.turn.fetch_add(1, Ordering::Relaxed).checked_rem(nodes.len());
        nodes.rotate_left(first.unwrap_or_default());
        self.map().read_at = Instant::now();
        let mut command = redis::cmd("CLUSTER");
        command.arg("SLOTS");
        let mut last = Cause::NotConnected(None);
        for (address, line) in nodes {
            match line.ask(command.clone()).await {
                Ok(answer) => {
                    if let Some(slots) = Slots::read(&answer, &address) {
                        self.take_over(slots);
                        return Ok(());
                    }
                }
                Err(failure) => last = failure.cause().clone(),
            }
        }
        Err(last)
    }

    /// Forgets nodes that hold nothing any more, but for the seeds.
    fn take_over(&self, slots: Slots) {
        let seeds: Vec<Address> = self.seeds.iter().filter_map(address_of).collect();
        let mut map = self.map();
        map.lines.retain(|address, _| {
            seeds.contains(address) || slots.primaries().any(|primary| primary == address)
        });
        map.slots = Arc::new(slots);
        drop(map);
    }
}

/// The task that reads where the slots are. When its runtime ends before it does, another may begin.
struct Refreshing(Arc<Shared>);

impl Drop for Refreshing {
    fn drop(&mut self) {
        self.0.refreshing.store(false, Ordering::Release);
    }
}

/// A slot that is moving redirects twice: to where it was, and to where it goes.
const MOST_REDIRECTIONS: usize = 5;
/// How often it is asked where the slots are, at most.
const READ_AGAIN: Duration = Duration::from_millis(200);
