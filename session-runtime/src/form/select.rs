//! Parts of an input by dot paths. In: a value and paths. Out: only what lies under them, or all the rest.

use serde_json::Value;

use super::name;

/// What lies under one of the paths.
pub(crate) fn pick(input: Value, paths: &[&str]) -> Value {
    let paths: Vec<Vec<&str>> = paths.iter().map(|path| name::segments(path).collect()).collect();
    keep(input, &mut Vec::new(), &|place| match relation(place, &paths) {
        Relation::Inside => Verdict::Keep,
        Relation::Above => Verdict::Look,
        Relation::Beside => Verdict::Drop,
    })
    .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}

/// What lies under none of the paths.
pub(crate) fn omit(input: Value, paths: &[&str]) -> Value {
    let paths: Vec<Vec<&str>> = paths.iter().map(|path| name::segments(path).collect()).collect();
    keep(input, &mut Vec::new(), &|place| match relation(place, &paths) {
        Relation::Inside => Verdict::Drop,
        Relation::Above => Verdict::Look,
        Relation::Beside => Verdict::Keep,
    })
    .unwrap_or_else(|| Value::Object(serde_json::Map::new()))
}

/// The value that a name leads to: a field of exactly this name, or what lies on its path.
pub(super) fn find<'v>(input: &'v Value, field: &str) -> Option<&'v Value> {
    if let Some(exact) = input.get(field) {
        return Some(exact);
    }
    descend(input, &name::segments(field).collect::<Vec<_>>())
}

fn descend<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    let Some((first, rest)) = path.split_first() else {
        return Some(value);
    };
    match value {
        Value::Object(fields) => fields.iter().find_map(|(key, child)| {
            let segments: Vec<&str> = name::segments(key).collect();
            if segments.is_empty() {
                return None;
            }
            descend(child, path.strip_prefix(segments.as_slice())?)
        }),
        Value::Array(values) => descend(values.get(first.parse::<usize>().ok()?)?, rest),
        _ => None,
    }
}

enum Relation {
    /// At one of the paths or below it.
    Inside,
    /// On the way to one.
    Above,
    Beside,
}

fn relation(place: &[String], paths: &[Vec<&str>]) -> Relation {
    let mut above = false;
    for path in paths.iter().filter(|path| !path.is_empty()) {
        if place.iter().zip(path).all(|(segment, wanted)| segment == wanted) {
            if place.len() >= path.len() {
                return Relation::Inside;
            }
            above = true;
        }
    }
    if above { Relation::Above } else { Relation::Beside }
}

enum Verdict {
    Keep,
    /// What lies below is judged one by one.
    Look,
    Drop,
}

/// `None` if nothing is left where something had to be looked for.
fn keep(value: Value, place: &mut Vec<String>, judge: &dyn Fn(&[String]) -> Verdict) -> Option<Value> {
    match judge(place) {
        Verdict::Keep => return Some(value),
        Verdict::Drop => return None,
        Verdict::Look => {}
    }
    let mut child = |name: &str, value| {
        let depth = place.len();
        place.extend(name::segments(name).map(str::to_owned));
        let kept = keep(value, place, judge);
        place.truncate(depth);
        kept
    };
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter_map(|(name, value)| Some((child(&name, value)?, name)));
            let kept: serde_json::Map<_, _> = kept.map(|(value, name)| (name, value)).collect();
            Some(Value::Object(kept))
        }
        Value::Array(values) => {
            let kept = (0_usize..).zip(values);
            Some(kept.filter_map(|(index, value)| child(&index.to_string(), value)).collect())
        }
        scalar => Some(scalar),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn input() -> Value {
        json!({
            "email": "a", "address": {"city": "c", "zip": "z"}, "user[name]": "n", "user[age]": "g", "tags[]": ["t", "u"],
            "items": [{"id": 1, "n": 2}, {"id": 3, "n": 4}],
        })
    }

    #[test]
    fn picks_at_the_top_below_and_through_lists() {
        assert_eq!(pick(input(), &["email"]), json!({ "email": "a" }));
        assert_eq!(pick(input(), &["address.city"]), json!({ "address": { "city": "c" } }));
        assert_eq!(
            pick(input(), &["address[city]", "user.age"]),
            json!({ "address": {"city": "c"}, "user[age]": "g" })
        );
        assert_eq!(pick(input(), &["user"]), json!({ "user[name]": "n", "user[age]": "g" }));
        assert_eq!(pick(input(), &["tags"]), json!({ "tags[]": ["t", "u"] }));
        assert_eq!(pick(input(), &["items.1.n"]), json!({ "items": [{ "n": 4 }] }));
        assert_eq!(pick(input(), &["missing", "", "address.country"]), json!({ "address": {} }));
        assert_eq!(pick(input(), &[]), json!({}));
    }

    #[test]
    fn omits_at_the_top_below_and_through_lists() {
        let without = |paths: &[&str]| omit(input(), paths);
        assert_eq!(without(&[]), input());
        assert_eq!(without(&["missing", ""]), input());
        let left = without(&["email", "address.zip", "user.name", "tags", "items.0"]);
        let expected = json!({ "address": {"city": "c"}, "user[age]": "g", "items": [{ "id": 3, "n": 4 }] });
        assert_eq!(left, expected);
    }

    #[test]
    fn finds_by_name_and_by_path() {
        let found = |field| find(&input(), field).cloned();
        assert_eq!(found("email"), Some(json!("a")));
        assert_eq!(found("address.city"), Some(json!("c")));
        assert_eq!(found("address[city]"), Some(json!("c")));
        assert_eq!(found("user.name"), Some(json!("n")));
        assert_eq!(found("user[name]"), Some(json!("n")));
        assert_eq!(found("tags"), Some(json!(["t", "u"])));
        assert_eq!(found("items.1.id"), Some(json!(3)));
        assert_eq!(found("items[1][id]"), Some(json!(3)));
        for missing in ["user", "items.2.id", "email.x", "nothing"] {
            assert_eq!(found(missing), None, "{missing}");
        }
        assert_eq!(
            find(&json!({"a.b": 1, "a": {"b": 2}}), "a.b"),
            Some(&json!(1)),
            "the whole name comes first"
        );
    }
}
