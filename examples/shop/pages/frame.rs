//! What is around every page: theme, navigation, who is here, and the notice.

use session_runtime::{Session, SessionError};

use crate::cart;
use crate::route::View;
use crate::session::{Notice, Shop, Theme};

/// What the base template shows.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) theme: Theme,
    pub(super) user: Option<String>,
    pub(super) in_cart: u32,
    pub(super) notice: Option<Notice>,
    /// The token that every form sends back.
    pub(super) csrf: String,
    /// Which page this is; none for what went wrong.
    here: Option<View>,
}

impl Frame {
    pub(super) fn of(session: &Session<Shop>, here: Option<View>) -> Result<Self, SessionError> {
        // Who only reads does not consume the notice, and so leaves it to the page that does.
        let notice = if session.is_readonly() { None } else { session.notice().get()? };
        Ok(Self {
            theme: session.theme().get()?,
            user: session.user().get()?,
            in_cart: cart::count(&session.cart().get()?),
            notice,
            csrf: session.csrf_token()?,
            here,
        })
    }

    /// Without a session, with this token in its forms.
    pub(super) fn bare(csrf: String) -> Self {
        Self { theme: Theme::default(), user: None, in_cart: 0, notice: None, csrf, here: None }
    }

    /// Where the theme switch comes back to.
    pub(super) fn back(&self) -> View {
        self.here.unwrap_or(View::Products)
    }

    /// Whether the navigation shows this page as the present one.
    pub(super) fn at(&self, path: &str) -> bool {
        self.here.is_some_and(|view| view.path() == path)
    }
}
