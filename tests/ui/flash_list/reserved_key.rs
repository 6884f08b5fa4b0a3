use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash, rename = "_errors:contact")]
    notice: Option<String>,
}

fn main() {}
