use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(secret survives_logout)]
    theme: String,
}

fn main() {}
