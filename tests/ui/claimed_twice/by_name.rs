use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(rename = "theme")]
    skin: String,
    theme: String,
}

fn main() {}
