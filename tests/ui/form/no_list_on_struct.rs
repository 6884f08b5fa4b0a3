use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session]
struct Shop {
    theme: String,
}

fn main() {}
