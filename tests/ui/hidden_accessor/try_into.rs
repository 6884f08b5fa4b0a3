use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    try_into: u64,
}

fn main() {}
