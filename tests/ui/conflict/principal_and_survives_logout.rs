use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal, survives_logout)]
    user: Option<u64>,
}

fn main() {}
