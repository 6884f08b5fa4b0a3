use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(rename_all = "camel_case")]
struct Shop {
    theme: String,
}

fn main() {}
