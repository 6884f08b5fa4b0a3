use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    theme: String,
    #[session(alias = "theme")]
    skin: String,
}

fn main() {}
