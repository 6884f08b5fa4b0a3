use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = "old.theme")]
    theme: String,
}

fn main() {}
