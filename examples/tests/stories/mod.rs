//! The shop without a browser. The same stories are told of both of its versions, by the file that takes them in.

mod carts;
mod devices;
mod forms;
mod refusals;

use session_runtime::drivers::{Driver, MemoryDriver};
use session_runtime::testing::{CookieJar, TestClient, TestRequest, TestResponse};
use session_runtime::{CookieConfig, Sessions, SystemClock};

use crate::{Served, served};

type Tested = Result<(), Box<dyn std::error::Error>>;

fn visitor() -> Result<TestClient<Served>, Box<dyn std::error::Error>> {
    visitor_of(MemoryDriver::new())
}

fn visitor_of(store: impl Driver) -> Result<TestClient<Served>, Box<dyn std::error::Error>> {
    let config = CookieConfig::insecure_development();
    visitor_with(&shop::configured(Sessions::builder(store).cookie(config)).build()?)
}

fn visitor_with(sessions: &Sessions) -> Result<TestClient<Served>, Box<dyn std::error::Error>> {
    let client = TestClient::new(served(sessions), CookieJar::new(SystemClock));
    Ok(client.at("http://127.0.0.1:3000/".parse()?))
}

/// A form of this visitor's pages, filled in.
async fn post(
    visitor: &TestClient<Served>,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<TestRequest<Served>, Box<dyn std::error::Error>> {
    let token = token(visitor).await?;
    Ok(visitor.post(path).form(&[&[("_csrf", token.as_str())], fields].concat()))
}

/// The token of a page that takes no notice away, since it only reads.
async fn token(visitor: &TestClient<Served>) -> Result<String, Box<dyn std::error::Error>> {
    let page = visitor.get("/nothing").send().await?;
    let (_, after) = page.text()?.split_once("name=\"_csrf\" value=\"").ok_or("a page without a token")?;
    Ok(after.split_once('"').ok_or("a token without an end")?.0.to_owned())
}

async fn add(
    visitor: &TestClient<Served>,
    product: &str,
) -> Result<TestRequest<Served>, Box<dyn std::error::Error>> {
    post(visitor, "/cart/add", &[("product", product)]).await
}

/// Where the page's own form leads.
fn action_of(page: &TestResponse) -> Result<String, Box<dyn std::error::Error>> {
    let (before, _) = page.text()?.split_once("\" class=\"sheet\"").ok_or("a page without a form")?;
    Ok(before.rsplit_once('"').ok_or("a form without an action")?.1.replace("&#38;", "&"))
}

/// The text of the element with this id.
fn text_of<'a>(page: &'a TestResponse, id: &str) -> Result<&'a str, Box<dyn std::error::Error>> {
    let tag = format!(" id=\"{id}\"");
    let after = page.text()?.split_once(&tag).and_then(|(_, after)| after.split_once('>'));
    let text = after.and_then(|(_, inner)| inner.split_once('<'));
    let (text, _) = text.ok_or_else(|| format!("nothing has the id {id}"))?;
    Ok(text.trim())
}
