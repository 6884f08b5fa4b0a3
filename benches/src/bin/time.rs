//! Time per request of every scenario, all interleaved in one run: `cargo run --release -p session-benches --bin time`.
#![expect(clippy::print_stdout, reason = "the report")]

use std::time::Instant;

use session_benches::{Rig, Scenario, future_sizes};

const ROUNDS: usize = 40;
const REQUESTS: usize = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut samples: Vec<(Scenario, Vec<f64>)> = Scenario::ALL.map(|scenario| (scenario, Vec::new())).into();
    for _ in 0..ROUNDS {
        for (scenario, times) in &mut samples {
            let mut rig = Rig::ready(*scenario).await;
            rig.run(REQUESTS / 10).await;
            let start = Instant::now();
            rig.run(REQUESTS).await;
            times.push(
                start.elapsed().as_secs_f64() * 1e9 / f64::from(u32::try_from(REQUESTS).unwrap_or(u32::MAX)),
            );
        }
    }
    report(&samples);
}

fn report(samples: &[(Scenario, Vec<f64>)]) {
    let of = |scenario: Scenario| {
        samples
            .iter()
            .find(|(other, _)| *other == scenario)
            .map(|(_, times)| times.clone())
            .unwrap_or_default()
    };
    println!("{ROUNDS} rounds of {REQUESTS} requests, interleaved; medians\n");
    println!("{:<26} {:>10} {:>12} {:>14}", "scenario", "ns", "over bare", "of the peer's");
    for (scenario, times) in samples {
        let bare = of(scenario.bare());
        let over = median(times.iter().zip(&bare).map(|(time, bare)| time - bare));
        let ratio = scenario.peer().map(|peer| {
            let pairs = times.iter().zip(&bare).zip(of(peer));
            median(pairs.map(|((time, bare), peer): ((&f64, &f64), f64)| (time - bare) / (peer - bare)))
        });
        let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        println!("{:<26} {:>10.0} {over:>12.0} {ratio:>14}", scenario.name(), median(times.iter().copied()));
    }
    println!();
    for (what, bytes) in future_sizes() {
        println!("{what}: a future of {bytes} bytes");
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
