use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(prefix = shop)]
struct Shop {
    theme: String,
}

fn main() {}
