use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop<'a> {
    theme: &'a str,
}

fn main() {}
