//! Takes fields; gives the docs that editors and rustdoc show on what is generated from them.

use crate::lower::text_of;
use crate::model::{Default, Field, Kind, OnMismatch, Schema, Value};
use quote::ToTokens as _;

/// The docs of `ShopFields`: one line per slot.
pub(super) fn fields_docs(schema: &Schema) -> String {
    let name = &schema.name;
    // A raw name cannot be linked.
    let link = if schema.ident == name { format!("[`{name}`]") } else { format!("`{name}`") };
    let slots: String = schema.fields.iter().map(slot_line).collect();
    format!(
        "The slots of {link}: what a session of it dereferences to.\n\n\
         Each field has an accessor of its name; the rest is what an untyped session can do.\n\n{slots}"
    )
}

fn slot_line(field: &Field) -> String {
    format!("- `{}: {}`: {}\n", field.name, field.type_text, facts(field))
}

/// The docs of one accessor, below those that the author wrote on the field.
pub(super) fn accessor_docs(field: &Field) -> String {
    format!("The slot of the field `{}`: {}.", field.name, facts(field))
}

/// "a value under the key `theme`, by default `"light"`, survives a logout"
fn facts(field: &Field) -> String {
    let mut facts = match &field.kind {
        Kind::Value(value) => value_facts(value, &field.key),
        Kind::Flash { on_mismatch, waits, max_bytes } => {
            flash_facts(*on_mismatch, *waits, *max_bytes, &field.key)
        }
        Kind::Principal => {
            vec!["whom the session belongs to, set by a login and removed by a logout".to_owned()]
        }
    };
    if field.secret {
        facts.push("secret".to_owned());
    }
    facts.join(", ")
}

fn value_facts(value: &Value, key: &str) -> Vec<String> {
    let mut facts = vec![format!("a value under the key `{key}`")];
    facts.extend(value.aliases.iter().map(|alias| format!("formerly under `{alias}`")));
    match &value.default {
        Default::OfType | Default::OfTypeDeclared => {}
        Default::Text(text) => facts.push(format!("by default `{}`", text.to_token_stream())),
        Default::Expression(tokens) => facts.push(format!("by default `{}`", text_of(tokens.clone()))),
    }
    if value.survives_logout {
        facts.push("survives a logout".to_owned());
    }
    if value.on_mismatch == OnMismatch::Default {
        facts.push("reads as its default if what is stored is of another type".to_owned());
    }
    facts
}

fn flash_facts(
    on_mismatch: OnMismatch,
    waits: Option<u64>,
    max_bytes: Option<usize>,
    key: &str,
) -> Vec<String> {
    let there = match waits {
        None => "for the next request only".to_owned(),
        Some(millis) => format!("until it is read, for {} at the most", duration(millis / 1_000)),
    };
    let mut facts = vec![format!("a flash value under the key `{key}`, there {there}")];
    facts.extend(max_bytes.map(|bytes| format!("of {bytes} bytes at the most")));
    if on_mismatch == OnMismatch::Default {
        facts.push("reads as `None` if what is stored is of another type".to_owned());
    }
    facts
}

/// "10 minutes", in the largest unit without a rest.
fn duration(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let fits = units.into_iter().find(|(length, _)| seconds.is_multiple_of(*length));
    let (count, unit) = fits.map_or((seconds, "second"), |(length, unit)| (seconds / length, unit));
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
