use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(until_read max_bytes = 1))]
    notice: Option<String>,
}

fn main() {}
