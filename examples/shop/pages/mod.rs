//! Pages: each takes what it shows out of the session and gives it to its template.

mod basket;
mod checkout;
mod contact;
mod devices;
mod facts;
mod frame;
mod login;
mod moment;
mod problem;
mod products;
mod refused;
mod sheet;

pub(crate) use self::basket::cart;
pub(crate) use self::checkout::{checkout, checkout_form};
pub(crate) use self::contact::{contact, contact_form};
pub(crate) use self::devices::{devices, password_form};
pub(crate) use self::facts::facts;
pub(crate) use self::login::{login, login_form};
pub(crate) use self::problem::{failure, problem, unavailable};
pub(crate) use self::products::products;
pub(crate) use self::refused::refused;
