use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(prefix = "shop_")]
    theme: String,
}

fn main() {}
