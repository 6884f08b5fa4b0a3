use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    theme: String,
    #[session(rename = "theme")]
    skin: String,
}

fn main() {}
