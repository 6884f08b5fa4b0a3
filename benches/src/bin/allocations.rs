//! Allocations per request: `cargo run --release -p session-benches --features allocations --bin allocations`.
#![expect(clippy::print_stdout, reason = "the report")]

use session_benches::{Rig, Scenario};

const REQUESTS: u64 = 1_000;

fn main() -> Result<(), std::io::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut bares = Vec::new();
    println!("{:<26} {:>8} {:>10} {:>10}", "scenario", "count", "over bare", "bytes");
    for scenario in Scenario::ALL {
        let mut rig = runtime.block_on(Rig::ready(scenario));
        runtime.block_on(rig.run(100));
        let counted =
            allocation_counter::measure(|| runtime.block_on(rig.run(usize::try_from(REQUESTS).unwrap_or(0))));
        let per_request = |count: u64| {
            f64::from(u32::try_from(count).unwrap_or(u32::MAX))
                / f64::from(u32::try_from(REQUESTS).unwrap_or(1))
        };
        let count = per_request(counted.count_total);
        if scenario.bare() == scenario {
            bares.push((scenario, count));
        }
        let bare = bares.iter().find(|(other, _)| *other == scenario.bare()).map_or(0.0, |(_, count)| *count);
        let bytes = per_request(counted.bytes_total);
        println!("{:<26} {count:>8.2} {:>10.2} {bytes:>10.0}", scenario.name(), count - bare);
    }
    Ok(())
}
