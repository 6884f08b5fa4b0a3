use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal)]
    user: Option<u64>,
    #[session(principal)]
    admin: Option<u64>,
}

fn main() {}
