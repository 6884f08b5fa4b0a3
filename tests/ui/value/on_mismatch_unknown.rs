use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(on_mismatch = "defualt")]
    theme: String,
}

fn main() {}
