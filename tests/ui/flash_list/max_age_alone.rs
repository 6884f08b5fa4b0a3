use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(max_age = "10m"))]
    notice: Option<String>,
}

fn main() {}
