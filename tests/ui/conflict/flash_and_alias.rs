use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash, alias = "message")]
    notice: Option<String>,
}

fn main() {}
