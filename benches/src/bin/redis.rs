//! Requests per second over Redis, all contenders interleaved in one run:
//! `cargo run --release -p session-benches --features redis --bin redis`. Names of contenders run only these.
#![expect(clippy::print_stdout, reason = "the report")]

use std::error::Error;
use std::time::Duration;

use session_benches::redis::{Contender, Cpu, Load, Rig, Round};
use session_tests::redis::{Options, Server};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 40;
const ROUND: Duration = Duration::from_millis(300);
const WARM_UP: Duration = Duration::from_millis(50);
const CONNECTIONS: usize = 64;

struct Entry {
    contender: Contender,
    load: Load,
    rounds: Vec<Round>,
    /// Over all rounds.
    cpu: Cpu,
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
        entries.push(Entry { contender, load, rounds: Vec::new(), cpu: Cpu::default(), commands });
    }
    for round in 0..ROUNDS {
        for entry in &mut entries {
            clients.block_on(entry.load.run(WARM_UP))?;
            let before = Cpu::used(&server);
            entry.rounds.push(clients.block_on(entry.load.run(ROUND))?);
            entry.cpu.add(Cpu::used(&server).since(before));
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

/// Counts what Redis is asked for one request. What a script asks for is named, and is no round trip: the driver's asks
/// for `GETRANGE`, and for the `SET` that others send.
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
    let scripted = commands.contains_key("evalsha");
    let sent = |name: &str| !(name == "getrange" || scripted && name == "set");
    let trips: u64 = commands.iter().filter(|(name, _)| sent(name)).map(|(_, calls)| calls).sum();
    let share = |calls: u64| number(calls) / number(requests);
    let listed = |of_client| {
        let chosen = commands.iter().filter(|(name, _)| sent(name) == of_client);
        let listed: Vec<String> =
            chosen.map(|(name, calls)| format!("{name} {:.2}", share(*calls))).collect();
        listed.join(", ")
    };
    let (sent, inside) = (listed(true), listed(false));
    let listed = if inside.is_empty() { sent } else { format!("{sent} (in scripts: {inside})") };
    if trips != requests * contender.round_trips() {
        return Err(
            format!("{} took more or fewer round trips than it should: {listed}", contender.name()).into()
        );
    }
    Ok(listed)
}

fn report(entries: &[Entry]) {
    let length = ROUND.as_millis();
    println!("{ROUNDS} rounds of {length} ms, interleaved, {CONNECTIONS} connections; medians");
    println!("cpu: microseconds per request, of the http server and of redis\n");
    println!(
        "{:<10} {:>10} {:>7} {:>7} {:>7} {:>7} {:>9} {:>9} {:>9} {:>6}  commands",
        "contender",
        "requests/s",
        "of raw",
        "target",
        "p50 ms",
        "p99 ms",
        "p99 raw's",
        "cpu http",
        "cpu redis",
        "trips"
    );
    for entry in entries {
        let Entry { contender, rounds, cpu, commands, .. } = entry;
        let target = contender.target();
        let raw = target.and_then(|(raw, _)| entries.iter().find(|entry| entry.contender == raw));
        let of_raw = |of: fn(&Round) -> f64| {
            raw.map_or_else(String::new, |raw| {
                let ratios = rounds.iter().zip(&raw.rounds).map(|(round, raw)| of(round) / of(raw));
                format!("{:.2}", median(ratios))
            })
        };
        let requests = number(rounds.iter().map(|round| round.requests).sum());
        println!(
            "{:<10} {:>10.0} {:>7} {:>7} {:>7.2} {:>7.2} {:>9} {:>9.1} {:>9.1} {:>6}  {commands}",
            contender.name(),
            median(rounds.iter().map(|round| round.rate)),
            of_raw(|round| round.rate),
            target.map_or_else(String::new, |(_, share)| format!("{share:.2}")),
            median(rounds.iter().map(|round| round.p50.as_secs_f64() * 1e3)),
            median(rounds.iter().map(|round| round.p99.as_secs_f64() * 1e3)),
            of_raw(|round| round.p99.as_secs_f64()),
            cpu.http * 1e6 / requests,
            cpu.redis * 1e6 / requests,
            contender.round_trips(),
        );
    }
}

fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What counting itself asks for.
const OF_THE_COUNT: [&str; 5] = ["config", "info", "client", "hello", "select"];
