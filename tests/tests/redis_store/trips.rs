//! Round trips of whole requests, as the server sees them.

use http::{HeaderMap, HeaderValue, header};
use redis::aio::MultiplexedConnection;
use session_runtime::drivers::{RedisConfig, RedisDriver};
use session_runtime::{Session, SessionError, SessionSchema, Sessions, Token};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;

use super::server::Server;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal)]
    user: Option<u64>,
    #[session(survives_logout)]
    theme: String,
    views: u64,
}

struct World {
    sessions: Sessions,
    connection: MultiplexedConnection,
    monitor: Lines<BufReader<TcpStream>>,
    _server: Server,
}

impl World {
    async fn start() -> Self {
        let server = Server::start(&[]);
        let driver = RedisDriver::connect(RedisConfig::standalone(server.url())).await.unwrap();
        let client = redis::Client::open(server.url()).unwrap();
        let connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut monitor = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
        monitor.write_all(b"MONITOR\r\n").await.unwrap();
        let mut monitor = BufReader::new(monitor).lines();
        assert_eq!(monitor.next_line().await.unwrap().as_deref(), Some("+OK"));
        let sessions = Sessions::builder(driver).build().unwrap();
        Self { sessions, connection, monitor, _server: server }
    }

    /// What one request does, and the calls that the server got meanwhile; those that a script makes are not counted.
    async fn request(
        &mut self,
        token: Option<Token>,
        act: impl AsyncFnOnce(&Session<Shop>) -> Result<(), SessionError>,
    ) -> (usize, Option<Token>) {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let cookie = format!("__Host-id={}", token.reveal());
            headers.insert(header::COOKIE, HeaderValue::try_from(cookie).unwrap());
        }
        let session = self.sessions.load::<Shop>(&headers).await.unwrap();
        act(&session).await.unwrap();
        session.commit().await.unwrap();
        let token = self.sessions.token(&session);
        (self.calls().await, token)
    }

    /// How many calls there were since the last time.
    async fn calls(&mut self) -> usize {
        redis::cmd("ECHO").arg("counted").exec_async(&mut self.connection).await.unwrap();
        let mut calls = 0;
        loop {
            let line = self.monitor.next_line().await.unwrap().unwrap();
            if line.contains("\"ECHO\" \"counted\"") {
                return calls;
            }
            calls += usize::from(line.starts_with('+') && !line.contains(" lua]"));
        }
    }
}

#[tokio::test]
async fn requests_keep_their_budgets() {
    let mut world = World::start().await;
    let (calls, _) = world.request(None, async |session| session.views().get().map(drop)).await;
    assert_eq!(calls, 0, "a visitor without a session who writes nothing");
    let (calls, token) = world.request(None, async |session| session.views().set(1)).await;
    assert_eq!(calls, 1, "the first write of a new session");
    let (calls, _) = world.request(token, async |session| session.views().get().map(drop)).await;
    assert_eq!(calls, 1, "a read");
    let (calls, _) = world.request(token, async |session| session.views().increment().map(drop)).await;
    assert_eq!(calls, 2, "a write");
    let (calls, token) = world.request(token, async |session| session.user().login(42)).await;
    assert_eq!(calls, 4, "a login");
    let (calls, token) = world.request(token, async |session| session.user().login(42)).await;
    assert_eq!(calls, 4, "a login again");
    let (calls, _) = world.request(token, async |session| session.theme().set("dark")).await;
    assert_eq!(calls, 2, "a write of one that is signed in");
    let (calls, _) = world.request(token, async |session| session.user().logout()).await;
    assert_eq!(calls, 3, "a logout that leaves a theme");
}
