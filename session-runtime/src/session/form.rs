//! One form of a page: what was typed into it and what is wrong with it, from the request that refuses it to the page that
//! shows it again.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::SessionError;
use crate::form::{Errors, InputFilter, IntoErrors, OldInput, omit, pick};
use crate::local_path::LocalPath;
use crate::value::{JsonFault, JsonText, Key};

use super::load::SessionSource;
use super::untyped::UntypedSession;

/// One form of the application, by its name and, where a page shows it several times, by its instance.
///
/// What a refused request leaves here waits for the page that shows this form again, five minutes at most, so that two
/// forms in two tabs do not mix. The page reads it, and it is gone when that page was answered; what is read later, in a
/// streaming body, stays.
///
/// ```
/// # use http::{Request, Response};
/// use session_runtime::{Input, Rejection, Session};
///
/// async fn submit(request: Request<String>) -> Result<Response<String>, Rejection> {
///     let session: Session = session_runtime::UntypedSession::load(&request).await?;
///     let form = session.form("contact").back_to("/contact");
///     let input = Input::from_urlencoded(request.body().as_bytes());
///     let message = form.accept(&input, match input.text("message") {
///         "" => Err([("message", "Please write something.")]),
///         message => Ok(message),
///     })?; // or flash, and 303 back to the form
///     session.flash("notice", format!("{} characters sent.", message.len()))?;
///     Ok(session.redirect("/").response())
/// }
///
/// async fn page(request: Request<String>) -> Result<Response<String>, Rejection> {
///     let session: Session = session_runtime::UntypedSession::load(&request).await?;
///     let form = session.form("contact");
///     let (wrong, typed) = (form.errors(), form.old_text("message"));
///     Ok(Response::new(format!("{:?} {typed}", wrong.first("message"))))
/// }
/// # // On hyper: `service_fn(|request| async { submit(request).await.or_else(Rejection::answer) })`.
/// ```
#[derive(Clone)]
pub struct Form<'s> {
    session: &'s UntypedSession,
    name: String,
    instance: Option<String>,
    filter: Option<InputFilter>,
    pub(crate) back: LocalPath,
    pub(crate) with_input: bool,
}

impl<'s> Form<'s> {
    pub(super) fn new(session: &'s UntypedSession, name: &str) -> Self {
        let back = LocalPath::root();
        Self { session, name: name.to_owned(), instance: None, filter: None, back, with_input: true }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) const fn session(&self) -> &'s UntypedSession {
        self.session
    }

    /// Which of several forms of this name: 1 to 32 of the characters `A-Z a-z 0-9 _ -`. Anything else is ignored, since
    /// it comes from outside.
    #[must_use]
    pub fn instance(self, key: &str) -> Self {
        let valid = (1..=LONGEST_INSTANCE).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if !valid {
            tracing::debug!(target: "session", event = "form.instance_ignored", form = self.name, "not the key of a form's instance");
            return self;
        }
        Self { instance: Some(key.to_owned()), ..self }
    }

    /// The instance that the request's query names as `_form`, or else a new one: for pages that may be open twice.
    ///
    /// The form has to send the key along: with [`action`](Form::action) as its `action`.
    #[must_use]
    pub fn instance_of<R: SessionSource>(self, request: &R) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == INSTANCE);
        let form = match named {
            Some((_, key)) => self.instance(&key),
            None => self,
        };
        if form.instance.is_some() {
            return form;
        }
        let mut bytes = [0; 6];
        match form.session.exchange.core.random.fill(&mut bytes) {
            Ok(()) => Self { instance: Some(URL_SAFE_NO_PAD.encode(bytes)), ..form },
            Err(_) => form,
        }
    }

    /// The key of the instance, to be sent along as `_form`.
    #[must_use]
    pub fn instance_key(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// A path of this site with the instance in its query.
    #[must_use]
    pub fn action(&self, path: &str) -> LocalPath {
        self.at_instance(LocalPath::parse(path).unwrap_or_else(LocalPath::root))
    }

    pub(crate) fn at_instance(&self, path: LocalPath) -> LocalPath {
        match &self.instance {
            Some(key) => path.with_query(INSTANCE, key),
            None => path,
        }
    }

    /// Does not keep what was typed: for scripts, which still have it.
    #[must_use]
    pub fn without_input(self) -> Self {
        Self { with_input: false, ..self }
    }

    /// Which fields of this form are never flashed, in place of what
    /// [`Builder::input_filter`](crate::Builder::input_filter) says.
    #[must_use]
    pub fn filter(self, filter: InputFilter) -> Self {
        Self { filter: Some(filter), ..self }
    }

    /// Leaves what was typed for the page that shows the form again, but for passwords and their like (see
    /// [`InputFilter`]). It replaces what this request left of this form before.
    ///
    /// `input` is an [`Input`](crate::Input), or whatever serializes as an object or a list.
    ///
    /// # Errors
    /// [`SessionError::Unstorable`], [`SessionError::ReadOnly`], [`SessionError::Committed`];
    /// [`SessionError::FlashTooLarge`] if it does not fit.
    pub fn flash_input<T: Serialize + ?Sized>(&self, input: &T) -> Result<(), SessionError> {
        self.flash_selected(input, |input| input)
    }

    /// The same of these fields only: names or dot paths. It allows nothing that is never flashed.
    ///
    /// # Errors
    /// As [`flash_input`](Form::flash_input).
    pub fn flash_input_only<T: Serialize + ?Sized>(
        &self,
        input: &T,
        fields: &[&str],
    ) -> Result<(), SessionError> {
        self.flash_selected(input, |input| pick(input, fields))
    }

    /// The same of all other fields.
    ///
    /// # Errors
    /// As [`flash_input`](Form::flash_input).
    pub fn flash_input_except<T: Serialize + ?Sized>(
        &self,
        input: &T,
        fields: &[&str],
    ) -> Result<(), SessionError> {
        self.flash_selected(input, |input| omit(input, fields))
    }

    /// What was typed into the form before.
    #[must_use]
    pub fn old_input(&self) -> OldInput {
        let old = self.session.read_bag(&self.key(OLD)).and_then(|json| json.decode().ok());
        old.map(OldInput::new).unwrap_or_default()
    }

    /// What was typed into a field before, if it is a `T`; see [`OldInput::get`].
    #[must_use]
    pub fn old<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        self.old_input().get(field)
    }

    /// What was typed into a field before as text, or nothing.
    #[must_use]
    pub fn old_text(&self, field: &str) -> String {
        self.old_input().text(field)
    }

    /// Leaves what is wrong for the page that shows the form again. Calls in one request add up.
    ///
    /// # Errors
    /// As [`flash_input`](Form::flash_input).
    pub fn flash_errors(&self, errors: impl IntoErrors) -> Result<(), SessionError> {
        let key = self.key(ERRORS);
        let pending = self.session.pending_bag(&key).and_then(|json| json.decode::<Errors>().ok());
        let mut all = pending.unwrap_or_default();
        all.merge(errors.into_errors());
        self.put(&key, &all)
    }

    /// What is wrong with what was sent before.
    #[must_use]
    pub fn errors(&self) -> Errors {
        let errors = self.session.read_bag(&self.key(ERRORS)).and_then(|json| json.decode().ok());
        errors.unwrap_or_default()
    }

    /// Keeps what was left for this form for one more page, although this one reads it.
    ///
    /// # Errors
    /// [`SessionError::ReadOnly`], [`SessionError::Committed`].
    pub fn keep(&self) -> Result<(), SessionError> {
        [OLD, ERRORS].iter().try_for_each(|bag| self.session.keep_bag(&self.key(bag)))
    }

    /// Takes away what was left for this form.
    ///
    /// # Errors
    /// As [`keep`](Form::keep).
    pub fn forget(&self) -> Result<(), SessionError> {
        self.forget_input()?;
        self.forget_if_there(&self.key(ERRORS))
    }

    pub(crate) fn forget_input(&self) -> Result<(), SessionError> {
        self.forget_if_there(&self.key(OLD))
    }

    /// A session for reading only has nothing to forget where nothing is.
    fn forget_if_there(&self, key: &str) -> Result<(), SessionError> {
        let there = self.session.peek_bag(key).is_some() || self.session.pending_bag(key).is_some();
        if there { self.session.forget_bag(key) } else { Ok(()) }
    }

    fn flash_selected<T: Serialize + ?Sized>(
        &self,
        input: &T,
        select: impl FnOnce(Value) -> Value,
    ) -> Result<(), SessionError> {
        let key = self.key(OLD);
        let unstorable = |source| SessionError::Unstorable { key: Key::from(key.as_str()), source };
        let input = serde_json::to_value(input).map_err(|error| unstorable(Some(JsonFault::from(error))))?;
        if !input.is_object() && !input.is_array() {
            return Err(unstorable(None));
        }
        let filter = self.filter.as_ref().unwrap_or(&self.session.exchange.core.policy.input_filter);
        self.put(&key, &filter.apply(select(input)))
    }

    fn put<T: Serialize>(&self, key: &str, value: &T) -> Result<(), SessionError> {
        let unstorable = |fault| SessionError::Unstorable { key: Key::from(key), source: Some(fault) };
        self.session.put_bag(key, JsonText::encode(value).map_err(unstorable)?, PATIENCE)
    }

    /// A sign that no instance has parts name and instance; in a name it stands twice.
    fn key(&self, bag: &str) -> String {
        let name = self.name.replace('#', "##");
        match &self.instance {
            Some(instance) => format!("{bag}{name}#{instance}"),
            None => format!("{bag}{name}"),
        }
    }
}

impl fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, instance, back, .. } = self;
        f.debug_struct("Form")
            .field("name", name)
            .field("instance", instance)
            .field("back", back)
            .finish_non_exhaustive()
    }
}

/// How long a form's bags wait for their page.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

const LONGEST_INSTANCE: usize = 32;

/// The name that an instance's key is sent under.
const INSTANCE: &str = "_form";

/// How the keys of the bags begin.
const OLD: &str = "_old:";
const ERRORS: &str = "_errors:";
