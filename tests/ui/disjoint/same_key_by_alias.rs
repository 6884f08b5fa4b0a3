use session_runtime::{SessionSchema, assert_disjoint};

#[derive(SessionSchema)]
struct Shop {
    theme: String,
}

#[derive(SessionSchema)]
struct Auth {
    #[session(alias = "theme")]
    skin: String,
}

assert_disjoint!(Shop, Auth);

fn main() {}
