//! The addresses of the shop, each with the methods that it answers.

use std::fmt;

use http::Method;

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Page(View),
    Action(Action),
    Asset(Asset),
}

/// A page with the session in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Products,
    Cart,
    Checkout,
    Contact,
    Login,
    Devices,
    Facts,
}

/// A change, answered with a redirect to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Add,
    Remove,
    Clear,
    Switch,
    Order,
    Write,
    Login,
    Logout,
    EndDevice,
    EndOthers,
    ChangePassword,
}

/// A file that is the same for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asset {
    Style,
    Icon,
}

impl Route {
    /// Where this path and method lead.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn find(method: &Method, path: &str) -> Result<Self, Stray> {
        let get: &[Method] = &[Method::GET, Method::HEAD];
        let page = View::at(path).map(Self::Page);
        let asset = match path {
            "/style.css" => Some(Self::Asset(Asset::Style)),
            "/icon.svg" => Some(Self::Asset(Asset::Icon)),
            _ => None,
        };
        let read = page.or(asset).filter(|_| get.contains(method));
        let write = Action::at(path).map(Self::Action).filter(|_| method == Method::POST);
        read.or(write).ok_or_else(|| match (page.or(asset), Action::at(path)) {
            (None, None) => Stray::Path,
            (Some(_), None) => Stray::Method("GET, HEAD"),
            (None, Some(_)) => Stray::Method("POST"),
            (Some(_), Some(_)) => Stray::Method("GET, HEAD, POST"),
        })
    }
}

/// Why a request leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stray {
    /// Nothing has this address.
    Path,
    /// These methods would do.
    Method(&'static str),
}

impl View {
    /// The page of this path. Redirects only ever go to one of these.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let views = [
            Self::Products,
            Self::Cart,
            Self::Checkout,
            Self::Contact,
            Self::Login,
            Self::Devices,
            Self::Facts,
        ];
        views.into_iter().find(|view| view.path() == path)
    }

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Products => "/",
            Self::Cart => "/cart",
            Self::Checkout => "/checkout",
            Self::Contact => "/contact",
            Self::Login => "/login",
            Self::Devices => "/devices",
            Self::Facts => "/session",
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

impl Action {
    fn at(path: &str) -> Option<Self> {
        Some(match path {
            "/cart/add" => Self::Add,
            "/cart/remove" => Self::Remove,
            "/cart/clear" => Self::Clear,
            "/theme" => Self::Switch,
            "/checkout" => Self::Order,
            "/contact" => Self::Write,
            "/login" => Self::Login,
            "/logout" => Self::Logout,
            "/devices/end" => Self::EndDevice,
            "/devices/end-others" => Self::EndOthers,
            "/password" => Self::ChangePassword,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_writing_have_their_methods() {
        assert_eq!(Route::find(&Method::HEAD, "/cart"), Ok(Route::Page(View::Cart)));
        assert_eq!(Route::find(&Method::GET, "/login"), Ok(Route::Page(View::Login)));
        assert_eq!(Route::find(&Method::POST, "/login"), Ok(Route::Action(Action::Login)));
        assert_eq!(Route::find(&Method::PUT, "/login"), Err(Stray::Method("GET, HEAD, POST")));
        assert_eq!(Route::find(&Method::GET, "/logout"), Err(Stray::Method("POST")));
        assert_eq!(Route::find(&Method::GET, "/cart/"), Err(Stray::Path));
    }
}
