use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    cart: Vec<Item>,
}

struct Item;

fn main() {}
