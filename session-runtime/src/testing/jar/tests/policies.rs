//! Lifetimes, prefixes, other sites, order and identity.

use super::*;

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
