//! One connection that all calls share, and that is made anew when it breaks. A call never waits for that: while there
//! is no connection it fails at once, so that what it would have done is known not to be done.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, PushInfo, PushKind, RedisResult, Value};
use tokio::sync::Notify;

use super::calls::Calls;
use super::dial::{Dial, Dialed};
use super::failure::{Cause, Failure};
use super::watch::Watch;

#[derive(Clone)]
pub(super) struct Line(Arc<Shared>);

struct Shared {
    dial: Dial,
    state: Mutex<State>,
    connected: Notify,
    calls: Calls,
}

#[derive(Default)]
struct State {
    connection: Option<MultiplexedConnection>,
    /// Whether it still leads to the right server.
    watch: Option<Watch>,
    /// Of the present connection, or of the one that is being made.
    number: u64,
    /// The latest connection that is known to have broken.
    broken: u64,
    dialing: bool,
    last: Option<Cause>,
}

impl Line {
    pub(super) async fn connect(dial: Dial) -> Result<Self, Cause> {
        let shared = Arc::new(Shared::new(dial));
        let number = shared.state().begin();
        let dialed = shared.dial.connect(notice(&shared, number)).await?;
        if !shared.take_into_use(number, dialed) {
            shared.redial();
        }
        Ok(Self(shared))
    }

    /// Begins to connect, and does not wait for it.
    pub(super) fn begin(dial: Dial) -> Self {
        let shared = Arc::new(Shared::new(dial));
        shared.redial();
        Self(shared)
    }

    /// Waits until there is a connection.
    pub(super) async fn ready(&self) {
        loop {
            // Listens before it looks.
            let connected = self.0.connected.notified();
            if self.0.state().connection.is_some() {
                return;
            }
            self.0.redial();
            connected.await;
        }
    }

    /// The command moves to where it stays, so that the futures of callers need no room for it.
    pub(super) fn ask(&self, command: Cmd) -> impl Future<Output = Result<Value, Failure>> + Send {
        let connection = self.connection();
        let call = connection.map(|(connection, number)| (self.0.calls.prepare(connection, command), number));
        async move {
            let (call, number) = call?;
            let answer = self.0.calls.make(call).await;
            self.judge(answer, number)
        }
    }

    /// Asks a node of a cluster for what it is about to take over from another one.
    pub(super) async fn ask_while_moving(&self, command: Cmd) -> Result<Value, Failure> {
        let (mut connection, number) = self.connection()?;
        let mut both = Pipeline::new();
        both.cmd("ASKING").add_command(command);
        let answers = connection.send_packed_commands(&both, 0, 2).await;
        self.judge(answers.map(|answers| answers.into_iter().next_back().unwrap_or(Value::Nil)), number)
    }

    /// No call of ours is answered with an error inside of another value.
    fn judge(&self, answer: RedisResult<Value>, number: u64) -> Result<Value, Failure> {
        let error = match answer {
            Ok(Value::ServerError(error)) => error.into(),
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let failure = Failure::of(&error);
        if is_over(&failure) {
            self.0.give_up(number);
        }
        Err(failure)
    }

    fn connection(&self) -> Result<(MultiplexedConnection, u64), Failure> {
        let state = self.0.state();
        if let Some(connection) = &state.connection {
            return Ok((connection.clone(), state.number));
        }
        let cause = Cause::NotConnected(state.last.clone().map(Box::new));
        drop(state);
        self.0.redial();
        Err(Failure::Unsent(cause))
    }
}

/// A connection that lost an answer, be it only for being late, is not trusted with another call. One to a server that
/// became a replica is made anew: the name or the sentinels may lead to the primary now. One that refuses writes for want of
/// replicas is kept, since it answers reads; whether it is still the primary, the sentinels are asked all the time.
fn is_over(failure: &Failure) -> bool {
    match failure {
        Failure::Lost(_) | Failure::Unsent(_) => true,
        Failure::Refused(_) | Failure::Elsewhere { .. } => failure.is("READONLY"),
    }
}

impl Shared {
    fn new(dial: Dial) -> Self {
        Self { dial, state: Mutex::default(), connected: Notify::new(), calls: Calls::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Not so when it has broken already.
    fn take_into_use(self: &Arc<Self>, number: u64, dialed: Dialed) -> bool {
        let mut state = self.state();
        if state.broken >= number {
            return false;
        }
        let shared = Arc::downgrade(self);
        state.watch = self.dial.watch(&dialed, move || {
            if let Some(shared) = shared.upgrade() {
                tracing::info!(target: "session", event = "redis.primary_changed", "another server is the primary of redis now");
                shared.give_up(number);
            }
        });
        state.connection = Some(dialed.connection);
        state.last = None;
        // In the same step: whoever gives it up from here on dials again.
        state.dialing = false;
        drop(state);
        self.connected.notify_waiters();
        true
    }

    /// The connection of this number broke, or leads to the wrong server. Calls that are on their way keep it.
    fn give_up(self: &Arc<Self>, number: u64) {
        let mut state = self.state();
        state.broken = state.broken.max(number);
        if state.number == number && state.connection.take().is_some() {
            let watch = state.watch.take();
            drop(state);
            drop(watch);
            self.redial();
        }
    }

    /// Makes a new connection in the background, unless that is being done.
    fn redial(self: &Arc<Self>) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let mut state = self.state();
        if state.dialing || state.connection.is_some() {
            return;
        }
        state.dialing = true;
        drop(state);
        let dialing = Dialing(Arc::downgrade(self));
        runtime.spawn(dialing.run());
    }
}

impl State {
    fn begin(&mut self) -> u64 {
        self.number += 1;
        self.number
    }
}

/// The task that makes a connection. It keeps nothing alive, and when its runtime ends before it does, another may begin.
struct Dialing(Weak<Shared>);

impl Dialing {
    async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let Some(shared) = self.0.upgrade() else { return };
            let number = shared.state().begin();
            let dialed = shared.dial.connect(notice(&shared, number)).await;
            match dialed {
                Ok(dialed) => {
                    if shared.take_into_use(number, dialed) {
                        // Another one may be dialing already.
                        self.0 = Weak::new();
                        tracing::info!(target: "session", event = "redis.connected", "connected to redis");
                        return;
                    }
                }
                Err(cause) => {
                    tracing::debug!(target: "session", event = "redis.unreachable", %cause, "redis cannot be reached");
                    shared.state().last = Some(cause);
                }
            }
            drop(shared);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Dialing {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            shared.state().dialing = false;
        }
    }
}

/// Hears that the connection ended although no call is on its way.
fn notice(shared: &Arc<Shared>, number: u64) -> impl Fn(PushInfo) -> Result<(), ()> + Send + Sync + use<> {
    let shared = Arc::downgrade(shared);
    move |push| {
        if push.kind == PushKind::Disconnection
            && let Some(shared) = shared.upgrade()
        {
            shared.give_up(number);
        }
        Ok(())
    }
}

const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// Short enough that sessions are there again well within two seconds of the server.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    /// "Again within two seconds of the server": the longest pause and a dial that is made, twice.
    #[test]
    fn the_longest_pause_leaves_room_for_a_dial_within_two_seconds() {
        assert!(FIRST_PAUSE <= LONGEST_PAUSE && LONGEST_PAUSE * 2 <= Duration::from_secs(1));
    }
}
