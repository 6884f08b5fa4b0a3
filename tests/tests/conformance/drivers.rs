//! Drivers that keep the contract, each in every guise that the kit knows.

use std::sync::Arc;

use session_runtime::driver_conformance;
use session_runtime::drivers::MemoryDriver;
use session_runtime::testing::conformance::Subject;
use session_runtime::testing::{ManualClock, SpyDriver};

use super::broken::subject;

async fn spied_on(clock: ManualClock) -> SpyDriver<MemoryDriver> {
    SpyDriver::new(MemoryDriver::new().with_clock(clock))
}

/// One store that several drivers stand on, as they would on a server.
async fn shared(clock: ManualClock) -> Subject<Arc<MemoryDriver>> {
    let store = Arc::new(MemoryDriver::new().with_clock(clock));
    Subject::new(store.clone()).remembering_the_destroyed().opened_again_by(move || {
        let store = store.clone();
        async move { store }
    })
}

driver_conformance!(memory, |clock| async {
    Subject::new(MemoryDriver::new().with_clock(clock)).remembering_the_destroyed()
});
driver_conformance!(memory_in_real_time, |_| async { Subject::new(MemoryDriver::new()).in_real_time() });
driver_conformance!(memory_shared, shared);
driver_conformance!(spy, spied_on);
driver_conformance!(one_test memory_in_one_test, |clock| async { MemoryDriver::new().with_clock(clock) });
// Its wrapper is none of the faults that the kit finds in it.
driver_conformance!(unbroken, |clock| async { subject(None, clock) });
