//! Two drivers, and the names they are chosen by.

mod files;
mod table;

use std::path::PathBuf;

use session_runtime::SystemClock;
use session_runtime::drivers::{DriverRegistry, SingleProcess};

pub(crate) use self::files::Files;
pub(crate) use self::table::Table;

/// The drivers of this program. Only the one that is chosen is made.
pub(crate) fn registry(folder: PathBuf) -> DriverRegistry {
    DriverRegistry::new().with("table", || async { Ok(Table::new(SystemClock)) }).with(
        "files",
        move || async move {
            let files = Files::open(folder).await?;
            let selectors = files.selectors().await?; // sessions from before the restart
            Ok(SingleProcess::new(files).reindexed(selectors).await?)
        },
    )
}
