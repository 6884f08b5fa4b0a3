use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    to_owned: u64,
}

fn main() {}
