use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal, default = Some(1))]
    user: Option<u64>,
}

fn main() {}
