//! What visitors do. Each action takes its form, changes the session, and sends the browser to a page.

use http::request::Parts;
use session_runtime::{Input, Session};

use crate::cart;
use crate::checks;
use crate::forms::{Choice, Switch};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{Reply, redirect, see_other};
use crate::route::View;
use crate::session::{Notice, Shop};

pub(crate) fn add(form: &Choice, session: &Session<Shop>) -> Result<Reply, Problem> {
    let product = form.product()?;
    // Not `set`: another tab may be adding something at this moment, and nothing must get lost.
    let added = session.cart().update(move |cart| cart::add(cart, product))?;
    let name = product.name.to_owned();
    session.notice().flash(if added { Notice::Added(name) } else { Notice::Enough(name) })?;
    Ok(see_other(form.back))
}

pub(crate) fn remove(form: &Choice, session: &Session<Shop>) -> Result<Reply, Problem> {
    let product = form.product()?;
    session.cart().update(move |cart| cart::remove_one(cart, product))?;
    session.notice().flash(Notice::Removed(product.name.to_owned()))?;
    Ok(see_other(form.back))
}

pub(crate) fn clear(session: &Session<Shop>) -> Result<Reply, Problem> {
    session.cart().forget()?;
    session.notice().flash(Notice::Cleared)?;
    Ok(see_other(View::Cart))
}

pub(crate) fn switch(form: &Switch, session: &Session<Shop>) -> Result<Reply, Problem> {
    session.theme().set(form.theme)?;
    session.notice().flash(Notice::Switched(form.theme))?;
    Ok(see_other(form.back))
}

/// What is wrong with the form goes back to its page, which shows it beside the fields: that is the `?`.
pub(crate) fn order(input: &Input, session: &Session<Shop>) -> Result<Reply, Problem> {
    if session.user().get()?.is_none() {
        session.set_intended_url(View::Checkout.path())?;
        session.notice().flash(Notice::SignInFirst)?;
        return Ok(see_other(View::Login));
    }
    let address = pages::checkout_form(session).accept(input, checks::address(input))?;
    if session.cart().get()?.is_empty() {
        return Ok(see_other(View::Checkout));
    }
    session.cart().forget()?;
    session.notice().flash(Notice::Ordered(address.town))?;
    Ok(see_other(View::Products))
}

pub(crate) fn write(input: &Input, session: &Session<Shop>, head: &Parts) -> Result<Reply, Problem> {
    let letter = pages::contact_form(session, head).accept(input, checks::letter(input))?;
    session.notice().flash(Notice::Written(letter.name))?;
    Ok(see_other(View::Contact))
}

/// A real shop would ask for a password here, and call `login` after it was right.
pub(crate) fn login(input: &Input, session: &Session<Shop>) -> Result<Reply, Problem> {
    let name = pages::login_form(session).accept(input, checks::name(input))?;
    let next = session.intended_or(View::Products.path())?;
    session.user().login(&*name)?;
    session.notice().flash(Notice::SignedIn(name))?;
    Ok(redirect(&next))
}

pub(crate) fn logout(session: &Session<Shop>) -> Result<Reply, Problem> {
    session.user().logout()?;
    // After the logout: this goes into the session that begins.
    session.notice().flash(Notice::SignedOut)?;
    Ok(see_other(View::Products))
}
