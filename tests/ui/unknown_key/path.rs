use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(session::prefix = "shop_")]
struct Shop {
    theme: String,
}

fn main() {}
