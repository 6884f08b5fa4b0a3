use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash)]
    notice: String,
}

fn main() {}
