use http::HeaderValue;
use http::header::COOKIE;

use super::*;

#[cfg(feature = "testing")]
mod kit;

fn joined(headers: &[&str]) -> Vec<Option<String>> {
    let mut map = HeaderMap::new();
    for header in headers {
        map.append(COOKIE, HeaderValue::from_str(header).unwrap());
    }
    let pieces = Pieces::read(&map, "id");
    let joined = pieces.heads().map(|head| pieces.joined(head));
    joined.map(|text| Some(String::from_utf8(text?.into_owned()).unwrap())).collect()
}

fn whole(text: &str) -> Vec<Option<String>> {
    vec![Some(text.to_owned())]
}

#[test]
fn a_cookie_or_its_chunks_are_one_text() {
    assert_eq!(joined(&["a=b; id=text; c=d"]), whole("text"));
    assert_eq!(joined(&["id=3.one; id.1=two; id.2=three"]), whole("onetwothree"));
    assert_eq!(joined(&["id.2=three; id.1=two", "id=3.one"]), whole("onetwothree"), "in any order");
    assert_eq!(joined(&["id=2.one; id.1=two; id.2=stale"]), whole("onetwo"), "a stale chunk is passed over");
    assert_eq!(joined(&["id=2.one; id.1=two; id.1=two"]), whole("onetwo"), "the same chunk twice is one");
}

#[test]
fn a_text_with_a_piece_missing_is_none() {
    for header in [
        "id=3.one; id.1=two",
        "id=3.one; id.2=three",
        "id=2.one",
        "id=2.one; id.1=two; id.1=other",
        "id=2.one; id.1=two; id.1=other; id.1=two",
        "id=1.one",
        "id=0.one; id.1=two",
        "id=02.one; id.1=two",
        "id=99.one; id.1=two",
        "id=.one",
        "id=2.one; id.01=two",
        "id=2.one; id.1 =two",
        "id=2.one; ID.1=two",
    ] {
        assert_eq!(joined(&[header]), [None], "{header}");
    }
}

#[test]
fn what_only_looks_like_ours_is_none_of_ours() {
    for header in
        ["", "id", "id2=x", "idx.1=x", "ID=x", "id.=x", "id.x=y", "id.1", "id.999=x", "id.64=x", ";;=;"]
    {
        assert!(joined(&[header]).is_empty(), "{header}");
    }
}

#[test]
fn four_different_values_are_tried_and_no_more() {
    assert_eq!(joined(&["id=a; id=b; id=a; id=c; id=d; id=e"]).len(), 4);
}
