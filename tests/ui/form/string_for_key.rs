use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session("theme")]
    theme: String,
}

fn main() {}
