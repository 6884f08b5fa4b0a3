//! A browser, and what handlers do to its session, request by request.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, Method, Response, Uri};
use minijinja::{Environment, context};
use session_runtime::testing::{CookieJar, ManualClock, Site as From};
use session_runtime::{Session, SessionSchema, Sessions};
use session_tests::stage::{Store, spied};

/// The session of the pages.
#[derive(Debug, SessionSchema)]
pub(crate) struct Member {
    #[session(principal)]
    pub(crate) user: Option<u64>,
    #[session(default = "light")]
    pub(crate) theme: String,
    pub(crate) cart: Vec<String>,
    #[session(secret)]
    pub(crate) pin: String,
}

pub(crate) struct Site {
    pub(crate) clock: ManualClock,
    pub(crate) sessions: Sessions,
    jar: CookieJar,
}

impl Site {
    pub(crate) fn new() -> Self {
        let (store, clock) = Store::chosen();
        let spy = session_runtime::testing::SpyDriver::new(store);
        let sessions = spied(&spy).clock(clock.clone()).build().unwrap();
        Self { sessions, jar: CookieJar::new(clock.clone()), clock }
    }

    /// A request that ends well, and what its handler comes to.
    pub(crate) async fn run<R>(&self, act: impl FnOnce(&Session<Member>) -> R) -> R {
        let here = Uri::from_static("https://shop.example/");
        let mut headers = HeaderMap::new();
        if let Some(cookies) = self.jar.header(&here, &Method::GET, From::Same) {
            headers.insert(COOKIE, cookies);
        }
        let session = self.sessions.load::<Member>(&headers).await.unwrap();
        let said = act(&session);
        let mut response = Response::new(());
        self.sessions.finish(&session, &mut response).await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            self.jar.receive(&here, From::Same, line.as_bytes()).unwrap();
        }
        said
    }

    /// The page that this template of minijinja makes of the session.
    pub(crate) async fn page(&self, template: &str) -> String {
        self.run(|session| render(template, context! { session => session.view() }).unwrap()).await
    }
}

/// A template that escapes, with the functions of a session.
pub(crate) fn render(template: &str, context: minijinja::Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    session_runtime::minijinja::register(&mut environment);
    environment.add_template("fields.html", FIELDS)?;
    environment.add_template("page.html", template)?;
    environment.get_template("page.html")?.render(context)
}

/// Macros of another template: with the session as an argument, and without.
const FIELDS: &str = "{% macro given(name, session) %}<i>{{ error_for(name) }}</i>{% endmacro %}
{% macro found(name) %}<i>{{ error_for(name) }}</i>{% endmacro %}";
