use session_runtime::{Session, SessionError, SessionSchema};

#[derive(SessionSchema)]
#[session(rename_all = "camlCase")]
pub struct Shop {
    #[session(renmae = "skin")]
    theme: String,
    #[session(flash, default)]
    notice: Option<String>,
    #[session(survives_logout = true)]
    views: u64,
    #[session(alias = "cart.items")]
    cart: Vec<u64>,
}

// What is right about the schema stays usable: not one error below.
pub fn show(session: &Session<Shop>) -> Result<Shop, SessionError> {
    session.theme().get()?;
    session.notice().get()?;
    session.snapshot::<Shop>()
}

fn main() {}
