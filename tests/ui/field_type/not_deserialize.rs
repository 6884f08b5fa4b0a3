use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    cart: Vec<Item>,
}

#[derive(serde::Serialize)]
struct Item;

fn main() {}
