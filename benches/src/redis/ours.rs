//! Sessions over the Redis driver.

use std::error::Error;
use std::hint::black_box;

use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use session_runtime::drivers::{RedisConfig, RedisDriver};
use session_runtime::{Session, SessionError, Sessions};

use super::serve::answer;
use crate::ours::{Shop, cookies, shop};

#[derive(Clone, Debug)]
pub(super) struct Ours(Sessions);

impl Ours {
    pub(super) async fn connect(url: &str) -> Result<Self, Box<dyn Error>> {
        let driver = RedisDriver::connect(RedisConfig::standalone(url)).await?;
        Ok(Self(Sessions::builder(driver).build()?))
    }

    /// Files a session; what its visitor sends.
    pub(super) async fn seed(&self) -> Result<HeaderValue, Box<dyn Error>> {
        let session = self.0.create::<Shop>().await?;
        session.fill(shop())?;
        session.commit().await?;
        Ok(cookies(&self.0, &session)?)
    }

    pub(super) fn reading(
        &self,
    ) -> impl Service<Request<Incoming>, Response = Response<String>, Error: Error + Send + Sync, Future: Send>
    + Send
    + 'static
    + use<> {
        self.0.service(service_fn(read))
    }

    pub(super) fn writing(
        &self,
    ) -> impl Service<Request<Incoming>, Response = Response<String>, Error: Error + Send + Sync, Future: Send>
    + Send
    + 'static
    + use<> {
        self.0.service(service_fn(write))
    }
}

async fn read(request: Request<Incoming>) -> Result<Response<String>, SessionError> {
    let session = Session::<Shop>::load(&request).await?;
    black_box(session.theme().get()?);
    Ok(answer())
}

async fn write(request: Request<Incoming>) -> Result<Response<String>, SessionError> {
    let session = Session::<Shop>::load(&request).await?;
    black_box(session.views().increment()?);
    Ok(answer())
}
