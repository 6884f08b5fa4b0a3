use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(secret))]
    notice: Option<String>,
}

fn main() {}
