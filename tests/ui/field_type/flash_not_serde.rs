use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(flash)]
    notice: Option<Notice>,
}

struct Notice;

fn main() {}
