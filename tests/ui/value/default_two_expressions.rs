use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default = 5 6)]
    views: u64,
}

fn main() {}
