//! Runs one scenario so many times, for callgrind: `benches/instructions` calls it.
#![expect(clippy::print_stderr, reason = "usage")]

use session_benches::{Rig, Scenario};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    let scenario = arguments.next().and_then(|name| Scenario::named(&name));
    let requests = arguments.next().and_then(|count| count.parse().ok());
    let (Some(scenario), Some(requests)) = (scenario, requests) else {
        let names = Scenario::ALL.map(Scenario::name).join(", ");
        eprintln!("usage: loop SCENARIO REQUESTS, with one of: {names}");
        return std::process::ExitCode::FAILURE;
    };
    Rig::ready(scenario).await.run(requests).await;
    std::process::ExitCode::SUCCESS
}
