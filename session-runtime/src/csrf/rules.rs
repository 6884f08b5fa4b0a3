//! What a request is asked before its handler sees it, and in which order.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderName, Method, Request};
use http_body::Body;

use crate::form::Input;
use crate::session::UntypedSession;

use super::body::{GuardedBody, Unread};
use super::field::{self, Field};
#[cfg(feature = "multipart")]
use super::multipart;
use super::origin::{Measure, Origin, Verdict};
use super::refusal::{CsrfFault, CsrfRefusal};

/// What a guard asks.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) trusted: Vec<Origin>,
    pub(super) https_only: bool,
    pub(super) field: Cow<'static, str>,
    pub(super) header: HeaderName,
    pub(super) body_limit: usize,
    pub(super) patience: Duration,
    pub(super) exempt: Option<Exemption>,
}

type Exemption = Arc<dyn Fn(&Parts) -> bool + Send + Sync>;

/// What comes of a request that was asked.
pub(super) type Checked<B> = Result<Request<GuardedBody<B>>, CsrfRefusal>;

/// Whether the method changes nothing by definition (RFC 9110 section 9.2.1).
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// What was learned of a request until it was refused.
#[derive(Default)]
struct Exam {
    input: Input,
    session: Option<UntypedSession>,
}

impl Rules {
    pub(super) async fn check<B>(&self, request: Request<B>) -> Checked<B>
    where
        B: Body<Data = Bytes> + Unpin + Send,
    {
        let (head, body) = request.into_parts();
        let mut body = GuardedBody::untouched(body);
        let mut exam = Exam::default();
        let Err(fault) = self.examine(&head, &mut body, &mut exam).await else {
            return Ok(Request::from_parts(head, body));
        };
        tracing::info!(target: "session", event = "csrf.refused", %fault, method = %head.method, "request refused");
        let Exam { input, session } = exam;
        Err(CsrfRefusal { fault, head: Box::new(head), input, session })
    }

    async fn examine<B>(
        &self,
        head: &Parts,
        body: &mut GuardedBody<B>,
        exam: &mut Exam,
    ) -> Result<(), CsrfFault>
    where
        B: Body<Data = Bytes> + Unpin + Send,
    {
        if is_safe(&head.method) || self.exempt.as_ref().is_some_and(|exempt| exempt(head)) {
            return Ok(());
        }
        let measure = Measure { trusted: &self.trusted, https_only: self.https_only };
        match measure.judge(&head.uri, &head.headers) {
            Verdict::Passes => {}
            Verdict::CrossSite => return Err(CsrfFault::CrossSite),
            Verdict::Origin => return Err(CsrfFault::Origin),
        }
        let session = UntypedSession::load_readonly(head).await?;
        let session = exam.session.insert(UntypedSession::clone(&session));
        let token = match self.header_of(head) {
            Field::Missing => owned(self.field_of(head, body, &mut exam.input).await?)?,
            field => owned(field)?,
        };
        if session.accepts_csrf_token(&token) {
            return Ok(());
        }
        Err(if session.is_stale() { CsrfFault::Stale } else { CsrfFault::Mismatch })
    }

    fn header_of<'h>(&self, head: &'h Parts) -> Field<'h> {
        let mut values = head.headers.get_all(&self.header).into_iter();
        match (values.next(), values.next()) {
            (None, _) => Field::Missing,
            (Some(value), None) => value.to_str().map_or(Field::Several, |token| Field::One(token.into())),
            _ => Field::Several,
        }
    }

    /// The token in the form, if it is one. What was typed beside it goes into `input`.
    async fn field_of<B>(
        &self,
        head: &Parts,
        body: &mut GuardedBody<B>,
        input: &mut Input,
    ) -> Result<Field<'static>, CsrfFault>
    where
        B: Body<Data = Bytes> + Unpin + Send,
    {
        if is_form(head) {
            let form = self.in_time(body.read_whole(self.body_limit)).await?;
            *input = field::all(&form, &self.field);
            return Ok(field::find(&form, &self.field).into_owned());
        }
        #[cfg(feature = "multipart")]
        if let Some(boundary) = multipart::boundary(head.headers.get(CONTENT_TYPE)) {
            let found = multipart::find(body, boundary, &self.field, self.body_limit, input);
            return self.in_time(found).await;
        }
        Ok(Field::Missing)
    }

    async fn in_time<T>(&self, reading: impl Future<Output = Result<T, Unread>>) -> Result<T, CsrfFault> {
        match tokio::time::timeout(self.patience, reading).await {
            Ok(Ok(read)) => Ok(read),
            Ok(Err(Unread::TooLarge)) => Err(CsrfFault::TooLarge),
            Ok(Err(Unread::Failed)) => Err(CsrfFault::Unreadable),
            Err(_) => Err(CsrfFault::TooSlow),
        }
    }
}

fn owned(field: Field<'_>) -> Result<String, CsrfFault> {
    match field {
        Field::Missing => Err(CsrfFault::Missing),
        Field::One(token) => Ok(token.into_owned()),
        Field::Several => Err(CsrfFault::Mismatch),
    }
}

fn is_form(head: &Parts) -> bool {
    let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media.and_then(|media| media.split(';').next());
    essence.is_some_and(|media| media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
