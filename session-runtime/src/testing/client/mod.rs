//! In: a service and the requests of a test. Out: its answers, as a browser would see and remember them.
//! Nothing is sent over a network; what a browser adds (cookies, redirects) happens here.

mod error;
mod exchange;
mod redirect;
mod request;
mod response;
mod test_client;
#[cfg(test)]
mod tests;
mod wire;

pub use error::TestError;
pub use exchange::Exchange;
pub use request::TestRequest;
pub use response::TestResponse;
pub use test_client::TestClient;
