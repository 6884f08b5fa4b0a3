//! What the shop keeps about a visitor: the schema, and the types of its fields.

use std::fmt;

use serde::{Deserialize, Serialize};
use session_runtime::SessionSchema;

/// A visit to the shop.
#[derive(Debug, SessionSchema)]
pub struct Shop {
    /// The name under which the visitor signed in.
    #[session(principal)]
    pub user: Option<String>,
    /// How the pages look. It belongs to the browser rather than to the user, and so survives a logout.
    #[session(survives_logout, on_mismatch = "default")]
    pub theme: Theme,
    /// How often the product list was shown.
    pub views: u64,
    /// What the visitor wants to buy.
    pub cart: Vec<Item>,
    /// What the last action did, for the next page only.
    #[session(flash, on_mismatch = "default")]
    pub notice: Option<Notice>,
}

/// How the pages look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Ink on paper.
    #[default]
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// The one that the switch leads to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
        })
    }
}

/// Some of one product.
///
/// The price is the catalogue's business: a cart never holds an old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The product's name in addresses and forms.
    pub product: String,
    /// How many.
    pub quantity: u32,
}

/// What an action did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// One more of a product is in the cart.
    Added(String),
    /// There are already as many of a product in the cart as the shop sells at once.
    Enough(String),
    /// One of a product was taken out of the cart.
    Removed(String),
    /// The cart was emptied.
    Cleared,
    /// The theme was switched.
    Switched(Theme),
    /// The visitor signed in under this name.
    SignedIn(String),
    /// The visitor signed out.
    SignedOut,
    /// The page is for visitors who are signed in.
    SignInFirst,
    /// Another session of the visitor's was ended.
    Ended,
    /// There was no such session any more.
    NotThere,
    /// All other sessions of the visitor's were ended.
    EndedOthers,
    /// The password was changed, and all other sessions ended.
    PasswordChanged,
    /// The order goes to this town.
    Ordered(String),
    /// A letter arrived from this name.
    Written(String),
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(product) => write!(f, "{product} is in your cart."),
            Self::Enough(product) => write!(f, "That is all the {product} we can send at once."),
            Self::Removed(product) => write!(f, "One {product} went back on the shelf."),
            Self::Cleared => f.write_str("Your cart is empty again."),
            Self::Switched(Theme::Light) => f.write_str("The lights are on."),
            Self::Switched(Theme::Dark) => f.write_str("The lights are off."),
            Self::SignedIn(name) => write!(f, "Welcome, {name}."),
            Self::SignedOut => f.write_str("You are signed out. See you soon."),
            Self::SignInFirst => f.write_str("Please sign in first."),
            Self::Ended => f.write_str("That device is signed out."),
            Self::NotThere => f.write_str("That device was signed out already."),
            Self::EndedOthers => f.write_str("All other devices are signed out."),
            Self::PasswordChanged => {
                f.write_str("Your password is changed, and all other devices are signed out.")
            }
            Self::Ordered(town) => write!(f, "Thank you. Your teas are as good as in {town}."),
            Self::Written(name) => write!(f, "Thank you, {name}. We will answer soon."),
        }
    }
}
