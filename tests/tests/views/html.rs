//! What a piece of HTML consists of, as strictly as no browser would see it: every `<` begins a tag.

/// The tags of a page with the names of their attributes, in order. A page in which a stranger's text has become HTML has
/// another shape than one without it.
pub(crate) fn shape(html: &str) -> Vec<String> {
    let mut rest = html;
    let mut tags = Vec::new();
    while let Some(start) = rest.find('<') {
        let (tag, after) = tag(&rest[start + 1..]);
        tags.push(tag);
        rest = after;
    }
    assert!(!rest.contains('<'));
    tags
}

/// The tag whose `<` was read, and what follows it.
fn tag(text: &str) -> (String, &str) {
    let mut shape = String::new();
    let mut quote = None;
    for (place, char) in text.char_indices() {
        match quote {
            Some(open) if char == open => quote = None,
            Some(_) => {}
            None if char == '>' => return (shape, &text[place + 1..]),
            None if matches!(char, '"' | '\'') => quote = Some(char),
            None => shape.push(char),
        }
    }
    panic!("a tag that does not end: {text:.60}");
}

#[test]
fn shapes() {
    assert_eq!(shape(r#"<p id="a>b" c='"'>x &lt; y</p>"#), ["p id= c=", "/p"]);
    assert_eq!(shape(r#"<p id=""onclick="x">"#), ["p id=onclick="]);
    assert_ne!(shape("<p>a</p>"), shape("<p><b>a</p>"));
}
