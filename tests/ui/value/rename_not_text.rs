use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(rename = skin)]
    theme: String,
}

fn main() {}
