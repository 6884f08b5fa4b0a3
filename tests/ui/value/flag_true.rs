use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(secret = true)]
    theme: String,
}

fn main() {}
