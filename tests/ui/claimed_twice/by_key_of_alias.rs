use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = "theme")]
    skin: String,
    theme: String,
}

fn main() {}
