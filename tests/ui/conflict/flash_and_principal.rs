use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash, principal)]
    notice: Option<String>,
}

fn main() {}
