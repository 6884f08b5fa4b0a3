use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    into: u64,
}

fn main() {}
