//! What visitors do. Each action takes its form, changes the session, and sends the browser to a page.

use http::request::Parts;
use session_runtime::{Input, Session, Sessions, SignedIn};

use crate::accounts::Accounts;
use crate::cart;
use crate::checks;
use crate::forms::{Choice, DeviceChoice, Switch};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{Reply, redirect, see_other};
use crate::route::View;
use crate::server::Peer;
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

pub(crate) async fn login(
    input: &Input,
    session: &Session<Shop>,
    accounts: &Accounts,
    head: &Parts,
) -> Result<Reply, Problem> {
    let name = checks::credentials(input, accounts).await;
    let name = pages::login_form(session).accept(input, name)?;
    let next = session.intended_or(View::Products.path())?;
    if let Some(Peer(address)) = head.extensions.get() {
        session.note_address(address)?;
    }
    session.user().login(&*name)?;
    session.notice().flash(Notice::SignedIn(name))?;
    Ok(redirect(&next))
}

/// Signs one of the visitor's other devices out. Of nobody else's: a selector is no secret.
pub(crate) async fn end_device(
    choice: &DeviceChoice,
    session: &SignedIn<Shop>,
    sessions: &Sessions,
) -> Result<Reply, Problem> {
    let ended = sessions.of(session.principal())?.revoke(&choice.selector()?).await?;
    session.notice().flash(if ended { Notice::Ended } else { Notice::NotThere })?;
    Ok(see_other(View::Devices))
}

pub(crate) async fn end_others(session: &SignedIn<Shop>, sessions: &Sessions) -> Result<Reply, Problem> {
    session.notice().flash(Notice::EndedOthers)?;
    sessions.of(session.principal())?.revoke_others(session).await?;
    Ok(see_other(View::Devices))
}

/// Whoever knew the old password may be signed in somewhere: all other sessions end with it.
pub(crate) async fn change_password(
    input: &Input,
    session: &SignedIn<Shop>,
    accounts: &Accounts,
) -> Result<Reply, Problem> {
    let changed = checks::new_password(input, session.principal(), accounts).await;
    pages::password_form(session).accept(input, changed)?;
    session.credentials_changed()?;
    session.notice().flash(Notice::PasswordChanged)?;
    Ok(see_other(View::Devices))
}

pub(crate) fn logout(session: &Session<Shop>) -> Result<Reply, Problem> {
    session.user().logout()?;
    // After the logout: this goes into the session that begins.
    session.notice().flash(Notice::SignedOut)?;
    Ok(see_other(View::Products))
}
