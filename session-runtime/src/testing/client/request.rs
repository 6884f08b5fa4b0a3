//! In: what a test wants to ask. Out: an exchange with the service, or the answer with cookies and redirects done.
//! A mistake on the way is kept and reported when the request is sent.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::Full;
use hyper::body::Body;
use hyper::service::Service;
use serde::Serialize;
use url::{Url, form_urlencoded};

use super::error::TestError;
use super::exchange::Exchange;
use super::redirect;
use super::response::TestResponse;
use super::wire::{Outgoing, Wire};
use crate::testing::jar::Site;

/// A request that has not left yet.
#[must_use = "a request does nothing before `send` or `start`"]
pub struct TestRequest<S> {
    wire: Wire<S>,
    draft: Result<Outgoing, TestError>,
    follow: bool,
}

impl<S> TestRequest<S> {
    pub(super) fn new(wire: Wire<S>, method: Method, path: &str) -> Self {
        let url = Url::parse(&wire.origin.to_string()).and_then(|origin| origin.join(path));
        let site = Site::Same;
        let draft = url.map_err(TestError::Url).map(|url| Outgoing {
            method,
            url,
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
            site,
        });
        Self { wire, draft, follow: false }
    }

    /// Adds a header. A `Cookie` given here takes the place of the jar's, up to the first redirect.
    pub fn header<K, V>(self, name: K, value: V) -> Self
    where
        K: TryInto<HeaderName, Error: Into<http::Error>>,
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        self.change(|draft| {
            let name = name.try_into().map_err(Into::into)?;
            draft.headers.append(name, value.try_into().map_err(Into::into)?);
            Ok(())
        })
    }

    /// Sends these fields as an HTML form does.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        self.content("application/x-www-form-urlencoded", Ok(form.finish().into()))
    }

    /// Sends this value as JSON.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        let body = serde_json::to_vec(value).map_err(TestError::Encode);
        self.content("application/json", body.map(Bytes::from))
    }

    /// Sends these bytes, without a `Content-Type` of its own.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.change(|draft| {
            draft.body = body.into();
            Ok(())
        })
    }

    /// Makes it a link or a form on a page of another site.
    pub fn cross_site(self) -> Self {
        self.from_site(Site::CrossNavigation)
    }

    /// Says which site makes the browser send it.
    pub fn from_site(self, site: Site) -> Self {
        self.change(|draft| {
            draft.site = site;
            Ok(())
        })
    }

    /// Lets `send` follow up to ten redirects. Who started the request stays what it was.
    pub fn follow(mut self) -> Self {
        self.follow = true;
        self
    }

    fn content(self, media: &'static str, body: Result<Bytes, TestError>) -> Self {
        self.change(|draft| {
            draft.body = body?;
            draft.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media));
            Ok(())
        })
    }

    fn change(mut self, change: impl FnOnce(&mut Outgoing) -> Result<(), TestError>) -> Self {
        self.draft = self.draft.and_then(|mut draft| change(&mut draft).map(|()| draft));
        self
    }
}

impl<S, B> TestRequest<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>>,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send + 'static,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    /// Sends it with the cookies of this moment and leaves the answer on its way.
    ///
    /// The jar does not change before [`TestClient::deliver`](super::TestClient::deliver), and redirects are
    /// not followed: both belong to the arrival of the answer, which is the test's to time.
    pub fn start(self) -> Exchange {
        match self.draft {
            Ok(draft) => self.wire.start(draft),
            Err(error) => Exchange::new(async { Err(error) }),
        }
    }

    /// Sends it, delivers the answer's cookies to the jar, and follows redirects if it was told to.
    ///
    /// # Errors
    ///
    /// A malformed request, a failure of the service or of its body, or an eleventh redirect.
    pub async fn send(self) -> Result<TestResponse, TestError> {
        let mut request = self.draft?;
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.wire.start(request.clone()).await?;
            self.wire.deliver(&answer);
            if !self.follow {
                return Ok(answer);
            }
            match redirect::next(request, &answer)? {
                Some(next) => request = next,
                None => return Ok(answer),
            }
        }
        Err(TestError::TooManyRedirects)
    }
}

impl<S> fmt::Debug for TestRequest<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let draft = self.draft.as_ref().map(|draft| (&draft.method, draft.url.as_str()));
        f.debug_struct("TestRequest")
            .field("request", &draft)
            .field("follow", &self.follow)
            .finish_non_exhaustive()
    }
}

const MOST_REDIRECTS: usize = 10;
