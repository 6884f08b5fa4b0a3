//! Parts of one JSON text, chosen by paths. What is chosen keeps its text to the byte.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

/// A way into a value, segment by segment.
pub(super) type Path<'p> = Vec<&'p str>;

/// What lies under `paths`, in the objects and arrays around it; nothing if nothing does. Arrays close their gaps.
pub(super) fn pick(text: &str, paths: &[Path<'_>]) -> Option<String> {
    if paths.iter().any(Vec::is_empty) {
        return Some(text.to_owned());
    }
    let chosen = |segment: &str, child: &str| {
        let below = below(segment, paths);
        if below.is_empty() { None } else { pick(child, &below) }
    };
    let parts = Children::of(text)?.filter_map(chosen);
    (!parts.is_empty()).then(|| parts.rendered())
}

/// What lies beside `paths`; nothing if all of it does not. Arrays close their gaps.
pub(super) fn omit(text: &str, paths: &[Path<'_>]) -> Option<String> {
    if paths.iter().any(Vec::is_empty) {
        return None;
    }
    let left = |segment: &str, child: &str| {
        let below = below(segment, paths);
        if below.is_empty() { Some(child.to_owned()) } else { omit(child, &below) }
    };
    match Children::of(text) {
        Some(children) => Some(children.filter_map(left).rendered()),
        None => Some(text.to_owned()),
    }
}

/// The members of two objects, and of the objects in them; of anything else the newer one.
pub(super) fn union(older: &str, newer: &str) -> String {
    let (Some(Children::Object(older)), Some(Children::Object(newer))) =
        (Children::of(older), Children::of(newer))
    else {
        return newer.to_owned();
    };
    let mut all = older;
    for (name, value) in newer {
        let value = match all.get(&name) {
            Some(before) => union(before, &value),
            None => value,
        };
        all.insert(name, value);
    }
    Children::Object(all).rendered()
}

/// The rest of the paths that begin with `segment`.
fn below<'p>(segment: &str, paths: &[Path<'p>]) -> Vec<Path<'p>> {
    let rest = |path: &Path<'p>| match path.split_first() {
        Some((first, rest)) if *first == segment => Some(rest.to_vec()),
        _ => None,
    };
    paths.iter().filter_map(rest).collect()
}

/// An object or an array, one level deep.
enum Children {
    Object(BTreeMap<String, String>),
    Array(Vec<String>),
}

impl Children {
    fn of(text: &str) -> Option<Self> {
        let own = |raw: &RawValue| raw.get().to_owned();
        match text.trim_start().as_bytes().first() {
            Some(b'{') => {
                let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
                Some(Self::Object(object.into_iter().map(|(name, raw)| (name, own(raw))).collect()))
            }
            Some(b'[') => {
                let array: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Some(Self::Array(array.into_iter().map(own).collect()))
            }
            _ => None,
        }
    }

    fn filter_map(self, keep: impl Fn(&str, &str) -> Option<String>) -> Self {
        match self {
            Self::Object(object) => {
                let kept = |(name, child): (String, String)| keep(&name, &child).map(|child| (name, child));
                Self::Object(object.into_iter().filter_map(kept).collect())
            }
            Self::Array(array) => {
                let kept = |(index, child): (usize, &String)| keep(&index.to_string(), child);
                Self::Array(array.iter().enumerate().filter_map(kept).collect())
            }
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Object(object) => object.is_empty(),
            Self::Array(array) => array.is_empty(),
        }
    }

    fn rendered(&self) -> String {
        let raw = |text: &String| RawValue::from_string(text.clone()).unwrap_or_default();
        // Texts that were read as JSON a moment ago, and names: nothing that could not be written.
        match self {
            Self::Object(object) => {
                written(&object.iter().map(|(name, child)| (name, raw(child))).collect::<BTreeMap<_, _>>())
            }
            Self::Array(array) => written(&array.iter().map(raw).collect::<Vec<_>>()),
        }
    }
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CART: &str =
        r#"{"items":[{"n":1,"id":"a"},{"n":2.50,"id":"b"}],"note":"x","to":{"name":"Ada","zip":1}}"#;

    fn paths<'p>(paths: &[&'p str]) -> Vec<Path<'p>> {
        paths.iter().map(|path| path.split('.').filter(|segment| !segment.is_empty()).collect()).collect()
    }

    #[test]
    fn what_is_picked_stays_where_it_was() {
        let rows: [(&[&str], Option<&str>); 9] = [
            (&["note"], Some(r#"{"note":"x"}"#)),
            (&["to.name"], Some(r#"{"to":{"name":"Ada"}}"#)),
            (&["to.name", "to.zip", "note"], Some(r#"{"note":"x","to":{"name":"Ada","zip":1}}"#)),
            (&["items.1.n"], Some(r#"{"items":[{"n":2.50}]}"#)),
            (&["items.0.id", "items.1.id"], Some(r#"{"items":[{"id":"a"},{"id":"b"}]}"#)),
            (&["to", "to.name"], Some(r#"{"to":{"name":"Ada","zip":1}}"#)),
            (&["missing", "note.x", "items.7", "items.x"], None),
            (&[], None),
            (&[""], Some(CART)),
        ];
        for (chosen, expected) in rows {
            assert_eq!(pick(CART, &paths(chosen)).as_deref(), expected, "{chosen:?}");
        }
        assert_eq!(pick("7", &paths(&["a"])), None);
    }

    #[test]
    fn what_is_omitted_leaves_the_rest() {
        let rows: [(&[&str], Option<&str>); 6] = [
            (&["items", "to"], Some(r#"{"note":"x"}"#)),
            (&["items", "note", "to.zip"], Some(r#"{"to":{"name":"Ada"}}"#)),
            (&["items.0", "items.1.n", "note", "to"], Some(r#"{"items":[{"id":"b"}]}"#)),
            (&["items", "note", "to.name", "to.zip"], Some(r#"{"to":{}}"#)),
            (&["missing", "note.x"], Some(CART)),
            (&[""], None),
        ];
        for (left_out, expected) in rows {
            assert_eq!(omit(CART, &paths(left_out)).as_deref(), expected, "{left_out:?}");
        }
        assert_eq!(omit("7", &paths(&["a"])).as_deref(), Some("7"));
    }

    #[test]
    fn parts_of_one_value_come_together_again() {
        let parts = [&["to.name"][..], &["note"], &["to.zip"]].map(|path| pick(CART, &paths(path)).unwrap());
        let all = parts.into_iter().reduce(|older, newer| union(&older, &newer)).unwrap();
        assert_eq!(all, r#"{"note":"x","to":{"name":"Ada","zip":1}}"#);
        assert_eq!(union("[1]", "[2]"), "[2]");
        assert_eq!(union(r#"{"a":1}"#, "2"), "2");
    }

    #[test]
    fn numbers_keep_every_digit() {
        let text = r#"{"a":{"n":170141183460469231731687303715884105727,"f":1.10},"b":0}"#;
        assert_eq!(
            pick(text, &paths(&["a"])).as_deref(),
            Some(r#"{"a":{"n":170141183460469231731687303715884105727,"f":1.10}}"#)
        );
    }
}
