use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(alias = "skin", alias = "skin")]
    theme: String,
}

fn main() {}
