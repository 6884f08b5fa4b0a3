use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(expires = "2h")]
    theme: String,
}

fn main() {}
