//! Dot paths into one field's JSON text. What lies beside the path keeps its text to the byte.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::error::PathFault;

/// The text found under `segments`.
pub(super) fn read<'t>(text: &'t str, segments: &[&str]) -> Option<&'t str> {
    let mut found = text;
    for segment in segments {
        let child = match found.trim_start().as_bytes().first() {
            Some(b'{') => {
                serde_json::from_str::<BTreeMap<String, &RawValue>>(found).ok()?.remove(*segment)?
            }
            Some(b'[') => {
                let index = index(segment)?;
                *serde_json::from_str::<Vec<&RawValue>>(found).ok()?.get(index)?
            }
            _ => return None,
        };
        found = child.get();
    }
    Some(found)
}

/// `text` with what lies under `segments` replaced by `new`, or taken out. Missing objects on the way are made.
///
/// A numeric segment names a place in an array that is there already, or the place behind its end.
pub(super) fn write(
    text: Option<&str>,
    segments: &[&str],
    new: Option<&str>,
) -> Result<Option<String>, PathFault> {
    let Some((segment, rest)) = segments.split_first() else {
        return Ok(new.map(str::to_owned));
    };
    let text = text.filter(|text| *text != "null");
    match text.map_or(Some(&b'{'), |text| text.trim_start().as_bytes().first()) {
        Some(b'{') => write_object(text.unwrap_or("{}"), segment, rest, new).map(Some),
        Some(b'[') => write_array(text.unwrap_or("[]"), segment, rest, new).map(Some),
        _ if new.is_none() => Ok(text.map(str::to_owned)),
        _ => Err(PathFault::Scalar),
    }
}

fn write_object(text: &str, segment: &str, rest: &[&str], new: Option<&str>) -> Result<String, PathFault> {
    let mut object: BTreeMap<String, Box<RawValue>> = parse(text)?;
    let old = object.get(segment).map(|raw| raw.get());
    if old.is_none() && new.is_none() {
        return Ok(text.to_owned());
    }
    match write(old, rest, new)? {
        Some(child) => drop(object.insert(segment.to_owned(), raw(child)?)),
        None => drop(object.remove(segment)),
    }
    render(&object)
}

fn write_array(text: &str, segment: &str, rest: &[&str], new: Option<&str>) -> Result<String, PathFault> {
    let mut array: Vec<Box<RawValue>> = parse(text)?;
    let index = index(segment).ok_or(PathFault::Index)?;
    let old = array.get(index).map(|raw| raw.get());
    if old.is_none() && new.is_none() {
        return Ok(text.to_owned());
    }
    if index > array.len() {
        return Err(PathFault::Index);
    }
    match (write(old, rest, new)?, array.get_mut(index)) {
        (Some(child), Some(place)) => *place = raw(child)?,
        (Some(child), None) => array.push(raw(child)?),
        (None, _) => drop(array.remove(index)),
    }
    render(&array)
}

/// The segments of a path.
pub(super) fn split(path: &str) -> Result<Vec<&str>, PathFault> {
    let segments: Vec<&str> = path.split('.').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return Err(PathFault::EmptySegment);
    }
    if segments.len() > DEEPEST {
        return Err(PathFault::Depth);
    }
    Ok(segments)
}

fn index(segment: &str) -> Option<usize> {
    segment.bytes().all(|byte| byte.is_ascii_digit()).then(|| segment.parse().ok()).flatten()
}

/// Stored text is JSON of a bounded depth; what does not parse all the same cannot be walked through.
fn parse<'t, T: serde::Deserialize<'t>>(text: &'t str) -> Result<T, PathFault> {
    serde_json::from_str(text).map_err(|_| PathFault::Scalar)
}

fn raw(text: String) -> Result<Box<RawValue>, PathFault> {
    RawValue::from_string(text).map_err(|_| PathFault::Scalar)
}

fn render(value: &impl serde::Serialize) -> Result<String, PathFault> {
    serde_json::to_string(value).map_err(|_| PathFault::Scalar)
}

/// As deep as `serde_json` parses.
const DEEPEST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn put(text: &str, path: &str, new: &str) -> Result<Option<String>, PathFault> {
        write(Some(text), &split(path)?, Some(new))
    }

    fn forget(text: &str, path: &str) -> Result<Option<String>, PathFault> {
        write(Some(text), &split(path)?, None)
    }

    #[test]
    fn reads_through_objects_and_arrays() {
        let text = r#"{"a": [{"b": 1e400}, 2], "": 3}"#;
        assert_eq!(read(text, &["a", "0", "b"]), Some("1e400"));
        assert_eq!(read(text, &["a", "1"]), Some("2"));
        for missing in [&["a", "2"][..], &["a", "x"], &["a", "-1"], &["b"], &["a", "1", "c"]] {
            assert_eq!(read(text, missing), None, "{missing:?}");
        }
    }

    #[test]
    fn writing_keeps_the_neighbours_to_the_byte() {
        let text = r#"{"a":{"big":123456789012345678901234567890,"x":1.10},"b":2}"#;
        let expected = r#"{"a":{"big":123456789012345678901234567890,"x":2},"b":2}"#;
        assert_eq!(put(text, "a.x", "2"), Ok(Some(expected.to_owned())));
    }

    #[test]
    fn missing_objects_are_made_and_null_counts_as_missing() {
        assert_eq!(write(None, &["a", "b"], Some("1")), Ok(Some(r#"{"a":{"b":1}}"#.to_owned())));
        assert_eq!(put(r#"{"a":null}"#, "a.0", "1"), Ok(Some(r#"{"a":{"0":1}}"#.to_owned())));
    }

    #[test]
    fn arrays_grow_at_their_end_only() {
        assert_eq!(put("[1]", "1", "2"), Ok(Some("[1,2]".to_owned())));
        assert_eq!(put("[1]", "2", "2"), Err(PathFault::Index));
        assert_eq!(put("[1]", "x", "2"), Err(PathFault::Index));
    }

    #[test]
    fn a_scalar_on_the_way_is_an_error() {
        assert_eq!(put(r#"{"a":1}"#, "a.b", "2"), Err(PathFault::Scalar));
    }

    #[test]
    fn forgetting_leaves_the_parent_and_no_hole() {
        assert_eq!(forget(r#"{"a":{"b":1}}"#, "a.b"), Ok(Some(r#"{"a":{}}"#.to_owned())));
        assert_eq!(forget("[1,2,3]", "1"), Ok(Some("[1,3]".to_owned())));
        assert_eq!(forget(r#"{"a":1}"#, "a.b"), Ok(Some(r#"{"a":1}"#.to_owned())));
        assert_eq!(forget("[1]", "5"), Ok(Some("[1]".to_owned())));
        assert_eq!(forget(r#"{"a":1}"#, "b.c"), Ok(Some(r#"{"a":1}"#.to_owned())));
    }

    #[test]
    fn empty_segments_and_endless_paths_are_refused() {
        for path in ["", ".", "a.", ".a", "a..b"] {
            assert_eq!(split(path), Err(PathFault::EmptySegment), "{path:?}");
        }
        assert_eq!(split("a.".repeat(5_000).trim_end_matches('.')), Err(PathFault::Depth));
    }
}
