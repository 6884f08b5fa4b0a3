//! One test for each rule of the jar that needs an origin, a clock or another cookie to show itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{Method, Uri};

use super::{CookieJar, Refusal, Site};
use crate::clock::{Clock, Timestamp};

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

#[test]
fn a_removal_for_another_path_or_domain_removes_nothing() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; Path=/").unwrap();
    jar.put_at(SHOP, "id=; Path=/cart; Max-Age=0").unwrap();
    jar.put_at(SHOP, "id=; Path=/; Domain=shop.example; Max-Age=0").unwrap();
    jar.put_at(SHOP, "id=; Path=/; Secure; Partitioned; Max-Age=0").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
}

#[test]
fn no_cookie_lives_longer_than_400_days() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "a=1; Max-Age=99999999999999999999").unwrap();
    jar.put_at(SHOP, "b=1; Expires=Fri, 31 Dec 2099 00:00:00 GMT").unwrap();
    jar.put_at(SHOP, "c=1; Max-Age=34473600").unwrap();
    assert_eq!(jar.cookie("a").unwrap().expires_at(), Some(after(400 * DAY)));
    assert_eq!(jar.cookie("b").unwrap().expires_at(), Some(after(400 * DAY)));
    assert_eq!(jar.cookie("c").unwrap().expires_at(), Some(after(399 * DAY)));
}

#[test]
fn closing_the_browser_drops_exactly_the_cookies_without_a_lifetime() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "session=1").unwrap();
    jar.put_at(SHOP, "kept=1; Max-Age=60").unwrap();
    jar.put_at(SHOP, "dated=1; Expires=Wed, 15 Nov 2023 00:00:00 GMT").unwrap();
    jar.close_browser();
    assert_eq!(jar.sent_to(SHOP), "kept=1; dated=1");
}

// Prefixes

#[test]
fn a_secure_prefix_needs_secure_in_any_capitalisation() {
    let (jar, _) = jar();
    for name in ["__Secure-id", "__SECURE-id", "__secure-id"] {
        assert_eq!(jar.put_at(SHOP, &format!("{name}=1")), Err(Refusal::SecurePrefix), "{name}");
        assert_eq!(jar.put_at(SHOP, &format!("{name}=1; Secure; Domain=shop.example")), Ok(()), "{name}");
    }
}

#[test]
fn a_host_prefix_needs_secure_and_the_root_path_and_no_domain_in_any_capitalisation() {
    let (jar, _) = jar();
    for name in ["__Host-id", "__HOST-id", "__host-id"] {
        for wrong in ["Path=/", "Secure", "Secure; Path=/cart", "Secure; Path=/; Domain=shop.example"] {
            assert_eq!(jar.put_at(SHOP, &format!("{name}=1; {wrong}")), Err(Refusal::HostPrefix), "{wrong}");
        }
        assert_eq!(jar.put_at(SHOP, &format!("{name}=1; Secure; Path=/")), Ok(()), "{name}");
    }
}

#[test]
fn a_default_path_of_root_does_not_satisfy_the_host_prefix() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "__Host-id=1; Secure"), Err(Refusal::HostPrefix));
}

// SameSite

#[test]
fn a_strict_cookie_never_goes_along_from_another_site() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; SameSite=Strict").unwrap();
    assert_eq!(jar.sent(SHOP, &Method::POST, Site::Same), "id=1");
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossNavigation), "");
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossSubresource), "");
}

#[test]
fn a_lax_cookie_goes_along_from_another_site_on_a_safe_navigation_only() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1; SameSite=Lax").unwrap();
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossNavigation), "id=1");
    assert_eq!(jar.sent(SHOP, &Method::POST, Site::CrossNavigation), "");
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossSubresource), "");
}

#[test]
fn a_cookie_without_same_site_is_treated_as_lax() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    assert_eq!(jar.cookie("id").unwrap().same_site(), None);
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossNavigation), "id=1");
    assert_eq!(jar.sent(SHOP, &Method::POST, Site::CrossNavigation), "");
    assert_eq!(jar.sent(SHOP, &Method::GET, Site::CrossSubresource), "");
}

#[test]
fn same_site_none_always_goes_along_and_needs_secure() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "id=1; SameSite=None"), Err(Refusal::SameSiteNoneWithoutSecure));
    jar.put_at(SHOP, "id=1; SameSite=None; Secure").unwrap();
    assert_eq!(jar.sent(SHOP, &Method::POST, Site::CrossNavigation), "id=1");
    assert_eq!(jar.sent(SHOP, &Method::POST, Site::CrossSubresource), "id=1");
}

#[test]
fn a_same_site_cookie_in_the_answer_to_a_foreign_subresource_request_is_refused() {
    let (jar, _) = jar();
    let receive = |site, line: &str| jar.receive(&uri(SHOP), site, line.as_bytes());
    assert_eq!(receive(Site::CrossSubresource, "id=1; SameSite=Lax"), Err(Refusal::CrossSite));
    assert_eq!(receive(Site::CrossSubresource, "id=1"), Err(Refusal::CrossSite));
    assert_eq!(receive(Site::CrossSubresource, "id=1; SameSite=None; Secure"), Ok(()));
    assert_eq!(receive(Site::CrossNavigation, "id=1; SameSite=Strict"), Ok(()));
}

#[test]
fn partitioned_needs_secure_and_makes_another_cookie() {
    let (jar, _) = jar();
    assert_eq!(jar.put_at(SHOP, "id=1; Partitioned"), Err(Refusal::PartitionedWithoutSecure));
    jar.put_at(SHOP, "id=1; Secure").unwrap();
    jar.put_at(SHOP, "id=2; Secure; Partitioned").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1; id=2");
}

// Order and replacement

#[test]
fn longer_paths_come_first_then_older_cookies() {
    let (jar, _) = jar();
    for line in ["a=1; Path=/", "b=1; Path=/", "c=1; Path=/cart", "d=1; Path=/cart/items"] {
        jar.put_at(SHOP, line).unwrap();
    }
    assert_eq!(jar.sent_to("https://shop.example/cart/items"), "d=1; c=1; a=1; b=1");
}

#[test]
fn a_replacement_keeps_the_place_of_the_cookie_it_replaces() {
    let (jar, _) = jar();
    for line in ["a=1", "b=1", "a=2"] {
        jar.put_at(SHOP, line).unwrap();
    }
    assert_eq!(jar.sent_to(SHOP), "a=2; b=1");
}

#[test]
fn cookies_of_two_hosts_do_not_replace_each_other() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    jar.put_at("https://pay.example/", "id=2").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
    assert_eq!(jar.sent_to("https://pay.example/"), "id=2");
}

#[test]
fn names_are_told_apart_by_case() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    jar.put_at(SHOP, "ID=2").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1; ID=2");
}

#[test]
fn quotes_are_part_of_the_value() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=\"1\"").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=\"1\"");
}

// The jar itself

#[test]
fn a_refused_line_is_kept_with_its_reason_and_changes_nothing() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=1").unwrap();
    let long = "v".repeat(4096);
    assert_eq!(jar.put_at(SHOP, &format!("id={long}")), Err(Refusal::TooLarge { octets: 4098 }));
    let refused = jar.refused();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].name(), "id");
    assert_eq!(refused[0].host(), "shop.example");
    assert_eq!(refused[0].reason(), Refusal::TooLarge { octets: 4098 });
    assert_eq!(jar.sent_to(SHOP), "id=1");
}

#[test]
fn no_debug_output_shows_a_value() {
    let (jar, _) = jar();
    jar.put_at(SHOP, "id=hidden").unwrap();
    jar.put_at(SHOP, "__Host-id=hidden").unwrap_err();
    jar.put_at(SHOP, "hidden").unwrap_err();
    let header = jar.header(&uri(SHOP), &Method::GET, Site::Same);
    let shown = format!("{jar:?} {:?} {:?} {header:?}", jar.cookies(), jar.refused());
    assert!(!shown.contains("hidden"), "{shown}");
}

#[test]
fn a_clone_shares_the_cookies_and_a_fresh_jar_does_not() {
    let (jar, _) = jar();
    jar.clone().put_at(SHOP, "id=1").unwrap();
    assert_eq!(jar.sent_to(SHOP), "id=1");
    assert_eq!(jar.fresh().sent_to(SHOP), "");
    jar.clear();
    assert_eq!(jar.cookies(), []);
}
