use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(survives_logout())]
    notice: Option<String>,
}

fn main() {}
