use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = 5)]
    theme: String,
}

fn main() {}
