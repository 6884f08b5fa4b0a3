use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(rename_all = "camelCase")]
struct Shop {
    last_seen: u64,
    last__seen: u64,
}

fn main() {}
