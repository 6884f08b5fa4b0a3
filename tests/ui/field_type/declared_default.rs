use session_runtime::SessionSchema;

#[derive(SessionSchema)]
struct Shop {
    #[session(default)]
    theme: Theme,
}

#[derive(serde::Serialize, serde::Deserialize)]
enum Theme {
    Light,
    Dark,
}

fn main() {}
