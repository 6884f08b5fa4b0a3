use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default = 10)]
    theme: String,
}

fn main() {}
