use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(prefix = "")]
struct Shop {
    theme: String,
}

fn main() {}
