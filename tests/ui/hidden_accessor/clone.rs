use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    clone: u64,
}

fn main() {}
