use session_runtime::{SessionSchema, assert_disjoint};

#[derive(SessionSchema)]
struct Shop {
    theme: String,
    views: u64,
}

#[derive(SessionSchema)]
struct Auth {
    attempts: u8,
    theme: String,
}

assert_disjoint!(Shop, Auth);

fn main() {}
