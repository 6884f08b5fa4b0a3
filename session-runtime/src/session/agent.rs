//! A browser's description of itself made coarse: enough to tell one's phone from one's laptop, too little to tell one
//! visitor from another. In: the header. Out: at most forty characters.

/// `Firefox on Linux`, or the beginning of what a program calls itself.
pub(super) fn coarse(header: &[u8]) -> Option<Box<str>> {
    let known = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| contains(header, mark.as_bytes())).map(|(_, name)| *name)
    };
    match (known(BROWSERS), known(SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}").into()),
        (Some(browser), None) => Some(browser.into()),
        (None, Some(system)) => Some(format!("a program on {system}").into()),
        (None, None) => beginning(header),
    }
}

/// The first printable characters.
fn beginning(header: &[u8]) -> Option<Box<str>> {
    let printable = header.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ').take(MOST);
    let text: String = printable.map(|byte| char::from(*byte)).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

fn contains(header: &[u8], mark: &[u8]) -> bool {
    header.windows(mark.len()).any(|part| part == mark)
}

/// In this order, since most of them also name those they are made from.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// In characters.
const MOST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_with_their_systems() {
        let named = |header: &str| coarse(header.as_bytes()).unwrap().into_string();
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (header, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".into(), "Firefox on Linux"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/138.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (
                format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"),
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1".into(),
                "Safari on iPhone",
            ),
            (format!("Mozilla/5.0 (Linux; Android 15) {webkit} Chrome/138.0.0.0 Mobile Safari/537.36"), "Chrome on Android"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15".into(), "Safari on macOS"),
        ] {
            assert_eq!(named(&header), name);
        }
    }

    #[test]
    fn what_is_unknown_is_cut_and_holds_nothing_that_cannot_be_shown() {
        assert_eq!(coarse(b"curl/8.5.0").as_deref(), Some("curl/8.5.0"));
        let long = coarse("tool\t\u{7f}\u{e9}\u{1b}[31m ".repeat(20).as_bytes()).unwrap();
        assert!(
            long.len() <= MOST && long.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '),
            "{long}"
        );
        assert_eq!(coarse(b" \t "), None);
        assert_eq!(coarse(b""), None);
    }
}
