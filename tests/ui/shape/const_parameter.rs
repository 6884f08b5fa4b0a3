use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop<const N: usize> {
    views: u64,
}

fn main() {}
