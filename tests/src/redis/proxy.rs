//! A proxy between a client and a server that does what networks do: it cuts, swallows and holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::ports;

/// What the proxy does with the next request or answer. Afterwards it passes everything again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// The next request never reaches the server, and its connection is cut.
    SwallowRequest,
    /// Of the next request only the first bytes reach the server, then its connection is cut.
    CutRequest(usize),
    /// The next answer never reaches the client, and its connection is cut: the server has done what it was asked.
    SwallowReply,
    /// Of the next answer only the first bytes reach the client, then its connection is cut.
    CutReply(usize),
    /// Answers are held back until the proxy [passes](Proxy::pass) again.
    Hold,
}

/// Listens on a port of its own for as long as it lives. Needs a runtime with more than one thread where the test blocks.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Planned {
    trick: Trick,
    /// How many requests or answers pass first.
    spared: usize,
}

struct Shared {
    server: u16,
    trick: watch::Sender<Option<Planned>>,
    /// Counts up with every cut of all connections.
    cuts: watch::Sender<usize>,
    turns: AtomicUsize,
}

impl Proxy {
    /// A proxy in front of the server on this port.
    ///
    /// # Panics
    /// If it cannot listen.
    pub async fn start(server: u16) -> Self {
        let (trick, cuts) = (watch::Sender::new(None), watch::Sender::new(0));
        let shared = Shared { server, trick, cuts, turns: AtomicUsize::new(0) };
        let mut proxy = Self { port: ports::free(), shared: Arc::new(shared), listening: None };
        proxy.listen().await;
        proxy
    }

    /// The port that clients connect to.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Plays a trick on the next request or answer.
    pub fn play(&self, trick: Trick) {
        self.play_after(0, trick);
    }

    /// Plays a trick on a later request or answer, after so many that pass.
    pub fn play_after(&self, spared: usize, trick: Trick) {
        self.shared.trick.send_replace(Some(Planned { trick, spared }));
    }

    /// Waits until the trick was played.
    ///
    /// # Panics
    /// Never: the sender lives as long as the proxy.
    pub async fn played(&self) {
        self.shared.trick.subscribe().wait_for(Option::is_none).await.unwrap();
    }

    /// Passes everything again, what was held back first.
    pub fn pass(&self) {
        self.shared.trick.send_replace(None);
    }

    /// Cuts all connections; new ones are accepted.
    pub fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Cuts all connections and refuses new ones until the proxy [listens](Proxy::listen) again.
    pub async fn refuse(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            // It is cancelled, and has closed its port.
            let _ = listening.await;
        }
        self.cut();
    }

    /// Accepts connections again.
    ///
    /// # Panics
    /// If it cannot listen.
    pub async fn listen(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        let shared = self.shared.clone();
        self.listening = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(connection(client, shared.clone()));
            }
        }));
    }

    /// How often a client sent something after the server had answered: what was sent at once is one round trip.
    pub fn turns(&self) -> usize {
        self.shared.turns.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

/// Ends, and so closes both sides, when one of them has ended, a trick says so, or all connections are cut.
async fn connection(client: TcpStream, shared: Arc<Shared>) {
    let mut cuts = shared.cuts.subscribe();
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.server)).await else {
        return;
    };
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let answered = AtomicBool::new(true);
    tokio::select! {
        // Nothing passes once the cut was asked for.
        biased;
        _ = cuts.changed() => {}
        _ = requests(from_client, to_server, &shared, &answered) => {}
        _ = answers(from_server, to_client, &shared, &answered) => {}
    }
}

async fn requests(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    shared: &Shared,
    answered: &AtomicBool,
) -> std::io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = client.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        match shared.takes(|trick| matches!(trick, Trick::SwallowRequest | Trick::CutRequest(_))) {
            Some(Trick::CutRequest(after)) => return server.write_all(&buffer[..after.min(read)]).await,
            Some(_) => return Ok(()),
            None => {}
        }
        if answered.swap(false, Ordering::SeqCst) {
            shared.turns.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&buffer[..read]).await?;
    }
}

async fn answers(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    shared: &Shared,
    answered: &AtomicBool,
) -> std::io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = server.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        match shared.takes(|trick| matches!(trick, Trick::SwallowReply | Trick::CutReply(_))) {
            Some(Trick::CutReply(after)) => return client.write_all(&buffer[..after.min(read)]).await,
            Some(_) => return Ok(()),
            None => shared.released().await,
        }
        answered.store(true, Ordering::SeqCst);
        client.write_all(&buffer[..read]).await?;
    }
}

impl Shared {
    /// The trick to be played now, if it is one of these. It is played once.
    fn takes(&self, is_ours: impl Fn(Trick) -> bool) -> Option<Trick> {
        let mut taken = None;
        self.trick.send_if_modified(|planned| match planned {
            Some(next) if is_ours(next.trick) && next.spared > 0 => {
                next.spared -= 1;
                false
            }
            Some(next) if is_ours(next.trick) => {
                taken = Some(next.trick);
                *planned = None;
                true
            }
            _ => false,
        });
        taken
    }

    /// Waits for as long as answers are held.
    async fn released(&self) {
        let held = |planned: &Option<Planned>| planned.is_some_and(|next| next.trick == Trick::Hold);
        self.trick.subscribe().wait_for(|planned| !held(planned)).await.unwrap();
    }
}

const BUFFER: usize = 64 * 1024;
