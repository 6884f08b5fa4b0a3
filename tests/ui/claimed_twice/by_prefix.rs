use session_runtime::SessionSchema;

#[derive(SessionSchema)]
#[session(prefix = "shop_")]
struct Shop {
    theme: String,
    #[session(alias = "shop_theme")]
    skin: String,
}

fn main() {}
