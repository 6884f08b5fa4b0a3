//! What is on the disk when a commit is acknowledged. No test can cut the power; this one reads in a list of all calls to
//! the system that files and folders were synced, and when.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use session_tests::redis::until;

use super::stage::is_record;
use super::workers::Worker;

#[test]
fn full_durability_syncs_file_and_folder_before_it_acknowledges() {
    let requests = calls_of("exec \"$@\"");
    let [created, changed, ended] = requests.as_slice() else { panic!("{requests:?}") };
    let above = touched(created)[0].1.place().ancestors().nth(2).unwrap();
    assert!(created.contains(&Call::Sync(above.to_owned())), "a new folder that may be lost: {created:?}");
    for request in [created, changed, ended] {
        let touched = touched(request);
        assert!(!touched.is_empty(), "{request:?}");
        for (at, call) in touched {
            let synced = |calls: &[Call], path: &Path| calls.contains(&Call::Sync(path.to_owned()));
            if let Call::Rename(from, _) = call {
                assert!(synced(&request[..at], from), "a file without its content: {request:?}");
            }
            let folder = call.place().parent().unwrap();
            assert!(synced(&request[at..], folder), "a name that may be lost: {request:?}");
        }
    }
}

#[test]
fn rename_durability_does_the_same_and_syncs_nothing() {
    let requests = calls_of("exec \"$1\" \"file-rename:${2#file:}\"");
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert!(!touched(&request).is_empty(), "{request:?}");
        assert!(!request.iter().any(|call| matches!(call, Call::Sync(_))), "{request:?}");
    }
}

/// A call to the system that came back well.
#[derive(Debug, PartialEq)]
enum Call {
    Sync(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    /// The process says that it is ready.
    Begin,
    Answer,
}

impl Call {
    /// The name that it set or took away.
    fn place(&self) -> &Path {
        match self {
            Self::Sync(path) | Self::Rename(_, path) | Self::Remove(path) => path,
            Self::Begin | Self::Answer => Path::new(""),
        }
    }

    fn read(call: &str) -> Option<Self> {
        let (name, arguments) = call.split_once('(')?;
        if arguments.contains(") = -1 ") {
            return None;
        }
        let mut quoted = arguments.split('"').skip(1).step_by(2).map(PathBuf::from);
        match name {
            "fsync" | "fdatasync" => Some(Self::Sync(arguments.split_once('<')?.1.split_once('>')?.0.into())),
            "rename" | "renameat" | "renameat2" | "link" | "linkat" => {
                Some(Self::Rename(quoted.next()?, quoted.next()?))
            }
            "unlink" | "unlinkat" => quoted.next().map(Self::Remove),
            "write" if arguments.starts_with("1<") => {
                Some(if arguments.contains("ready") { Self::Begin } else { Self::Answer })
            }
            _ => None,
        }
    }
}

/// The names of records that were set or taken away.
fn touched(request: &[Call]) -> Vec<(usize, &Call)> {
    let ours = |call: &&Call| matches!(call, Call::Rename(..) | Call::Remove(_)) && is_record(call.place());
    request.iter().enumerate().filter(|(_, call)| ours(call)).collect()
}

/// What a process with the file driver does for a session that is begun, changed and ended, by request.
fn calls_of(prepare: &str) -> Vec<Vec<Call>> {
    let found = Command::new("strace").arg("--version").stdout(Stdio::null()).status();
    assert!(found.is_ok(), "`strace` cannot be started ({found:?}); on Debian: apt-get install strace");
    let folder = tempfile::tempdir().unwrap();
    let (location, trace) = (folder.path().join("sessions"), folder.path().join("trace"));
    let strace =
        ["strace", "-f", "-y", "-s", "20", "-e", &format!("trace={CALLS}"), "-o", trace.to_str().unwrap()];
    let mut worker = Worker::start(&mut Worker::behind(&strace, prepare, &location)).unwrap();
    let token = worker.visit("increment");
    worker.run(&token, "increment");
    worker.run(&token, "invalidate");
    let calls = until("strace to tell of three answers", || {
        let calls = calls_in(&std::fs::read_to_string(&trace).ok()?);
        (calls.iter().filter(|call| **call == Call::Answer).count() == 3).then_some(calls)
    });
    let mut requests = vec![Vec::new()];
    for call in calls {
        match call {
            Call::Begin => requests = vec![Vec::new()],
            Call::Answer => requests.push(Vec::new()),
            call => requests.last_mut().unwrap().push(call),
        }
    }
    // What comes behind the last answer was asked by nobody.
    requests.truncate(3);
    requests
}

/// In the order in which they came back. A call during which another thread makes one is told in two parts.
fn calls_in(trace: &str) -> Vec<Call> {
    let mut begun = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, text)) = line.split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(begin) = text.strip_suffix("<unfinished ...>") {
            begun.insert(thread, begin.to_owned());
        } else if let Some((_, end)) = text.split_once(" resumed>") {
            calls.extend(Call::read(&(begun.remove(thread).unwrap_or_default() + end)));
        } else {
            calls.extend(Call::read(text));
        }
    }
    calls
}

const CALLS: &str = "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,write";
