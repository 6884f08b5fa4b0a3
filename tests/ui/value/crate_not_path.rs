use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(crate = 5)]
struct Shop {
    theme: String,
}

fn main() {}
