//! What visitors do. Each action reads its form, changes the session, and sends the browser to a page.

use std::error::Error;

use http::request::Parts;
use hyper::body::Body;
use session_runtime::Session;

use crate::cart;
use crate::forms::{self, Choice, Empty, Login, Switch};
use crate::pages;
use crate::problem::Problem;
use crate::reply::{Reply, see_other};
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
        Action::Login => login(head, &forms::read(headers, body).await?).await,
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

/// A real shop would ask for a password here, and call `login` after it was right.
async fn login(head: &Parts, form: &Login) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    let name = form.name.trim();
    if let Err(reason) = check_name(name) {
        return Ok(pages::login_again(&session, name, reason)?);
    }
    session.user().login(name)?;
    session.notice().flash(Notice::SignedIn(name.to_owned()))?;
    Ok(see_other(View::Products))
}

async fn logout(head: &Parts, _: &Empty) -> Result<Reply, Problem> {
    let session = Session::<Shop>::load(head).await?;
    session.user().logout()?;
    // After the logout: this goes into the session that begins.
    session.notice().flash(Notice::SignedOut)?;
    Ok(see_other(View::Products))
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        Err("Please tell us your name.")
    } else if name.chars().count() > LONGEST_NAME {
        Err("That is a long name. Please use at most 40 characters.")
    } else if name.chars().any(char::is_control) {
        Err("Please use letters, digits and signs only.")
    } else {
        Ok(())
    }
}

const LONGEST_NAME: usize = 40;
