//! A cluster of three masters.

use std::fmt::Write as _;

use super::options::Options;
use super::ports;
use super::server::Server;
use super::wait::until;

/// Three masters that share the slots evenly; sessions on the others go on when one is down.
pub struct Cluster {
    nodes: Vec<Server>,
    /// What the masters call themselves.
    ids: Vec<String>,
    replicas: Vec<Server>,
    options: Options,
}

impl Cluster {
    /// Starts the masters and waits until each knows of all slots.
    ///
    /// # Panics
    /// If that does not come about.
    pub fn start(options: &Options) -> Self {
        let options = options
            .clone()
            .with("cluster-enabled", "yes")
            .with("cluster-node-timeout", "1000")
            .with("cluster-require-full-coverage", "no")
            .with("cluster-replica-validity-factor", "0");
        let nodes: Vec<Server> = (0..MASTERS).map(|_| Server::start(&options)).collect();
        let ids = nodes.iter().map(|node| node.ask(&["CLUSTER", "MYID"])).collect();
        let cluster = Self { nodes, ids, replicas: Vec::new(), options };
        cluster.introduce();
        cluster.settle();
        cluster
    }

    /// Where clients may begin.
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(Server::url).collect()
    }

    /// The masters.
    pub fn nodes(&self) -> &[Server] {
        &self.nodes
    }

    /// One of the masters, to be killed or started again.
    ///
    /// # Panics
    /// If there is none of this number.
    pub fn node(&mut self, number: usize) -> &mut Server {
        self.nodes.get_mut(number).unwrap()
    }

    /// Gives a master a replica, which takes its place when it dies.
    ///
    /// # Panics
    /// If it does not follow.
    pub fn add_replica(&mut self, of: usize) {
        let (replica, master) = (Server::start(&self.options), &self.nodes[of]);
        replica.ask::<()>(&["CLUSTER", "MEET", "127.0.0.1", &master.port().to_string()]);
        let id = &self.ids[of];
        until("a replica that follows", || replica.try_ask::<()>(&["CLUSTER", "REPLICATE", id]).ok());
        until("a replica that is up", || (replica.info("master_link_status")? == "up").then_some(()));
        self.replicas.push(replica);
        self.settle();
    }

    /// Waits until the replicas have everything that their masters have acknowledged.
    ///
    /// # Panics
    /// If they do not get it.
    pub fn replicated(&self) {
        for master in
            self.nodes.iter().filter(|node| node.info("connected_slaves").is_some_and(|count| count != "0"))
        {
            let sent: Option<u64> = master.info("master_repl_offset").and_then(|offset| offset.parse().ok());
            until("a replica that has everything", || {
                let seen = |replica: &Server| replica.info("slave_repl_offset")?.parse::<u64>().ok();
                self.replicas.iter().all(|replica| seen(replica) >= sent).then_some(())
            });
        }
    }

    /// Waits until a replica has become a master, and all living nodes know.
    ///
    /// # Panics
    /// If that does not happen.
    pub fn promoted(&self) {
        let whole = |node: &Server| {
            let info: String = node.try_ask(&["CLUSTER", "INFO"]).unwrap_or_default();
            info.contains("cluster_slots_ok:16384")
        };
        until("a promotion", || {
            let promoted = |replica: &Server| replica.info("role").is_some_and(|role| role == "master");
            let alive = self.nodes.iter().filter(|node| node.try_ask::<String>(&["PING"]).is_ok());
            let known = self.replicas.iter().chain(alive).all(whole);
            (known && self.replicas.iter().any(promoted)).then_some(())
        });
    }

    /// Sends clients to other ports, those of proxies in front of the masters.
    ///
    /// # Panics
    /// If the masters do not say so before long.
    pub fn announce(&self, ports: &[u16]) {
        for (node, port) in self.nodes.iter().zip(ports) {
            let bus = ports::bus(node.port()).to_string();
            node.ask::<()>(&["CONFIG", "SET", "cluster-announce-bus-port", &bus]);
            node.ask::<()>(&["CONFIG", "SET", "cluster-announce-port", &port.to_string()]);
        }
        until("the announced ports", || {
            let announced = |node: &Server| {
                let lines: String = node.ask(&["CLUSTER", "NODES"]);
                ports.iter().all(|port| lines.contains(&format!("127.0.0.1:{port}@")))
            };
            self.nodes.iter().all(announced).then_some(())
        });
    }

    /// The slot of a key.
    ///
    /// # Panics
    /// If no node answers.
    pub fn slot(&self, key: &str) -> u16 {
        self.any().ask(&["CLUSTER", "KEYSLOT", key])
    }

    /// The number of the node that has a slot, as a living node sees it.
    ///
    /// # Panics
    /// If nobody has it.
    pub fn holder(&self, slot: u16) -> usize {
        // Lines read: id address flags master ping pong epoch state slots...
        let lines: String = self.any().ask(&["CLUSTER", "NODES"]);
        let line = lines.lines().find(|line| {
            line.split(' ').skip(8).any(|range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                matches!((first.parse(), last.parse()), (Ok(first), Ok(last)) if (first..=last).contains(&slot))
            })
        });
        let line = line.unwrap_or_else(|| panic!("nobody has slot {slot}: {lines}"));
        self.ids.iter().position(|id| line.starts_with(id)).unwrap()
    }

    /// Begins to move a slot to another node, as `redis-cli --cluster reshard` does, and moves its keys. Until the move
    /// is finished the old node has the slot, and sends whoever asks for a key on to the new one.
    ///
    /// # Panics
    /// If a step is refused.
    pub fn begin_move(&self, slot: u16, to: usize) -> Move<'_> {
        let from = self.holder(slot);
        let (source, target) = (&self.nodes[from], &self.nodes[to]);
        let (source_id, target_id) = (&self.ids[from], &self.ids[to]);
        let slot = slot.to_string();
        target.ask::<()>(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", source_id]);
        source.ask::<()>(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", target_id]);
        loop {
            let keys: Vec<String> = source.ask(&["CLUSTER", "GETKEYSINSLOT", &slot, "10"]);
            if keys.is_empty() {
                return Move { cluster: self, slot, order: [target, source], target_id };
            }
            let port = target.port().to_string();
            for key in keys {
                source.ask::<()>(&["MIGRATE", "127.0.0.1", &port, &key, "0", "5000"]);
            }
        }
    }

    /// Waits until all masters see the whole cluster.
    ///
    /// # Panics
    /// If they never do.
    pub fn settle(&self) {
        let whole = |node: &Server| {
            let info: String = node.try_ask(&["CLUSTER", "INFO"]).unwrap_or_default();
            let known = format!("cluster_known_nodes:{}\r", self.nodes.len() + self.replicas.len());
            ["cluster_state:ok", "cluster_slots_ok:16384", &known].iter().all(|line| info.contains(line))
        };
        let logs = || {
            let mut logs = String::new();
            for node in &self.nodes {
                let _ = write!(logs, "\n{}", node.log());
            }
            logs
        };
        let settled = || self.nodes.iter().chain(&self.replicas).all(whole).then_some(());
        until(&format!("a whole cluster: {}", logs()), settled);
    }

    /// All get their epochs and slots before any is introduced: who knows another node takes none.
    fn introduce(&self) {
        for (number, node) in (0_u16..).zip(&self.nodes) {
            let (first, next) = (number * SHARE, (number + 1) * SHARE);
            let last = if number + 1 == MASTERS { SLOTS - 1 } else { next - 1 };
            node.ask::<()>(&["CLUSTER", "SET-CONFIG-EPOCH", &(number + 1).to_string()]);
            node.ask::<()>(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]);
        }
        for node in &self.nodes {
            for other in &self.nodes {
                node.ask::<()>(&["CLUSTER", "MEET", "127.0.0.1", &other.port().to_string()]);
            }
        }
    }

    fn any(&self) -> &Server {
        let answers = |node: &&Server| node.try_ask::<String>(&["PING"]).is_ok();
        self.nodes.iter().find(answers).unwrap()
    }
}

/// A slot on its way to another node.
#[must_use = "the slot hangs between two nodes until the move is finished"]
pub struct Move<'c> {
    cluster: &'c Cluster,
    slot: String,
    order: [&'c Server; 2],
    target_id: &'c str,
}

impl Move<'_> {
    /// Gives the slot to the new node.
    ///
    /// # Panics
    /// If a step is refused.
    pub fn finish(self) {
        for node in self.order.into_iter().chain(&self.cluster.nodes) {
            node.ask::<()>(&["CLUSTER", "SETSLOT", &self.slot, "NODE", self.target_id]);
        }
    }
}

const MASTERS: u16 = 3;
const SLOTS: u16 = 16_384;
const SHARE: u16 = SLOTS / MASTERS;
