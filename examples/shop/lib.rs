//! A small real shop, and what its session is good for: on plain hyper ([`app`](fn@app)) and on axum ([`router`](fn@router)).
//!
//! A request goes from either of them through `visit` to a page (`pages`), or to an action (`actions`); both see the session
//! through the schema [`Shop`]. Actions answer with a redirect to a page (POST, redirect, GET) and leave a [`Notice`]
//! for it. `forms` reads what browsers send and `checks` looks at it, `problem` is what can be wrong with it, `reply` what is sent back.

/// The examples of the README, which have to compile too.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

mod accounts;
mod actions;
mod app;
mod cart;
mod catalogue;
mod checks;
mod drivers;
mod forms;
mod pages;
mod problem;
mod reply;
mod route;
mod router;
mod server;
mod session;
mod visit;

pub use self::app::{App, ShopService, app, configured};
pub use self::drivers::{VARIABLES, drivers};
pub use self::reply::Reply;
pub use self::router::router;
pub use self::server::{serve, serve_axum};
pub use self::session::{Item, Notice, Shop, ShopFields, Theme};
