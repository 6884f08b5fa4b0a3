//! What a browser does, and what an answer says.
#![expect(async_fn_in_trait, reason = "for tests, which await it where they are")]

use http::Method;
use serde_json::Value;
use session_runtime::testing::{Exchange, StoredCookie, TestResponse};

use super::script::Browser;

/// What a browser in a story does and holds.
pub trait Acts {
    /// Sends the script and takes the answer.
    async fn run(&self, script: &str) -> TestResponse;
    /// Sends the script; whether and when the answer reaches the jar is up to the story.
    fn begin(&self, script: &str) -> Exchange;
    /// The session cookie that the browser holds.
    fn held(&self) -> Option<StoredCookie>;
    /// Its value.
    fn token(&self) -> String;
}

impl Acts for Browser {
    async fn run(&self, script: &str) -> TestResponse {
        self.request(Method::POST, "/").body(script.to_owned()).send().await.unwrap()
    }

    fn begin(&self, script: &str) -> Exchange {
        self.request(Method::POST, "/").body(script.to_owned()).start()
    }

    fn held(&self) -> Option<StoredCookie> {
        self.jar().cookie("__Host-id")
    }

    fn token(&self) -> String {
        self.held().expect("the browser holds a session cookie").value().to_owned()
    }
}

/// What an answer says of the session.
pub trait Says {
    /// What the lines of the script came to.
    fn said(&self) -> Vec<Value>;
    /// A fact of the session at the end of the script.
    fn fact(&self, name: &str) -> Value;
    /// The first `Set-Cookie` line.
    fn cookie_line(&self) -> Option<String>;
    /// Whether there was none.
    fn sent_no_cookie(&self) -> bool;
}

impl Says for TestResponse {
    fn said(&self) -> Vec<Value> {
        self.json::<Value>().unwrap()["said"].as_array().unwrap().clone()
    }

    fn fact(&self, name: &str) -> Value {
        self.json::<Value>().unwrap()["session"][name].clone()
    }

    fn cookie_line(&self) -> Option<String> {
        self.set_cookies().first().map(|line| (*line).to_owned())
    }

    fn sent_no_cookie(&self) -> bool {
        self.set_cookies().is_empty()
    }
}
