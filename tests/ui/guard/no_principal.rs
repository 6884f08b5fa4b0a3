use session_runtime::{SessionSchema, SignedIn};

#[derive(SessionSchema)]
struct Basket {
    items: Vec<String>,
}

fn orders(_: &SignedIn<Basket>) {}

fn main() {}
