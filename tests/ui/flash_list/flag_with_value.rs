use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(until_read = true))]
    notice: Option<String>,
}

fn main() {}
