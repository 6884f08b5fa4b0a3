//! Which time of the processors was used, by whom. Unlike the time of a clock, it hardly depends on what else a machine
//! does.

use std::fs;

use session_tests::redis::Server;

/// Seconds of processor time, since each process began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu {
    /// Of the hyper servers: all threads of this process but the one that asks, where the clients run.
    pub http: f64,
    /// Of Redis.
    pub redis: f64,
}

impl Cpu {
    /// Reads what was used until now. Zero where the system does not tell.
    #[must_use]
    pub fn used(server: &Server) -> Self {
        let of_redis = |name| server.info(name).and_then(|text| text.trim().parse().ok()).unwrap_or(0.0);
        Self {
            http: ticks("/proc/self/stat") - ticks("/proc/thread-self/stat"),
            redis: of_redis("used_cpu_user") + of_redis("used_cpu_sys"),
        }
    }

    /// What was used meanwhile.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self { http: self.http - before.http, redis: self.redis - before.redis }
    }

    /// Adds what was used at another time.
    pub fn add(&mut self, more: Self) {
        self.http += more.http;
        self.redis += more.redis;
    }
}

/// User and system time, the 14th and 15th word; the second one, in parentheses, may hold spaces.
fn ticks(file: &str) -> f64 {
    let stat = fs::read_to_string(file).unwrap_or_default();
    let words = stat.rsplit_once(')').map_or("", |(_, words)| words).split_whitespace();
    words.skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// In a second: Linux tells all programs that it is 100.
const TICKS: f64 = 100.0;
