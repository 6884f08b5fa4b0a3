use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop(String, u64);

fn main() {}
