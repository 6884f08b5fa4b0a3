use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(on_mismatch = "panic")]
    theme: String,
}

fn main() {}
