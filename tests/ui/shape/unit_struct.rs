use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop;

fn main() {}
