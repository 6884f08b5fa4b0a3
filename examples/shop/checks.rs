//! What the shop asks of its forms.

use session_runtime::{Errors, Input};

use crate::accounts::Accounts;

/// A letter to the shop.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) name: String,
}

/// Where the teas go.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) town: String,
}

pub(crate) fn letter(input: &Input) -> Result<Letter, Errors> {
    let mut errors = Errors::new();
    let name = line(input, "name", "Please tell us your name.", &mut errors);
    let email = line(input, "email", "Please tell us where to answer.", &mut errors);
    if !email.is_empty() && !is_address(&email) {
        errors.add("email", "This is no address that we could write to.");
    }
    let pin = input.text("pin");
    if !(pin.is_empty() || pin.len() == 4 && pin.bytes().all(|digit| digit.is_ascii_digit())) {
        errors.add("pin", "The PIN has four digits.");
    }
    if input.text("message").trim().is_empty() {
        errors.add("message", "Please write something.");
    }
    outcome(Letter { name }, errors)
}

pub(crate) fn address(input: &Input) -> Result<Address, Errors> {
    let mut errors = Errors::new();
    line(input, "name", "Whom is it for?", &mut errors);
    line(input, "street", "Please tell us street and number.", &mut errors);
    let town = line(input, "town", "Please tell us postcode and town.", &mut errors);
    outcome(Address { town }, errors)
}

/// The name that a visitor signs in under, if the password is right.
pub(crate) async fn credentials(input: &Input, accounts: &Accounts) -> Result<String, Errors> {
    let mut errors = Errors::new();
    let name = line(input, "name", "Please tell us your name.", &mut errors);
    if errors.is_empty() && !accounts.opens(&name, input.text("password")).await {
        errors.add("password", "That is not the password of this name.");
    }
    outcome(name, errors)
}

/// Sets a new password, if the old one is right.
pub(crate) async fn new_password(input: &Input, name: &str, accounts: &Accounts) -> Result<(), Errors> {
    let mut errors = Errors::new();
    let (old, new) = (input.text("password"), input.text("new_password"));
    if new.chars().count() < SHORTEST_PASSWORD {
        errors.add("new_password", format!("Please use at least {SHORTEST_PASSWORD} characters."));
    } else if accounts.change(name, old, new).await.is_err() {
        errors.add("password", "That is not your present password.");
    }
    outcome((), errors)
}

/// One line of text, without what surrounds it.
fn line(input: &Input, field: &str, missing: &str, errors: &mut Errors) -> String {
    let text = input.text(field).trim();
    if text.is_empty() {
        errors.add(field, missing);
    } else if text.chars().count() > LONGEST_LINE {
        errors.add(field, format!("That is long. Please use at most {LONGEST_LINE} characters."));
    } else if text.chars().any(char::is_control) {
        errors.add(field, "Please use letters, digits and signs only.");
    }
    text.to_owned()
}

/// Good enough for a form; whether it exists only a letter can tell.
fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
}

fn outcome<T>(good: T, errors: Errors) -> Result<T, Errors> {
    if errors.is_empty() { Ok(good) } else { Err(errors) }
}

/// NIST SP 800-63B section 3.1.1.2 asks for eight where a password is not the only factor; this is only an example.
const SHORTEST_PASSWORD: usize = 8;
const LONGEST_LINE: usize = 40;
