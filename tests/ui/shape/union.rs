use session_runtime::SessionSchema;

#[derive(SessionSchema)]
union Shop {
    views: u64,
}

fn main() {}
