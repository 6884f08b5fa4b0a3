use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(rename_all = "spongebob")]
struct Shop {
    theme: String,
}

fn main() {}
