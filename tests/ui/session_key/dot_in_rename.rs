use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(rename = "shop.theme")]
    theme: String,
}

fn main() {}
