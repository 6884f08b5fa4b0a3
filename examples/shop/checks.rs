//! What the shop asks of its forms.

use session_runtime::{Errors, Input};

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

/// The name that a visitor signs in under.
pub(crate) fn name(input: &Input) -> Result<String, Errors> {
    let mut errors = Errors::new();
    let name = line(input, "name", "Please tell us your name.", &mut errors);
    outcome(name, errors)
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

const LONGEST_LINE: usize = 40;
