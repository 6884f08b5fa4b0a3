use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default = )]
    theme: String,
}

fn main() {}
