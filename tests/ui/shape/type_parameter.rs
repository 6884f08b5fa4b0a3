use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop<T> {
    cart: Vec<T>,
}

fn main() {}
