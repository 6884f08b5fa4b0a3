use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default = String::new)]
    theme: String,
}

fn main() {}
