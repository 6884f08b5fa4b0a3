//! Where a redirect may lead: a path of our own. In: text from a stranger. Out: a path that no browser reads as another
//! site, or nothing.

use std::fmt;

/// A path of this site, with its query: the only thing that a redirect of a session follows or stores.
///
/// What a browser could read as another site, or as a script, is refused: another scheme, `//host`, backslashes (which
/// browsers take for slashes), control characters and spaces (which they drop), dot segments, anything that does not
/// begin with one slash. So are texts over 2,048 bytes and characters outside of ASCII, which a path must
/// percent-encode. A fragment is cut off.
///
/// ```
/// use session_runtime::LocalPath;
/// assert_eq!(LocalPath::parse("/orders?page=2").unwrap().as_str(), "/orders?page=2");
/// for trick in ["//evil.example", "/\\evil.example", "https://evil.example", "/a/..//evil.example", "javascript:x"] {
///     assert_eq!(LocalPath::parse(trick), None);
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LocalPath(String);

impl LocalPath {
    /// Takes `text` if it is a path of this site.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST || !text.bytes().all(is_plain) {
            return None;
        }
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        let path = text.split_once('?').map_or(text, |(path, _)| path);
        // What a proxy may decode on the way counts as what it stands for.
        let decoded = decode_separators(path);
        let below = decoded.strip_prefix('/').filter(|_| path.starts_with('/'))?;
        let leaves = below.starts_with('/') || below.contains('\\');
        (!leaves && !below.split('/').any(is_dot_segment)).then(|| Self(text.to_owned()))
    }

    /// Takes the path out of a whole address, if that is one of `host`: for `Referer`.
    ///
    /// `host` is what the request's `Host` header, or `:authority`, says. The address must be `http` or `https`, without
    /// a user name, and name the same host and port; a default port may be left out on either side.
    ///
    /// ```
    /// use session_runtime::LocalPath;
    /// let path = LocalPath::of_url("https://shop.example/contact?to=us", "shop.example");
    /// assert_eq!(path.unwrap().as_str(), "/contact?to=us");
    /// assert_eq!(LocalPath::of_url("https://shop.example.evil/contact", "shop.example"), None);
    /// ```
    #[must_use]
    pub fn of_url(url: &str, host: &str) -> Option<Self> {
        if url.len() > LONGEST || !url.bytes().all(is_plain) || host.is_empty() {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let default_port = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => ":443",
            _ if scheme.eq_ignore_ascii_case("http") => ":80",
            _ => return None,
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let bare =
            |authority: &str| authority.strip_suffix(default_port).unwrap_or(authority).to_ascii_lowercase();
        if authority.contains('@') || bare(authority) != bare(host) {
            return None;
        }
        if target.starts_with('/') { Self::parse(target) } else { Self::parse(&format!("/{target}")) }
    }

    /// The first page of the site.
    #[must_use]
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// The path with its query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same path with this parameter in its query, in place of any of the same name. It is left as it is if it would
    /// grow over 2,048 bytes.
    ///
    /// ```
    /// use session_runtime::LocalPath;
    /// let path = LocalPath::parse("/contact?form=1&to=us").unwrap();
    /// assert_eq!(path.with_query("form", "2").as_str(), "/contact?to=us&form=2");
    /// ```
    #[must_use]
    pub fn with_query(self, name: &str, value: &str) -> Self {
        let (path, query) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for (present, value) in form_urlencoded::parse(query.as_bytes()) {
            if present != name {
                pairs.append_pair(&present, &value);
            }
        }
        pairs.append_pair(name, value);
        let changed = format!("{path}?{}", pairs.finish());
        Self::parse(&changed).unwrap_or(self)
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows the path without its query, which may hold what nobody should read in a log.
impl fmt::Debug for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.split_once('?').map_or(self.0.as_str(), |(path, _)| path);
        f.debug_tuple("LocalPath").field(&path).finish()
    }
}

/// A visible ASCII character that browsers take for itself.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~') && byte != b'\\'
}

/// The path with those escapes undone that would separate segments.
fn decode_separators(path: &str) -> String {
    let mut decoded = path.to_owned();
    for (escapes, meaning) in [(["%2f", "%2F"], "/"), (["%5c", "%5C"], "\\"), (["%2e", "%2E"], ".")] {
        for escape in escapes {
            decoded = decoded.replace(escape, meaning);
        }
    }
    decoded
}

fn is_dot_segment(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

/// Longer addresses are cut by proxies, and nobody types them.
const LONGEST: usize = 2_048;

#[cfg(test)]
mod tests;
