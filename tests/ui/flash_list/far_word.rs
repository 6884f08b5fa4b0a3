use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash(forever))]
    notice: Option<String>,
}

fn main() {}
