use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(until_read, max_bytes = 1, max_bytes = 2))]
    notice: Option<String>,
}

fn main() {}
