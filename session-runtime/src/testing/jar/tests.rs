//! One test for each rule of the jar that needs an origin, a clock or another cookie to show itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{Method, Uri};

use super::{CookieJar, Refusal, Site};
use crate::clock::{Clock, Timestamp};

mod policies;

const SHOP: &str = "https://shop.example/";
const PLAIN: &str = "http://shop.example/";
const START: u64 = 1_700_000_000_000;
const DAY: u64 = 24 * 60 * 60 * 1000;

/// Milliseconds since 1970 that a test moves on.
struct Hand(AtomicU64);

impl Hand {
    fn advance(&self, millis: u64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A jar, and the hand of its clock.
fn jar() -> (CookieJar, Arc<Hand>) {
    let hand = Arc::new(Hand(AtomicU64::new(START)));
    (CookieJar::new(Arc::clone(&hand)), hand)
}

/// The point this many milliseconds after the start.
fn after(millis: u64) -> Timestamp {
    Timestamp::from_unix_millis(START + millis)
}

fn uri(text: &str) -> Uri {
    text.parse().unwrap()
}

impl CookieJar {
    fn put_at(&self, from: &str, line: &str) -> Result<(), Refusal> {
        self.put(&uri(from), line)
    }

    fn sent(&self, to: &str, method: &Method, site: Site) -> String {
        let header = self.header(&uri(to), method, site);
        header.map_or_else(String::new, |header| header.to_str().unwrap().to_owned())
    }

    fn sent_to(&self, to: &str) -> String {
        self.sent(to, &Method::GET, Site::Same)
    }
}

// Domain

#[test]
fn a_cookie_without_domain_goes_to_its_own_host_only() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
    assert_eq!(jar.sent_to("https://www.shop.example/"), "");
    assert!(jar.cookie("id").unwrap().is_host_only());
}

#[test]
fn a_cookie_with_a_domain_goes_to_the_hosts_below_it_too() {
    let (jar, _) = jar();
    jar.put_at("https://www.shop.example/", "id=1; Domain=.SHOP.example").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
    assert_eq!(jar.sent_to("https://api.shop.example/"), "id=1");
    assert_eq!(jar.sent_to("https://eshop.example/"), "");
    assert_eq!(jar.cookie("id").unwrap().domain(), "shop.example");
}

#[test]
fn a_domain_that_does_not_cover_the_answering_host_is_refused() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "id=1; Domain=www.shop.example"), Err(Refusal::ForeignDomain));
    assert_eq!(jar.put_at(SHOP, "id=1; Domain=evil.example"), Err(Refusal::ForeignDomain));
}

#[test]
fn a_top_level_domain_is_refused_unless_it_is_the_host_itself() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "id=1; Domain=example"), Err(Refusal::PublicSuffix));
    jar.put_at("http://localhost:3000/", "id=1; Domain=localhost").unwrap();
    assert!(jar.cookie("id").unwrap().is_host_only());
}

#[test]
fn a_domain_outside_of_ascii_is_refused() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "id=1; Domain=shöp.example"), Err(Refusal::DomainNotAscii));
}

#[test]
fn cookies_do_not_care_for_ports() {
    let (jar, _) = jar();
    jar.put_at("https://shop.example:8443/", "id=1").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
}

// Path

#[test]
fn a_cookie_goes_to_its_path_and_below() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; Path=/cart").unwrap();
    assert_eq!(jar.sent_to("https://shop.example/cart/items"), "id=1");
    assert_eq!(jar.sent_to("https://shop.example/cartoon"), "");
}

#[test]
fn a_missing_or_relative_path_is_the_folder_of_the_request() {
    let (jar, _) = jar();
    jar.put_at("https://shop.example/cart/items", "a=1").unwrap();
    jar.put_at("https://shop.example/cart/items", "b=1; Path=items").unwrap();
    assert_eq!(jar.cookie("a").unwrap().path(), "/cart");
    assert_eq!(jar.cookie("b").unwrap().path(), "/cart");
}

// Secure

#[test]
fn a_secure_cookie_goes_over_https_only() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; Secure").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
    assert_eq!(jar.sent_to(PLAIN), "");
}

#[test]
fn a_secure_cookie_over_plain_http_is_refused_even_on_localhost() {
    let (jar, _) = jar();
    for plain in [PLAIN, "http://localhost/", "http://127.0.0.1:3000/"] {
        assert_eq!(jar.put_at(plain, "id=1; Secure"), Err(Refusal::SecureFromPlainHttp), "{plain}");
    }
}

#[test]
fn plain_http_may_neither_replace_nor_shadow_nor_remove_a_secure_cookie() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; Secure; Path=/cart").unwrap();
    let overwrites = Err(Refusal::OverwritesSecure);
    assert_eq!(jar.put_at(PLAIN, "id=2; Path=/cart"), overwrites);
    assert_eq!(jar.put_at(PLAIN, "id=2; Path=/cart/items"), overwrites);
    assert_eq!(jar.put_at(PLAIN, "id=2; Path=/cart; Domain=shop.example"), overwrites);
    assert_eq!(jar.put_at("http://www.shop.example/", "id=2; Path=/cart; Domain=shop.example"), overwrites);
    assert_eq!(jar.put_at(PLAIN, "id=; Path=/cart; Max-Age=0"), overwrites);
    assert_eq!(jar.put_at(PLAIN, "other=2; Path=/cart"), Ok(()));
    assert_eq!(jar.put_at(PLAIN, "id=2; Path=/"), Ok(()));
    assert_eq!(jar.put_at(SHOP, "id=3; Path=/cart"), Ok(()));
}

#[test]
fn plain_http_may_not_overwrite_a_secure_cookie_of_a_domain_above_or_below() {
    let (above, _) = jar();
    above.put_at("https://www.shop.example/", "id=1; Secure; Domain=shop.example").unwrap();
    assert_eq!(above.put_at("http://www.shop.example/", "id=2"), Err(Refusal::OverwritesSecure));
    let (below, _) = jar();
    below.put_at("https://www.shop.example/", "id=1; Secure").unwrap();
    assert_eq!(below.put_at(PLAIN, "id=2; Domain=shop.example"), Err(Refusal::OverwritesSecure));
    assert_eq!(below.put_at(PLAIN, "id=2"), Err(Refusal::OverwritesSecure));
    assert_eq!(below.put_at("http://api.shop.example/", "id=2"), Ok(()));
}

#[test]
fn plain_http_may_replace_what_is_not_secure() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    jar.put_at(PLAIN, "id=2").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=2");
}

#[test]
fn a_secure_cookie_that_has_ended_protects_nothing() {
    let (jar, hand) = jar();
    jar.put_at(SHOP, "id=1; Secure; Max-Age=10").unwrap();
    hand.advance(10_000);
    assert_eq!(jar.put_at(PLAIN, "id=2"), Ok(()));
}

#[test]
fn http_only_is_recorded_and_changes_nothing_over_http() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; HttpOnly").unwrap();
    jar.put_at(SHOP, "id=2").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=2");
    jar.put_at(SHOP, "id=3; HttpOnly").unwrap();
    assert!(jar.cookie("id").unwrap().is_http_only());
}

// Lifetime

#[test]
fn a_cookie_ends_when_its_max_age_has_passed() {
    let (jar, hand) = jar();
    jar.put_at(SHOP, "id=1; Max-Age=10").unwrap();
    hand.advance(9_999);
    assert_eq!(jar.sent_to(SHOP), "id=1");
    hand.advance(1);
    assert_eq!(jar.sent_to(SHOP), "");
}

#[test]
fn a_cookie_ends_at_its_expires_date() {
    let (jar, hand) = jar();
    // START is Tue, 14 Nov 2023 22:13:20 GMT.
    jar.put_at(SHOP, "id=1; Expires=Tue, 14 Nov 2023 22:13:30 GMT").unwrap();
    assert_eq!(jar.cookie("id").unwrap().expires_at(), Some(after(10_000)));
    hand.advance(10_000);
    assert_eq!(jar.sent_to(SHOP), "");
}

#[test]
fn max_age_wins_over_expires() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT").unwrap();
    jar.put_at(SHOP, "b=1; Expires=Tue, 14 Nov 2023 22:13:30 GMT; Max-Age=0").unwrap();
    assert_eq!(jar.sent_to(SHOP), "a=1");
}

#[test]
fn a_max_age_of_zero_or_less_or_a_past_date_removes_the_cookie() {
    let (jar, _) = jar();
    for ending in [
        "Max-Age=0",
        "Max-Age=-1",
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "Expires=Mon, 13-Nov-23 00:00:00 GMT",
    ] {
        jar.put_at(SHOP, "id=1").unwrap();
        assert_eq!(jar.put_at(SHOP, &format!("id=; {ending}")), Ok(()), "{ending}");
        assert_eq!(jar.cookies(), [], "{ending}");
    }
    assert_eq!(jar.refused(), []);
}
