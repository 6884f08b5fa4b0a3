use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(crate = "session_runtime")]
struct Shop {
    theme: String,
}

fn main() {}
