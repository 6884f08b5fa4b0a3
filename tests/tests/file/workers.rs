//! Other processes on a location: started by a test, asked by lines, and ended with it, however it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

pub(crate) struct Worker {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    asked: u64,
}

/// How a worker says that its location will not do.
pub(crate) type Refused = String;

impl Worker {
    /// A process over the file driver on this location, with full durability.
    pub(crate) fn on(location: &Path) -> Self {
        Self::start(&mut Self::command(location)).expect("the location is fit")
    }

    pub(crate) fn command(location: &Path) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg(driver(location));
        command
    }

    /// A process behind a program that prepares things for it: `prepare` is a shell script that ends by running its
    /// arguments.
    pub(crate) fn behind(program: &[&str], prepare: &str, location: &Path) -> Command {
        let mut command = Command::new(program[0]);
        command.args(&program[1..]).args(["sh", "-c", prepare, "sh", PROGRAM]).arg(driver(location));
        command
    }

    pub(crate) fn start(command: &mut Command) -> Result<Self, Refused> {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the worker starts");
        let (requests, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut worker = Self { child, requests, answers, asked: 0 };
        let first = worker.hear().ok_or("the worker ended without a word")?;
        match first["refused"].as_str() {
            Some(refusal) => Err(refusal.to_owned()),
            None => Ok(worker),
        }
    }

    /// Hands over a request without waiting for its answer; its number. Fails once the process is dead.
    pub(crate) fn send(&mut self, request: &str) -> std::io::Result<u64> {
        writeln!(self.requests, "{request}")?;
        self.asked += 1;
        Ok(self.asked - 1)
    }

    /// The next answer, whichever request it is to; `None` once the process is dead.
    pub(crate) fn hear(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        // A killed process may have said half a line.
        line.ends_with('\n').then(|| serde_json::from_str(&line).unwrap())
    }

    /// One request and its answer.
    pub(crate) fn ask(&mut self, request: &str) -> Value {
        self.send(request).unwrap();
        self.hear().expect("the worker lives")
    }

    /// A request of a browser with this token that must be answered well.
    pub(crate) fn run(&mut self, token: &str, script: &str) -> Value {
        let answer = self.ask(&format!("http {token} {script}"));
        assert_eq!(answer["status"], 200, "{answer}");
        answer
    }

    /// A session of its own, and the token that opens it.
    pub(crate) fn visit(&mut self, script: &str) -> String {
        self.run("-", script)["token"].as_str().expect("a new session sends a cookie").to_owned()
    }

    /// Ends the process as nobody can prepare for: SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn driver(location: &Path) -> String {
    format!("file:{}", location.display())
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker");
