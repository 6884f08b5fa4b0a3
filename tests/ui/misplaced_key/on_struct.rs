use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(survives_logout)]
struct Shop {
    theme: String,
}

fn main() {}
