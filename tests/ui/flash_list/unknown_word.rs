use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(until_raed))]
    notice: Option<String>,
}

fn main() {}
