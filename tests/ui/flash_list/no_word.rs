use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash("10m"))]
    notice: Option<String>,
}

fn main() {}
