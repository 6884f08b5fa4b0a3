use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(max_bytes = "2048"))]
    notice: Option<String>,
}

fn main() {}
