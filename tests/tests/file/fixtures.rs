//! Records and a driver whose time the test moves.

use std::path::PathBuf;
use std::time::Duration;

use session_runtime::drivers::{Created, Driver as _, FileDriver};
use session_runtime::record::{
    Commit, CsrfKey, Deadlines, Field, FieldChange, FieldOp, Fields, Metadata, Principal, Record,
    SessionChange,
};
use session_runtime::testing::ManualClock;
use session_runtime::{Clock as _, JsonText, Key, Selector, VerifierHash};
use tempfile::TempDir;

use super::stage::{files, is_record, location, selector_of};

pub(crate) const IDLE: Duration = Duration::from_secs(2 * 3_600);

/// A driver on a location of its own.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) clock: ManualClock,
    pub(crate) driver: FileDriver,
}

impl Place {
    pub(crate) fn new() -> Self {
        let (folder, clock) = (tempfile::tempdir().unwrap(), ManualClock::default());
        let driver = FileDriver::open(location(&folder)).unwrap().with_clock(clock.clone());
        Self { folder, clock, driver }
    }

    /// Another driver on the same location, as another process has it.
    pub(crate) fn other(&self) -> FileDriver {
        FileDriver::open(location(&self.folder)).unwrap().with_clock(self.clock.clone())
    }

    pub(crate) fn record(&self, principal: Option<&Principal>) -> Record {
        let now = self.clock.now();
        let field = Field { json: JsonText::parse("\"hunter2\"").unwrap(), survives_logout: false };
        let metadata = Metadata {
            created_at: now,
            authenticated_at: principal.map(|_| now),
            principal: principal.cloned(),
            epoch: 0,
            verifier: VerifierHash::from_bytes([7; 32]),
            superseded: None,
            deadlines: Deadlines {
                idle: now.saturating_add(IDLE),
                absolute: now.saturating_add(IDLE * 1_000),
            },
            next_flash: 0,
            csrf_key: CsrfKey::from_bytes([7; 16]),
            more: None,
        };
        Record::new(metadata, Fields::from([(Key::from("password"), field)]), Vec::new())
    }

    pub(crate) async fn file(&self, selector: Selector, principal: Option<&Principal>) {
        let created = self.driver.create(&selector, &self.record(principal)).await.unwrap();
        assert_eq!(created, Created::Filed);
    }

    pub(crate) fn commit(&self) -> Commit {
        Commit::unchanged(0, self.clock.now())
    }

    pub(crate) fn set(&self, key: &str) -> Commit {
        let op = FieldOp::Set(JsonText::parse("1").unwrap());
        let change = FieldChange { key: Key::from(key), survives_logout: None, op };
        Commit { fields: vec![change], ..self.commit() }
    }

    pub(crate) fn login(&self, principal: &Principal) -> Commit {
        Commit {
            session: SessionChange { login: Some(principal.clone()), ..SessionChange::NONE }.into(),
            ..self.commit()
        }
    }

    pub(crate) async fn sweep(&self) -> usize {
        let mut swept = 0;
        loop {
            match self.driver.sweep(10).await.unwrap() {
                0 => break swept,
                batch => swept += batch,
            }
        }
    }

    /// Where the record of a selector lies, which must be there.
    pub(crate) fn path(&self, selector: Selector) -> PathBuf {
        let is_its = |path: &&PathBuf| is_record(path) && selector_of(path) == selector;
        self.files().iter().find(is_its).expect("the record has a file").clone()
    }

    /// The files of the principal index.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let is_entry = |path: &PathBuf| {
            path.extension().is_some_and(|extension| extension == "json") && !is_record(path)
        };
        self.files().into_iter().filter(is_entry).collect()
    }

    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files(self.folder.path())
    }
}

pub(crate) fn user(number: u64) -> Principal {
    Principal::new(JsonText::parse(&number.to_string()).unwrap())
}

/// Selectors that differ in their first byte lie in different folders.
pub(crate) fn selector(first: u8, last: u8) -> Selector {
    let mut bytes = [0xab; 16];
    (bytes[0], bytes[15]) = (first, last);
    Selector::from_bytes(bytes)
}
