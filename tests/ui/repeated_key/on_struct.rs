use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(prefix = "a_", prefix = "b_")]
struct Shop {
    theme: String,
}

fn main() {}
