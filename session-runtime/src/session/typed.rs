//! The typed session, and what a schema is to it.

use std::fmt;
use std::ops::Deref;

use crate::error::SessionError;
use crate::schema::{FieldInfo, SessionOption};

use super::load::{Load, SessionSource};
use super::principal_slot::PrincipalSlot;
use super::untyped::UntypedSession;

/// A session seen through a schema.
///
/// Dereferences to the type that the derive generated beside the schema, with one accessor per field, and that one to
/// [`UntypedSession`]; so an accessor wins over a method of the same name. Cheap to clone.
///
/// ```
/// # use session_runtime::{Session, SessionError, UntypedSession};
/// async fn show(request: http::Request<String>) -> Result<String, SessionError> {
///     let session: Session = UntypedSession::load(&request).await?;
///     Ok(format!("visit {}", session.increment("visits")?))
/// }
/// ```
pub struct Session<S: SessionSchema = Untyped> {
    fields: S::Fields,
}

impl<S: SessionSchema> Session<S> {
    pub(crate) fn new(session: UntypedSession) -> Self {
        Self { fields: S::fields(session) }
    }

    /// Loads the session of a request: one read of the store, shared by the whole request.
    ///
    /// Takes `&Request<B>` or `&Parts`. The cookies are read at once, so that the future borrows nothing. A visitor
    /// without a session, or with a token that opens none, gets an empty one; it is stored with its first value.
    ///
    /// # Errors
    /// [`SessionError::NoService`] when no session service stands around the handler; [`SessionError::Unavailable`]
    /// and [`SessionError::Corrupt`] when the store cannot tell.
    pub fn load<R: SessionSource>(request: &R) -> Load<S> {
        Load::new(request, crate::state::Access::Write)
    }

    /// The same for reading only: nothing can be written, flash is not consumed, and it does not count as activity.
    ///
    /// For pages that a browser asks for by itself (errors, icons, polling), which would otherwise eat the flash of the
    /// page that comes next.
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub fn load_readonly<R: SessionSource>(request: &R) -> Load<S> {
        Load::new(request, crate::state::Access::Read)
    }

    /// The same for a request that a page sends by itself, again and again: it may write, and is no activity. It keeps
    /// the session alive no longer, eats no flash, and renews no secret.
    ///
    /// Where another handle of the same request was loaded as usual, that counts; a request with the marker
    /// [`PassiveRequest`](crate::PassiveRequest) is passive whatever its handlers load.
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub fn load_passive<R: SessionSource>(request: &R) -> Load<S> {
        Load::new(request, crate::state::Access::Passive)
    }
}

impl UntypedSession {
    /// Loads the session of a request without a schema; see [`Session::load`].
    ///
    /// # Errors
    /// As [`Session::load`].
    pub fn load<R: SessionSource>(request: &R) -> Load<Untyped> {
        Session::load(request)
    }

    /// The same for reading only; see [`Session::load_readonly`].
    ///
    /// # Errors
    /// As [`Session::load`].
    pub fn load_readonly<R: SessionSource>(request: &R) -> Load<Untyped> {
        Session::load_readonly(request)
    }

    /// The same for a request that is no activity; see [`Session::load_passive`].
    ///
    /// # Errors
    /// As [`load`](Session::load).
    pub fn load_passive<R: SessionSource>(request: &R) -> Load<Untyped> {
        Session::load_passive(request)
    }
}

impl<S: SessionSchema> Deref for Session<S> {
    type Target = S::Fields;

    fn deref(&self) -> &S::Fields {
        &self.fields
    }
}

impl<S: SessionSchema> Clone for Session<S> {
    fn clone(&self) -> Self {
        Self { fields: self.fields.clone() }
    }
}

impl<S: SessionSchema> fmt::Debug for Session<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let untyped: &UntypedSession = &self.fields;
        fmt::Debug::fmt(untyped, f)
    }
}

/// A type-level description of some fields of a session. Derive it; see
/// [`#[derive(SessionSchema)]`](derive@crate::SessionSchema).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no session schema",
    label = "not a schema",
    note = "write `#[derive(SessionSchema)]` on `{Self}`"
)]
pub trait SessionSchema: Sized + 'static {
    /// The generated type with one accessor per field.
    type Fields: Deref<Target = UntypedSession> + Clone + Send + Sync + 'static;

    /// The name of the schema, for messages.
    const NAME: &'static str;

    /// The fields, in the order of the struct.
    const FIELDS: &'static [FieldInfo];

    #[doc(hidden)]
    fn fields(session: UntypedSession) -> Self::Fields;

    #[doc(hidden)]
    fn snapshot(session: &UntypedSession) -> Result<Self, SessionError>;

    #[doc(hidden)]
    fn fill(self, session: &UntypedSession) -> Result<(), SessionError>;
}

/// A schema that says whose the session is: one with a field that is marked `#[session(principal)]`.
///
/// The derive implements it.
#[diagnostic::on_unimplemented(
    message = "the schema `{Self}` does not say whose the session is",
    label = "no field of `{Self}` is the principal",
    note = "mark the field that holds the user's id: `#[session(principal)]`"
)]
pub trait HasPrincipal: SessionSchema {
    /// The type of the principal, without the `Option` that the field is declared with.
    type Principal: Send + 'static;

    #[doc(hidden)]
    fn present(session: &UntypedSession) -> Result<Option<Self::Principal>, SessionError>;
}

/// What the derive implements of it: it asks nothing of the field's type, since its definition does.
pub trait PrincipalField: SessionSchema {
    #[doc(hidden)]
    type Field: 'static;

    #[doc(hidden)]
    fn slot(session: &UntypedSession) -> PrincipalSlot<'_, Self::Field>;
}

#[diagnostic::do_not_recommend]
impl<S: PrincipalField<Field: SessionOption>> HasPrincipal for S {
    type Principal = <S::Field as SessionOption>::Inner;

    fn present(session: &UntypedSession) -> Result<Option<Self::Principal>, SessionError> {
        S::slot(session).get().map(S::Field::into_option)
    }
}

/// The schema of a session without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Untyped;

impl SessionSchema for Untyped {
    type Fields = Direct;

    const NAME: &'static str = "Untyped";
    const FIELDS: &'static [FieldInfo] = &[];

    fn fields(session: UntypedSession) -> Direct {
        Direct(session)
    }

    fn snapshot(_: &UntypedSession) -> Result<Self, SessionError> {
        Ok(Self)
    }

    fn fill(self, _: &UntypedSession) -> Result<(), SessionError> {
        Ok(())
    }
}

/// No accessors between [`Session`] and [`UntypedSession`].
#[derive(Clone)]
pub struct Direct(UntypedSession);

impl Deref for Direct {
    type Target = UntypedSession;

    fn deref(&self) -> &UntypedSession {
        &self.0
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
