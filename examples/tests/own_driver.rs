//! The drivers of `own_driver`: both keep the contract, and both are found by name.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../own_driver/drivers/mod.rs"]
mod drivers;

use http::{Request, Response};
use http_body_util::Full;
use hyper::service::service_fn;
use session_runtime::drivers::{RegistryError, SingleProcess};
use session_runtime::testing::conformance::Subject;
use session_runtime::testing::{CookieJar, ManualClock, TestClient};
use session_runtime::{Session, SessionError, SessionSchema, Sessions, SystemClock, driver_conformance};
use tempfile::TempDir;

use self::drivers::{Files, Table};

driver_conformance!(table, |clock| async { Table::new(clock) });
driver_conformance!(files, files_in_a_folder);

/// The folder goes with the last closure that knows it.
async fn files_in_a_folder(clock: ManualClock) -> Subject<SingleProcess<Files>> {
    let folder = std::sync::Arc::new(TempDir::new().unwrap());
    let files = Files::open(folder.path().to_owned()).await.unwrap();
    let (damaged, again, again_clock) = (files.clone(), files.clone(), clock.clone());
    Subject::new(SingleProcess::with_clock(files, clock))
        .in_one_process()
        .remembering_the_destroyed()
        .corrupted_by(move |selector| {
            let (path, _folder) = (damaged.path(&selector), folder.clone());
            async move { std::fs::write(path, "{\"version\": 1").unwrap() }
        })
        .opened_again_by(move || {
            let (files, clock) = (again.clone(), again_clock.clone());
            async move {
                let selectors = files.selectors().await.unwrap();
                SingleProcess::with_clock(files, clock).reindexed(selectors).await.unwrap()
            }
        })
}

#[derive(SessionSchema)]
struct Visit {
    views: u64,
}

async fn show(request: Request<Full<bytes::Bytes>>) -> Result<Response<Full<bytes::Bytes>>, SessionError> {
    let views = Session::<Visit>::load(&request).await?.views().increment()?;
    Ok(Response::new(views.to_string().into()))
}

/// Opens the driver of this name, and visits it twice.
async fn visited(name: &str, folder: &TempDir) -> String {
    let backend = drivers::registry(folder.path().to_owned()).open(name).await.unwrap();
    let sessions = Sessions::builder(backend).build().unwrap();
    let client = TestClient::new(sessions.service(service_fn(show)), CookieJar::new(SystemClock));
    client.get("/").send().await.unwrap();
    client.get("/").send().await.unwrap().text().unwrap().to_owned()
}

#[tokio::test]
async fn each_driver_is_opened_by_its_name() {
    let folder = TempDir::new().unwrap();
    assert_eq!(visited("table", &folder).await, "2");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the table needs no folder");
    assert_eq!(visited("files", &folder).await, "2");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "one session is one file");
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_those_there_are() {
    let folder = TempDir::new().unwrap();
    let error = drivers::registry(folder.path().to_owned()).open("tables").await.unwrap_err();
    assert_eq!(error.to_string(), "there is no session driver `tables`, known are: table, files");
    assert!(matches!(error, RegistryError::Unknown { .. }));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let error = drivers::registry(blocked).open("files").await.unwrap_err();
    assert_eq!(error.to_string(), "the session driver `files` cannot be opened");
}
