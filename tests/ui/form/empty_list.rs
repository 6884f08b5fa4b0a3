use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session()]
    theme: String,
}

fn main() {}
