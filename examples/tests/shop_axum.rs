//! The shop as a router of axum.

mod stories;

use axum::Router;
use hyper_util::service::TowerToHyperService;
use session_runtime::Sessions;

type Served = TowerToHyperService<Router>;

fn served(sessions: &Sessions) -> Served {
    TowerToHyperService::new(shop::router(sessions))
}
