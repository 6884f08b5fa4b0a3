use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(principal, on_mismatch = "default")]
    user: Option<u64>,
}

fn main() {}
