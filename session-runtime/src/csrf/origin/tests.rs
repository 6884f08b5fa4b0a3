use http::HeaderValue;

use super::*;

const HERE: &str = "shop.example";

/// The verdict where cookies are `Secure` and one other origin is trusted.
fn judge(host: &str, claims: &[(&str, &str)]) -> Verdict {
    judge_by(true, host, claims)
}

fn judge_by(https_only: bool, host: &str, claims: &[(&str, &str)]) -> Verdict {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_str(host).unwrap());
    for (name, value) in claims {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let trusted = [Origin::parse("https://pay.example").unwrap()];
    Measure { trusted: &trusted, https_only }.judge(&Uri::from_static("/buy"), &headers)
}

#[test]
fn what_the_browser_says_of_the_site_decides() {
    let ours = ("origin", "https://shop.example");
    for (site, alone, with_ours) in [
        ("same-origin", Verdict::Passes, Verdict::Passes),
        ("none", Verdict::Passes, Verdict::Passes),
        ("same-site", Verdict::CrossSite, Verdict::CrossSite),
        ("cross-site", Verdict::CrossSite, Verdict::CrossSite),
        ("Same-Origin", Verdict::CrossSite, Verdict::CrossSite),
        ("same-origin, same-origin", Verdict::CrossSite, Verdict::CrossSite),
        ("", Verdict::CrossSite, Verdict::CrossSite),
    ] {
        assert_eq!(judge(HERE, &[("sec-fetch-site", site)]), alone, "{site}");
        assert_eq!(judge(HERE, &[("sec-fetch-site", site), ours]), with_ours, "{site}");
    }
    let twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")];
    assert_eq!(judge(HERE, &twice), Verdict::CrossSite);
}

#[test]
fn without_either_header_nothing_is_said() {
    assert_eq!(judge(HERE, &[]), Verdict::Passes);
    assert_eq!(judge(HERE, &[("referer", "https://evil.example/")]), Verdict::Passes);
}

#[test]
fn an_origin_must_be_the_host_that_was_asked() {
    for (host, origin, verdict) in [
        ("shop.example", "https://shop.example", Verdict::Passes),
        ("SHOP.example", "https://shop.EXAMPLE", Verdict::Passes),
        ("shop.example:443", "https://shop.example", Verdict::Passes),
        ("shop.example", "https://shop.example:443", Verdict::Passes),
        ("shop.example:8443", "https://shop.example:8443", Verdict::Passes),
        ("[::1]:8443", "https://[::1]:8443", Verdict::Passes),
        ("shop.example:8443", "https://shop.example", Verdict::Origin),
        ("shop.example", "https://shop.example:8443", Verdict::Origin),
        ("shop.example:80", "https://shop.example", Verdict::Origin),
        ("shop.example", "http://shop.example", Verdict::Origin),
        ("shop.example", "ftp://shop.example", Verdict::Origin),
        ("shop.example", "https://www.shop.example", Verdict::Origin),
        ("shop.example", "https://shop.example.evil.example", Verdict::Origin),
        ("shop.example", "https://evil.example", Verdict::Origin),
        ("shop.example", "https://shop.example.", Verdict::Origin),
        ("shop.example", "https://shop.example@evil.example", Verdict::Origin),
        ("shop.example", "https://evil@shop.example", Verdict::Origin),
        ("evil@shop.example", "https://shop.example", Verdict::Origin),
        ("shop.example", "https://shop.example/", Verdict::Origin),
        ("shop.example", "https://shop.example:", Verdict::Origin),
        ("shop.example", "https://shop.example:99999", Verdict::Origin),
        ("shop.example", "https://shop.example https://shop.example", Verdict::Origin),
        ("shop.example", "//shop.example", Verdict::Origin),
        ("shop.example", "shop.example", Verdict::Origin),
        ("shop.example", "https://", Verdict::Origin),
        ("shop.example", "", Verdict::Origin),
        ("shop.example", "https://sh\u{f6}p.example", Verdict::Origin),
        ("", "https://shop.example", Verdict::Origin),
    ] {
        assert_eq!(judge(host, &[("origin", origin)]), verdict, "{origin} on {host}");
    }
}

#[test]
fn plain_http_is_ours_only_where_cookies_travel_over_it() {
    let plain = [("origin", "http://127.0.0.1:8080")];
    assert_eq!(judge_by(false, "127.0.0.1:8080", &plain), Verdict::Passes);
    assert_eq!(judge_by(true, "127.0.0.1:8080", &plain), Verdict::Origin);
    assert_eq!(judge_by(false, "shop.example:80", &[("origin", "http://shop.example")]), Verdict::Passes);
    assert_eq!(judge_by(false, "localhost:8080", &plain), Verdict::Origin);
    assert_eq!(judge_by(false, HERE, &[("origin", "file://shop.example")]), Verdict::Origin);
}

#[test]
fn null_passes_only_where_the_browser_vouches_for_it() {
    assert_eq!(judge(HERE, &[("origin", "null")]), Verdict::Origin);
    assert_eq!(judge(HERE, &[("origin", "null"), ("sec-fetch-site", "none")]), Verdict::Origin);
    assert_eq!(judge(HERE, &[("origin", "null"), ("sec-fetch-site", "same-origin")]), Verdict::Passes);
    assert_eq!(judge(HERE, &[("origin", "null"), ("sec-fetch-site", "cross-site")]), Verdict::CrossSite);
}

#[test]
fn a_page_of_ours_behind_a_proxy_that_renames_the_host_passes() {
    let claims = [("origin", "https://shop.example"), ("sec-fetch-site", "same-origin")];
    assert_eq!(judge("backend:8080", &claims), Verdict::Passes);
    assert_eq!(judge("backend:8080", &claims[..1]), Verdict::Origin);
}

#[test]
fn several_or_malformed_origins_are_refused_whatever_else_is_said() {
    let ours = ("origin", "https://shop.example");
    let vouched = ("sec-fetch-site", "same-origin");
    assert_eq!(judge(HERE, &[ours, ours, vouched]), Verdict::Origin);
    assert_eq!(judge(HERE, &[("origin", "shop"), vouched]), Verdict::Origin);
}

#[test]
fn trusted_origins_pass_and_nobody_beside_them() {
    let cross = ("sec-fetch-site", "cross-site");
    assert_eq!(judge(HERE, &[("origin", "https://pay.example"), cross]), Verdict::Passes);
    assert_eq!(judge(HERE, &[("origin", "https://pay.example")]), Verdict::Passes);
    assert_eq!(judge(HERE, &[("origin", "https://PAY.example:443"), cross]), Verdict::Passes);
    for other in ["http://pay.example", "https://pay.example:444", "https://a.pay.example"] {
        assert_eq!(judge(HERE, &[("origin", other), cross]), Verdict::CrossSite, "{other}");
        assert_eq!(judge(HERE, &[("origin", other)]), Verdict::Origin, "{other}");
    }
}

#[test]
fn forwarded_names_count_for_nothing_and_the_target_wins_over_host() {
    let claims = [
        ("origin", "https://evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    assert_eq!(judge(HERE, &claims), Verdict::Origin);

    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_static("evil.example"));
    headers.insert(ORIGIN, HeaderValue::from_static("https://evil.example"));
    let measure = Measure { trusted: &[], https_only: true };
    assert_eq!(measure.judge(&Uri::from_static("https://shop.example/buy"), &headers), Verdict::Origin);
    headers.append(HOST, HeaderValue::from_static("evil.example"));
    assert_eq!(measure.judge(&Uri::from_static("/buy"), &headers), Verdict::Origin);
}
