//! A program that never outlives the test that started it.
//!
//! Between the two stands a shell that waits for its input to end and then kills the program. The input is a pipe from
//! the test, which the system closes however the test ends: by a drop, a panic, or a signal.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(super) struct Process {
    shell: Child,
    log: PathBuf,
}

impl Process {
    pub(super) fn start(program: &str, arguments: &[String], log: &Path) -> Self {
        let found =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(found.is_ok(), "`{program}` cannot be started ({found:?}); {CURE}");
        let mut shell = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(log)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("no shell to start `{program}` with: {error}"));
        // Says one line when the program has been started.
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { shell, log: log.to_owned() }
    }

    /// What the program wrote.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    /// Kills the program with SIGKILL and waits until it is dead.
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // Nothing is left to be done where it fails.
        let _ = self.shell.wait();
    }
}

const GUARD: &str = r#"
trap '' INT
log=$1; shift
"$@" >>"$log" 2>&1 </dev/null &
program=$!
echo started
exec >/dev/null
cat >/dev/null
kill -9 $program 2>/dev/null
wait $program 2>/dev/null
"#;

const CURE: &str = "on Debian: apt-get install redis-server";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let started = std::panic::catch_unwind(|| drop(Process::start("no-such-server", &[], &log)));
        let said = *started.unwrap_err().downcast::<String>().unwrap();
        assert!(said.contains("`no-such-server` cannot be started") && said.contains(CURE), "{said}");
    }

    #[test]
    fn a_program_ends_with_its_owner_and_leaves_a_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let process = Process::start("sh", &["-c".to_owned(), "echo $$; exec sleep 1000".to_owned()], &log);
        let number = crate::redis::until("the program to say its number", || {
            let said = process.log();
            said.ends_with('\n').then(|| said.trim().to_owned())
        });
        let lives = || Path::new("/proc").join(&number).exists();
        assert!(lives());
        drop(process);
        assert!(!lives());
    }
}
