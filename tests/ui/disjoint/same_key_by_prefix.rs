use session_runtime::{SessionSchema, assert_disjoint};

#[derive(SessionSchema)]
struct Shop {
    user_name: String,
}

#[derive(SessionSchema)]
#[session(prefix = "user_")]
struct Auth {
    name: String,
}

assert_disjoint!(Shop, Auth);

fn main() {}
