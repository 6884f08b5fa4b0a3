//! The shop on plain hyper.

mod stories;

use session_runtime::Sessions;

type Served = shop::ShopService;

fn served(sessions: &Sessions) -> Served {
    shop::app(sessions)
}
