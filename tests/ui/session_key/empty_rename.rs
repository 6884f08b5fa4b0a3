use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(rename = "")]
    theme: String,
}

fn main() {}
