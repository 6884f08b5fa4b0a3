//! The simplest store there is, for the adapter that makes a driver of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use session_runtime::drivers::{DriverError, SimpleDriver};
use session_runtime::record::Record;
use session_runtime::{Selector, Timestamp};

/// Records by selector.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(Arc<Mutex<BTreeMap<Selector, Record>>>);

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl SimpleDriver for Shelf {
    async fn read(&self, selector: &Selector) -> Result<Option<Record>, DriverError> {
        Ok(self.0.lock().unwrap().get(selector).cloned())
    }

    async fn write(&self, selector: &Selector, record: &Record) -> Result<(), DriverError> {
        self.0.lock().unwrap().insert(*selector, record.clone());
        Ok(())
    }

    async fn destroy(&self, selector: &Selector) -> Result<(), DriverError> {
        self.0.lock().unwrap().remove(selector);
        Ok(())
    }

    async fn expired(&self, now: Timestamp, limit: usize) -> Result<Vec<Selector>, DriverError> {
        let records = self.0.lock().unwrap();
        let expired = records.iter().filter(|(_, record)| record.is_expired(now));
        Ok(expired.map(|(selector, _)| *selector).take(limit).collect())
    }
}
