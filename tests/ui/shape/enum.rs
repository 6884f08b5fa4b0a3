use session_runtime::SessionSchema;

#[derive(SessionSchema)]
enum Shop {
    Theme(String),
}

fn main() {}
