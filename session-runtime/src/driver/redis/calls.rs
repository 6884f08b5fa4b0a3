//! Calls of the client, each in a box that was another call's before: the client's futures take more than a kilobyte,
//! which allocators are slow to give and to take back.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisResult, Value};
use tokio_util::sync::ReusableBoxFuture;

pub(super) type Call = ReusableBoxFuture<'static, RedisResult<Value>>;

/// Boxes of calls that are done.
#[derive(Debug, Default)]
pub(super) struct Calls(Mutex<Vec<Call>>);

impl Calls {
    /// A call that is sent when it is first waited for.
    pub(super) fn prepare(&self, mut connection: MultiplexedConnection, command: Cmd) -> Call {
        let call = async move { connection.send_packed_command(&command).await };
        let done = self.done().pop();
        match done {
            Some(mut done) => {
                done.set(call);
                done
            }
            None => ReusableBoxFuture::new(call),
        }
    }

    pub(super) async fn make(&self, mut call: Call) -> RedisResult<Value> {
        let answer = poll_fn(|context| call.poll(context)).await;
        let mut done = self.done();
        if done.len() < MOST {
            done.push(call);
        }
        answer
    }

    fn done(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As many as are under way at once in a busy process; together they take some 300 kilobytes.
const MOST: usize = 256;
