use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal, alias = "owner")]
    user: Option<u64>,
}

fn main() {}
