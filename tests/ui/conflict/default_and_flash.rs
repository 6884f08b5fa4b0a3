use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default, flash)]
    notice: Option<String>,
}

fn main() {}
