use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(rename = "skin", rename = "look")]
    theme: String,
}

fn main() {}
