use proptest::prelude::*;
use url::Url;

use super::*;

/// What must never be followed, with the page `https://ours/page` open.
const REFUSED: &[&str] = &[
    "",
    "page",
    "?query",
    "#fragment",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "\\evil.example",
    "/a\\b",
    "/a?b=\\",
    "%2f",
    "%2Fevil",
    "/%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/%5Cevil.example",
    "/a/%5c%5cevil.example",
    "//user@evil.example",
    "http:evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "https://ours@evil.example",
    "https://ours.evil.example",
    "https://evil.example#@ours",
    "https://ours/page",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example",
    " /page",
    "/page ",
    "/a b",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\0/evil.example",
    "/page\r\nSet-Cookie: id=1",
    "/page\u{7f}",
    "/pag\u{e9}",
    "/\u{2215}evil.example",
    "/\u{ff0f}evil.example",
    "/./",
    "/../",
    "/.",
    "/..",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/a/../..//evil.example",
    "/%2e/",
    "/%2e%2e//evil.example",
    "/.%2E//evil.example",
    "/a/%2E./b",
    "/a%2f..%2f..",
    "/../evil",
];

#[test]
fn what_a_browser_could_read_as_another_site_is_refused() {
    for text in REFUSED {
        assert_eq!(LocalPath::parse(text), None, "{text:?}");
    }
    assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(2_048))), None);
}

#[test]
fn our_own_paths_are_taken_as_they_are() {
    let longest = format!("/{}", "a".repeat(2_047));
    for text in [
        "/",
        "/page",
        "/a/b/",
        "/a//b",
        "/a/@b",
        "/a:b",
        "/a@b",
        "/a%2fb",
        "/...",
        "/.well-known/x",
        "/a?b=//c",
        "/a?next=https://elsewhere.example/..",
        "/a?b=%5c",
        "/?q=1&q=2",
        "/%E2%82%AC",
        longest.as_str(),
    ] {
        assert_eq!(LocalPath::parse(text).as_ref().map(LocalPath::as_str), Some(text));
    }
}

#[test]
fn a_fragment_is_cut_off() {
    assert_eq!(LocalPath::parse("/page#part").unwrap().as_str(), "/page");
    assert_eq!(LocalPath::parse("/page?q=1#//evil").unwrap().as_str(), "/page?q=1");
    assert_eq!(LocalPath::parse("/#?q").unwrap().as_str(), "/");
}

#[test]
fn an_address_is_ours_by_scheme_host_and_port() {
    let ours = |url: &str, host: &str| LocalPath::of_url(url, host).map(|path| path.to_string());
    for (url, host, path) in [
        ("https://ours/page", "ours", "/page"),
        ("http://ours/page?q", "ours", "/page?q"),
        ("https://OURS/page", "ours", "/page"),
        ("https://ours", "ours", "/"),
        ("https://ours?q=1", "ours", "/?q=1"),
        ("https://ours#x", "ours", "/"),
        ("https://ours:443/", "ours", "/"),
        ("https://ours/", "ours:443", "/"),
        ("http://ours:80/", "ours", "/"),
        ("http://ours:8080/x", "ours:8080", "/x"),
        ("http://[::1]:3000/x", "[::1]:3000", "/x"),
    ] {
        assert_eq!(ours(url, host).as_deref(), Some(path), "{url}");
    }
    for (url, host) in [
        ("https://evil/page", "ours"),
        ("https://ours.evil/page", "ours"),
        ("https://evil/ours", "ours"),
        ("https://ours@evil/page", "ours"),
        ("https://evil@ours/page", "ours"),
        ("https://evil@ours/page", "evil@ours"),
        ("https://evil#@ours/page", "ours"),
        ("https://evil?@ours", "ours"),
        ("https://evil\\@ours", "ours"),
        ("https://ours\\.evil", "ours"),
        ("https://ours:99/page", "ours"),
        ("https://ours:80/page", "ours"),
        ("ftp://ours/page", "ours"),
        ("javascript://ours/%0aalert(1)", "ours"),
        ("//ours/page", "ours"),
        ("ours/page", "ours"),
        ("/page", "ours"),
        ("https:///page", ""),
        ("https://ours//evil", "ours"),
        ("https://ours/../x", "ours"),
        ("https://ours /page", "ours"),
        ("about:blank", "ours"),
        ("null", "ours"),
        ("", "ours"),
    ] {
        assert_eq!(ours(url, host), None, "{url}");
    }
}

#[test]
fn a_query_parameter_is_put_in_place_of_its_like() {
    let with = |path: &str, name: &str, value: &str| {
        LocalPath::parse(path).unwrap().with_query(name, value).as_str().to_owned()
    };
    assert_eq!(with("/a", "f", "1"), "/a?f=1");
    assert_eq!(with("/a?f=1&b=2&f=3", "f", "4"), "/a?b=2&f=4");
    assert_eq!(with("/a?b=x%20y", "f", "&=#\\"), "/a?b=x+y&f=%26%3D%23%5C");
    let full = format!("/{}", "a".repeat(2_047));
    assert_eq!(with(&full, "f", "1"), full);
}

#[test]
fn debug_shows_no_query() {
    let path = LocalPath::parse("/reset?token=hunter2").unwrap();
    assert_eq!(format!("{path:?}"), "LocalPath(\"/reset\")");
}

proptest! {
    /// The `url` crate reads addresses as browsers do.
    #[test]
    fn whatever_is_taken_stays_on_the_site(text in "[/\\\\.@:?#%2fF5cCeE\t a-h]{0,20}") {
        if let Some(path) = LocalPath::parse(&text) {
            let base = Url::parse("https://ours:8443/deep/page?x").unwrap();
            let target = base.join(path.as_str()).unwrap();
            prop_assert_eq!(target.origin(), base.origin());
            prop_assert_eq!(target.username(), "");
            let seen = &target[url::Position::BeforePath..];
            prop_assert_eq!(seen, path.as_str());
        }
    }
}
