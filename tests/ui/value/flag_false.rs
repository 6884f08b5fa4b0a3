use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(survives_logout = false)]
    theme: String,
}

fn main() {}
