//! What any server over Redis has to do: fetch a value under the visitor's name, and file it again.

use std::convert::Infallible;
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use http::header::COOKIE;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo as _, ProtocolVersion, RedisError,
    RedisResult,
};

use super::serve::answer;

pub(super) async fn bare(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    black_box(&request);
    Ok(answer())
}

/// One connection that all requests share, with the settings of the driver's.
#[derive(Clone, Debug)]
pub(super) struct Raw(MultiplexedConnection);

impl Raw {
    pub(super) async fn connect(url: &str) -> RedisResult<Self> {
        let info = url.into_connection_info()?;
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_pipeline_buffer_size(CALLS_IN_FLIGHT);
        let client = Client::open(info.set_redis_settings(settings))?;
        Ok(Self(client.get_multiplexed_async_connection_with_config(&config).await?))
    }

    /// Files a value of the size that sessions of the others have.
    pub(super) async fn seed(&self, cookie: &HeaderValue) -> RedisResult<()> {
        let name = name(Some(cookie)).ok_or((redis::ErrorKind::Client, "no cookie"))?;
        self.ask(redis::cmd("SET").arg(name).arg("x".repeat(SIZE))).await
    }

    pub(super) fn reading(
        &self,
    ) -> impl Service<Request<Incoming>, Response = Response<String>, Error: Error + Send + Sync, Future: Send>
    + Send
    + 'static
    + use<> {
        let raw = self.clone();
        service_fn(move |request| {
            let raw = raw.clone();
            async move { raw.read(&request).await }
        })
    }

    pub(super) fn writing(
        &self,
    ) -> impl Service<Request<Incoming>, Response = Response<String>, Error: Error + Send + Sync, Future: Send>
    + Send
    + 'static
    + use<> {
        let raw = self.clone();
        service_fn(move |request| {
            let raw = raw.clone();
            async move { raw.write(&request).await }
        })
    }

    async fn read(&self, request: &Request<Incoming>) -> RedisResult<Response<String>> {
        black_box(self.value(request).await?);
        Ok(answer())
    }

    async fn write(&self, request: &Request<Incoming>) -> RedisResult<Response<String>> {
        let value = self.value(request).await?;
        self.ask::<()>(redis::cmd("SET").arg(name(request.headers().get(COOKIE))).arg(value)).await?;
        Ok(answer())
    }

    /// Missing values are errors, so that what is measured is what was meant.
    async fn value(&self, request: &Request<Incoming>) -> RedisResult<Vec<u8>> {
        let value: Option<Vec<u8>> =
            self.ask(redis::cmd("GET").arg(name(request.headers().get(COOKIE)))).await?;
        value.ok_or_else(|| RedisError::from((redis::ErrorKind::Client, "no value for this visitor")))
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        command.query_async(&mut self.0.clone()).await
    }
}

/// As long as the driver's names of sessions.
fn name(cookie: Option<&HeaderValue>) -> Option<&[u8]> {
    let cookie = cookie?.as_bytes();
    cookie.get(cookie.len().checked_sub(NAME)?..)
}

const TIMEOUT: Duration = Duration::from_secs(1);
const CALLS_IN_FLIGHT: usize = 1_024;
const SIZE: usize = 300;
const NAME: usize = 32;
