//! Pages: each takes what it shows out of the session and gives it to its template.

mod basket;
mod facts;
mod frame;
mod login;
mod problem;
mod products;

pub(crate) use self::basket::cart;
pub(crate) use self::facts::facts;
pub(crate) use self::login::{login, login_again};
pub(crate) use self::problem::{failure, problem};
pub(crate) use self::products::products;
