//! The scripts, called by their hashes, and sent whole to a server that does not know them.

use std::sync::Arc;

use redis::aio::ConnectionLike;
use redis::{Cmd, Pipeline, Script, Value};

use super::failure::Failure;
use super::link::Link;

/// All scripts, hashed once.
#[derive(Clone)]
pub(super) struct Scripts(Arc<[(Script, &'static str); 5]>);

#[derive(Clone, Copy)]
pub(super) enum Name {
    Swap,
    Destroy,
    Enter,
    Revoke,
    Admit,
}

/// A call of a script: one key, then arguments. The text of the script is in place of its hash when it is sent again.
pub(super) struct Call<'a> {
    pub(super) script: Name,
    pub(super) key: &'a str,
    /// How many arguments, and how many bytes in all.
    pub(super) room: (usize, usize),
}

impl Scripts {
    pub(super) fn new() -> Self {
        let texts = [
            include_str!("scripts/swap.lua"),
            include_str!("scripts/destroy.lua"),
            include_str!("scripts/enter.lua"),
            include_str!("scripts/revoke.lua"),
            include_str!("scripts/admit.lua"),
        ];
        Self(Arc::new(texts.map(|text| (Script::new(text), text))))
    }

    /// Makes the scripts known, so that the first calls need not be sent twice. What a server refuses here it will say
    /// again when it is called.
    pub(super) async fn load(&self, connection: &mut impl ConnectionLike) {
        let mut loads = Pipeline::new();
        for (_, text) in &*self.0 {
            loads.cmd("SCRIPT").arg("LOAD").arg(text);
        }
        let _ = loads.query_async::<Vec<Value>>(connection).await;
    }

    /// Runs a script. `arguments` adds the arguments to the command, and does it again if the server does not know the
    /// script: then nothing was run yet.
    pub(super) async fn run(
        &self,
        link: &Link,
        call: Call<'_>,
        arguments: impl Fn(&mut Cmd),
    ) -> Result<Value, Failure> {
        let (script, text) = self.get(call.script);
        let answer = link.ask(call.key, call.command("EVALSHA", script.get_hash(), &arguments)).await;
        match answer {
            Err(failure) if failure.is("NOSCRIPT") => {
                Box::pin(link.ask(call.key, call.command("EVAL", text, &arguments))).await
            }
            answer => answer,
        }
    }

    fn get(&self, name: Name) -> (&Script, &'static str) {
        let [swap, destroy, enter, revoke, admit] = &*self.0;
        let (script, text) = match name {
            Name::Swap => swap,
            Name::Destroy => destroy,
            Name::Enter => enter,
            Name::Revoke => revoke,
            Name::Admit => admit,
        };
        (script, text)
    }
}

impl Call<'_> {
    fn command(&self, verb: &str, script: &str, arguments: &impl Fn(&mut Cmd)) -> Cmd {
        let (count, bytes) = self.room;
        let bytes = verb.len() + script.len() + 1 + self.key.len() + bytes;
        let mut command = Cmd::with_capacity(4 + count, bytes);
        command.arg(verb).arg(script).arg("1").arg(self.key);
        arguments(&mut command);
        command
    }
}
