use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal)]
    user: u64,
}

fn main() {}
