//! What visitors do. Each action reads its form, changes the session, and sends the browser to a page.

use std::error::Error;

use http::request::Parts;
use hyper::body::Body;
use session_runtime::{Input, Session};

use crate::cart;
use crate::checks;
use crate::forms::{self, Choice, Empty, Switch};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{Reply, redirect, see_other};
use crate::route::{Action, View};
use crate::session::{Notice, Shop};

/// Does what a form asks for. The form is read first, so that a bad one costs no look into the store.
pub(crate) async fn perform<B>(action: Action, head: &Parts, body: B) -> Result<Reply, Problem>
where
    B: Body<Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let headers = &head.headers;
    match action {
        Action::Add => add(head, &forms::read(headers, body).await?).await,
        Action::Remove => remove(head, &forms::read(headers, body).await?).await,
        Action::Clear => clear(head, &forms::read(headers, body).await?).await,
        Action::Switch => switch(head, &forms::read(headers, body).await?).await,
        Action::Order => order(head, &forms::input(headers, body).await?).await,
        Action::Write => write(head, &forms::input(headers, body).await?).await,
        Action::Login => login(head, &forms::input(headers, body).await?).await,
        Action::Logout => logout(head, &forms::read(headers, body).await?).await,
    }
}

async fn add(head: &Parts, form: &Choice) -> Result<Reply, Problem> {
    let product = form.product()?;
    let session = Session::<Shop>::load(head).await?;
    // Not `set`: another tab may be adding something at this moment, and nothing must get lost.
    let added = session.cart().update(move |cart| cart::add(cart, product))?;
    let name = product.name.to_owned();
    session.notice().flash(if added { Notice::Added(name) } else { Notice::Enough(name) })?;
    Ok(see_other(form.back))
}

async fn remove(head: &Parts, form: &Choice) -> Result<Reply, Problem> {
    let product = form.product()?;
    let session = Session::<Shop>::load(head).await?;
    session.cart().update(move |cart| cart::remove_one(cart, product))?;
    session.notice().flash(Notice::Removed(product.name.to_owned()))?;
    Ok(see_other(form.back))
}

async fn clear(head: &Parts, _: &Empty) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    session.cart().forget()?;
    session.notice().flash(Notice::Cleared)?;
    Ok(see_other(View::Cart))
}

async fn switch(head: &Parts, form: &Switch) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    session.theme().set(form.theme)?;
    session.notice().flash(Notice::Switched(form.theme))?;
    Ok(see_other(form.back))
}

/// What is wrong with the form goes back to its page, which shows it beside the fields: that is the `?`.
async fn order(head: &Parts, input: &Input) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    if session.user().get()?.is_none() {
        session.set_intended_url(View::Checkout.path())?;
        session.notice().flash(Notice::SignInFirst)?;
        return Ok(see_other(View::Login));
    }
    let address = pages::checkout_form(&session).accept(input, checks::address(input))?;
    if session.cart().get()?.is_empty() {
        return Ok(see_other(View::Checkout));
    }
    session.cart().forget()?;
    session.notice().flash(Notice::Ordered(address.town))?;
    Ok(see_other(View::Products))
}

async fn write(head: &Parts, input: &Input) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    let letter = pages::contact_form(&session, head).accept(input, checks::letter(input))?;
    session.notice().flash(Notice::Written(letter.name))?;
    Ok(see_other(View::Contact))
}

/// A real shop would ask for a password here, and call `login` after it was right.
async fn login(head: &Parts, input: &Input) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    let name = pages::login_form(&session).accept(input, checks::name(input))?;
    let next = session.intended_or(View::Products.path())?;
    session.user().login(&*name)?;
    session.notice().flash(Notice::SignedIn(name))?;
    Ok(redirect(&next))
}

async fn logout(head: &Parts, _: &Empty) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    session.user().logout()?;
    // After the logout: this goes into the session that begins.
    session.notice().flash(Notice::SignedOut)?;
    Ok(see_other(View::Products))
}
