use session_runtime::{SessionSchema, assert_disjoint};

#[derive(SessionSchema)]
struct Shop {
    theme: String,
}

#[derive(SessionSchema)]
struct Auth {
    attempts: u8,
}

#[derive(SessionSchema)]
struct Wizard {
    attempts: u8,
}

assert_disjoint!(Shop, Auth, Wizard);

fn main() {}
