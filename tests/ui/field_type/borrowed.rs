use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    theme: &'static str,
}

fn main() {}
