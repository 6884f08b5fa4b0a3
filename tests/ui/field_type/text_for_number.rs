use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default = "10")]
    views: u64,
}

fn main() {}
