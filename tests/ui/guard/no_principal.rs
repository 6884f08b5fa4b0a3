use session_runtime::{Session, SessionError, SessionSchema, SignedIn};

#[derive(SessionSchema)]
struct Basket {
    items: Vec<String>,
}

async fn orders(request: http::Request<String>) -> Result<(), session_runtime::Rejection> {
    SignedIn::<Basket>::load(&request).await?;
    Ok(())
}

fn main() {}
