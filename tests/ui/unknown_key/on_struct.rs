use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(perfix = "shop_")]
struct Shop {
    theme: String,
}

fn main() {}
