use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = "theme")]
    theme: String,
}

fn main() {}
