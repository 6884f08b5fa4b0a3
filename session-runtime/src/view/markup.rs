//! Text that is HTML already, and the one function that makes it.

use std::fmt;

/// A piece of HTML. Templates must not escape it once more: `{{ view.csrf_field()?|safe }}` in askama; minijinja knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// `<input type="hidden">` with these attributes.
    pub(super) fn hidden(name: &str, value: &str) -> Self {
        Self(format!(r#"<input type="hidden" name="{}" value="{}">"#, Escaped(name), Escaped(value)))
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Markup> for String {
    fn from(markup: Markup) -> Self {
        markup.0
    }
}

/// Text that ends neither an element nor a value in quotes of either kind.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                char => fmt::Write::write_char(f, char)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_attribute() {
        let field = Markup::hidden("a\"><script>", "x' & <b>&amp;");
        let expected = r#"<input type="hidden" name="a&quot;&gt;&lt;script&gt;" value="x&#39; &amp; &lt;b&gt;&amp;amp;">"#;
        assert_eq!(field.to_string(), expected);
    }
}
