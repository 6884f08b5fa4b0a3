use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = "")]
    theme: String,
}

fn main() {}
