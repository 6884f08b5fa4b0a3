//! Requests per second over Redis, all contenders interleaved in one run:
//! `cargo run --release -p session-benches --features redis --bin redis`. Names of contenders run only these.
#![expect(clippy::print_stdout, reason = "the report")]

use std::error::Error;
use std::time::Duration;

use session_benches::redis::{Contender, Load, Rig, Round};
use session_tests::redis::{Options, Server};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 12;
const ROUND: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(100);
const CONNECTIONS: usize = 64;

struct Entry {
    contender: Contender,
    load: Load,
    rounds: Vec<Round>,
    commands: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut chosen = Vec::new();
    for name in std::env::args().skip(1) {
        chosen.push(Contender::named(&name).ok_or_else(|| format!("no contender {name:?}"))?);
    }
    if chosen.is_empty() {
        chosen = Contender::ALL.into();
    }
    let server = Server::start(&Options::default());
    let servers = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    // The clients have a thread of their own, so that no server's work waits behind theirs.
    let clients = Builder::new_current_thread().enable_all().build()?;
    let rig = servers.block_on(Rig::ready(&server.url(), CONNECTIONS))?;
    let mut entries = Vec::new();
    for contender in chosen {
        let address = servers.block_on(rig.start(contender))?;
        let mut load = clients.block_on(Load::connect(address, rig.cookies()))?;
        let commands = count(&server, &clients, contender, &mut load)?;
        entries.push(Entry { contender, load, rounds: Vec::new(), commands });
    }
    for round in 0..ROUNDS {
        for entry in &mut entries {
            clients.block_on(entry.load.run(WARM_UP))?;
            entry.rounds.push(clients.block_on(entry.load.run(ROUND))?);
        }
        // Whoever went first goes last, so that none profits from the order.
        if round + 1 < ROUNDS {
            entries.reverse();
        }
    }
    entries.sort_by_key(|entry| Contender::ALL.iter().position(|contender| *contender == entry.contender));
    report(&entries);
    Ok(())
}

/// Counts what Redis is asked for one request. What a script asks for is named, and is no round trip.
fn count(
    server: &Server,
    clients: &Runtime,
    contender: Contender,
    load: &mut Load,
) -> Result<String, Box<dyn Error>> {
    server.ask::<()>(&["CONFIG", "RESETSTAT"]);
    let requests = clients.block_on(load.run(WARM_UP))?.requests;
    let mut commands = server.commandstats();
    commands.retain(|name, _| !OF_THE_COUNT.iter().any(|own| name.starts_with(own)));
    let sent = |name: &str| !IN_SCRIPTS.contains(&name);
    let trips: u64 = commands.iter().filter(|(name, _)| sent(name)).map(|(_, calls)| calls).sum();
    let counted: Vec<String> = commands.iter().map(|(name, calls)| format!("{name} {calls}")).collect();
    if trips != requests * contender.round_trips() {
        return Err(format!("{}: {requests} requests took {}", contender.name(), counted.join(", ")).into());
    }
    let names = |of_client| {
        let names: Vec<&str> =
            commands.keys().map(String::as_str).filter(|name| sent(name) == of_client).collect();
        names.join(" ")
    };
    let inside = names(false);
    Ok(if inside.is_empty() { names(true) } else { format!("{} ({inside})", names(true)) })
}

fn report(entries: &[Entry]) {
    println!(
        "{ROUNDS} rounds of {} s, interleaved, {CONNECTIONS} connections; medians\n",
        ROUND.as_secs_f64()
    );
    println!(
        "{:<10} {:>10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>6}  {}",
        "contender", "requests/s", "of raw", "target", "p50 ms", "p99 ms", "of raw's", "trips", "commands"
    );
    for Entry { contender, rounds, commands, .. } in entries {
        let target = contender.target();
        let raw = target.and_then(|(raw, _)| entries.iter().find(|entry| entry.contender == raw));
        let of_raw = |of: fn(&Round) -> f64| {
            raw.map_or_else(String::new, |raw| {
                let ratios = rounds.iter().zip(&raw.rounds).map(|(round, raw)| of(round) / of(raw));
                format!("{:.3}", median(ratios))
            })
        };
        println!(
            "{:<10} {:>10.0} {:>8} {:>8} {:>8.2} {:>8.2} {:>8} {:>6}  {commands}",
            contender.name(),
            median(rounds.iter().map(|round| round.rate)),
            of_raw(|round| round.rate),
            target.map_or_else(String::new, |(_, share)| format!("{share:.2}")),
            median(rounds.iter().map(|round| round.p50.as_secs_f64() * 1e3)),
            median(rounds.iter().map(|round| round.p99.as_secs_f64() * 1e3)),
            of_raw(|round| round.p99.as_secs_f64()),
            contender.round_trips(),
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What counting itself asks for.
const OF_THE_COUNT: [&str; 5] = ["config", "info", "client", "hello", "select"];
/// What the driver asks for in scripts only.
const IN_SCRIPTS: [&str; 5] = ["hmget", "hset", "hdel", "hlen", "pexpire"];
