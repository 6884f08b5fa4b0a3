use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(secret)]
    #[session(secret)]
    theme: String,
}

fn main() {}
