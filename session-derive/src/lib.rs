//! The derive of `session-runtime`: `#[derive(SessionSchema)]`.
//!
//! Use it through `session-runtime`, which re-exports it; the two crates share a private interface, and their
//! versions are the same.

mod attr;
mod diagnostics;
mod errors;
mod expand;
mod generate;
mod lower;
mod model;
mod suggest;

use proc_macro::TokenStream;

/// Makes a struct the schema of a session: each field becomes a slot with a typed accessor.
///
/// ```text
/// #[derive(SessionSchema)]
/// #[session(prefix = "shop_")]
/// struct Shop {
///     #[session(principal)]
///     user: Option<u64>,
///     #[session(default = "light", survives_logout)]
///     theme: String,
///     views: u64,
///     #[session(flash)]
///     notice: Option<String>,
/// }
///
/// async fn show(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, SessionError> {
///     let session = Session::<Shop>::load(&request).await?;
///     let views = session.views().increment()?;
///     let theme = session.theme().get()?;
///     ...
/// }
/// ```
///
/// The struct has named fields and no generic parameters. Each type is read and written by serde, is `Send`, and
/// has a default: its own (`Default`), or one that is written on the field.
///
/// # What is generated
///
/// - `ShopFields`, the type that `Session<Shop>` dereferences to, as visible as the struct. It has one accessor
///   per field, named, documented and as visible as the field, and is itself an untyped session for the rest.
/// - The implementation of the trait `SessionSchema`, with `Shop::NAME` and `Shop::FIELDS` (name, key, kind,
///   type and settings of each field), and what `snapshot::<Shop>()` and `fill(shop)` do.
///
/// Four names cannot be fields, because method calls would never reach their accessors: `clone`, `into`,
/// `try_into` and `to_owned`. Name the field otherwise and keep its key with `rename`.
///
/// # On the struct
///
/// | key | meaning | when it is not written |
/// |---|---|---|
/// | `prefix = "shop_"` | stands before the key of every field, also before a `rename` | no prefix |
/// | `rename_all = "camelCase"` | the style of keys without a `rename`: `snake_case`, `camelCase`, `PascalCase`, `kebab-case`, `lowercase`, `UPPERCASE`, `SCREAMING_SNAKE_CASE` or `SCREAMING-KEBAB-CASE` | keys are the names of the fields |
/// | `crate = path` | where the runtime is, for code that re-exports it | `::session_runtime` |
///
/// # On a field
///
/// | key | meaning | when it is not written |
/// |---|---|---|
/// | `rename = "key"` | the key, instead of the name; the prefix still stands before it | the name, in the style of `rename_all` |
/// | `alias = "old_key"` | a key under which older versions kept the value; may be repeated, and is taken as written, **without the prefix** | no other key |
/// | `default` | an absent field reads as `Default::default()`, and the schema says so | the same, unsaid |
/// | `default = expr` | an absent field reads as this expression, evaluated each time; a string literal also serves `String`, `Box<str>`, `Arc<str>`, `Cow<'static, str>`, `PathBuf`, and an `Option` of them | `Default::default()` |
/// | `flash` | the value is there for the next request only; the field is an `Option` | the value stays |
/// | `flash(until_read, max_age = "10m")` | a flash value that waits until a request reads it, at most as long: digits and one of `s`, `m`, `h`, `d`, up to 30 days; without `max_age` an hour | it is there for the next request only |
/// | `flash(max_bytes = 2048)` | a flash value with a longer JSON text is refused where it is flashed; goes with `until_read` | as long as the session has room |
/// | `principal` | the field is whom the session belongs to, set by a login; it is an `Option`, and there is one at most | an ordinary field |
/// | `survives_logout` | a logout keeps the value | a logout forgets it |
/// | `on_mismatch = "default"` | a stored value of another type reads as the default | `on_mismatch = "error"`: reading it fails |
/// | `secret` | the value stays out of logs and debug output | it may be shown |
///
/// Expressions may use whatever is in scope where the struct stands; `Self` is the struct.
///
/// ```text
/// #[session(default = Self::PAGE_SIZE)]
/// page_size: u16,
/// #[session(rename = "basket", alias = "cart", on_mismatch = "default")]
/// cart: Vec<Item>,
/// ```
///
/// # What is refused
///
/// All mistakes of a schema are reported at once, each where it was written, with a form that would be right.
///
/// - Keys, aliases and prefixes are not empty and hold no dot: the untyped session reads `"user.email"` as a path.
/// - No two fields of a schema claim the same key; aliases count. For several schemas there is `assert_disjoint!`.
/// - `flash` excludes `principal`, `survives_logout`, `alias` and `default`. `principal` excludes `survives_logout`,
///   `alias`, `default` and `on_mismatch`.
/// - `max_age` needs `until_read`. Flash keys do not begin with `_old:`, `_errors:` or `_intended`, which are those of forms
///   and redirects.
#[proc_macro_derive(SessionSchema, attributes(session))]
pub fn derive_session_schema(item: TokenStream) -> TokenStream {
    expand::expand(item.into()).into()
}
