use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash())]
    notice: Option<String>,
}

fn main() {}
