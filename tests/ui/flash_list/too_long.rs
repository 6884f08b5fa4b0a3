use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(until_read, max_age = "31d"))]
    notice: Option<String>,
}

fn main() {}
