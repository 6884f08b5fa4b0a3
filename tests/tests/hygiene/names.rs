//! Names that generated code uses itself, keywords, and names of foreign habits.

use session_runtime::{Session, SessionError, SessionSchema};

#[expect(non_snake_case, reason = "a name comes from elsewhere")]
#[derive(SessionSchema)]
#[session(rename_all = "PascalCase")]
struct Names {
    r#type: u64,
    session: u64,
    fields: u64,
    snapshot: u64,
    fill: u64,
    get: u64,
    deref: u64,
    fmt: u64,
    load: u64,
    eq: u64,
    max: u64,
    iter: u64,
    from_page: u64,
    into_account: u64,
    to_page: u64,
    new: u64,
    default: u64,
    next: u64,
    len: u64,
    hash: u64,
    as_ref: u64,
    to_string: u64,
    theNext: u64,
}

#[expect(non_camel_case_types, reason = "the name comes from elsewhere")]
#[derive(SessionSchema)]
struct r#match {
    views: u64,
}

fn uses(session: &Session<Names>) -> Result<u64, SessionError> {
    let sum =
        session.r#type().get()? + session.session().get()? + session.fields().get()? + session.fmt().get()?;
    Ok(sum
        + session.theNext().get()?
        + session.deref().get()?
        + session.max().get()?
        + session.to_string().get()?)
}

fn uses_match(session: &Session<r#match>) -> Result<u64, SessionError> {
    let fields: &matchFields = session;
    fields.views().get()
}

#[test]
fn no_name_of_a_field_is_taken_by_generated_code() {
    let _ = (uses, uses_match);
    assert_eq!(Names::FIELDS.len(), 23);
    assert_eq!(super::keys::<Names>().first(), Some(&("type", "Type")));
    assert_eq!(r#match::NAME, "match");
}

#[test]
fn a_schema_may_live_in_a_function() {
    #[derive(SessionSchema)]
    struct Local {
        #[session(default = OUTER)]
        views: u64,
    }
    const OUTER: u64 = 5;
    let read = |session: &Session<Local>| session.views().get();
    let _ = read;
    assert_eq!(super::keys::<Local>(), [("views", "views")]);
}
