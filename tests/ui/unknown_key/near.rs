use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(renmae = "skin")]
    theme: String,
}

fn main() {}
