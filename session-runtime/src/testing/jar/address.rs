//! In: the URI of a request. Out: host, path and security of it, and the matching rules of section 5.1.
//! Pure text comparison; nothing here knows of cookies.

use std::net::IpAddr;

use http::Uri;

use super::refusal::Refusal;

/// Where a request goes or an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) path: String,
    /// Whether the scheme is `https`. Loopback hosts are no exception: a test must see what production would.
    pub(super) secure: bool,
}

impl Address {
    pub(super) fn of(uri: &Uri) -> Result<Self, Refusal> {
        let host = uri.host().ok_or(Refusal::NoHost)?.to_ascii_lowercase();
        Ok(Self { host, path: uri.path().to_owned(), secure: uri.scheme_str() == Some("https") })
    }

    /// The path of a cookie that names none: the folder of the request (section 5.1.4).
    pub(super) fn default_path(&self) -> &str {
        match self.path.rsplit_once('/') {
            Some((folder, _)) if folder.starts_with('/') => folder,
            _ => "/",
        }
    }
}

/// Whether `host` is `domain` or lies below it (section 5.1.3).
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    let below = || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')) && !is_ip(host);
    host == domain || below()
}

/// Whether `path` is `prefix` or lies below it (section 5.1.4).
pub(super) fn path_matches(path: &str, prefix: &str) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

fn is_ip(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(uri: &str) -> Address {
        Address::of(&uri.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_domain_covers_itself_and_what_lies_below_it_but_not_what_only_ends_alike() {
        assert!(domain_matches("shop.example", "shop.example"));
        assert!(domain_matches("www.shop.example", "shop.example"));
        assert!(!domain_matches("eshop.example", "shop.example"));
        assert!(!domain_matches("shop.example", "www.shop.example"));
    }

    #[test]
    fn an_ip_address_has_no_domain_above_it() {
        assert!(domain_matches("127.0.0.1", "127.0.0.1"));
        assert!(!domain_matches("127.0.0.1", "0.0.1"));
    }

    #[test]
    fn a_path_covers_itself_and_its_segments_but_not_a_longer_word() {
        assert!(path_matches("/cart", "/cart"));
        assert!(path_matches("/cart/items", "/cart"));
        assert!(path_matches("/cart/items", "/cart/"));
        assert!(path_matches("/cart", "/"));
        assert!(!path_matches("/cartoon", "/cart"));
        assert!(!path_matches("/", "/cart"));
    }

    #[test]
    fn the_default_path_is_the_folder_of_the_request() {
        assert_eq!(at("https://shop.example/cart/items").default_path(), "/cart");
        assert_eq!(at("https://shop.example/cart/").default_path(), "/cart");
        assert_eq!(at("https://shop.example/cart").default_path(), "/");
        assert_eq!(at("https://shop.example").default_path(), "/");
    }

    #[test]
    fn only_https_is_secure_even_on_a_loopback_host() {
        assert!(at("https://localhost/").secure);
        assert!(!at("http://localhost/").secure);
        assert!(!at("http://127.0.0.1:3000/").secure);
    }

    #[test]
    fn hosts_compare_without_case_and_without_port() {
        assert_eq!(at("https://SHOP.example:8443/").host, "shop.example");
    }

    #[test]
    fn an_address_without_a_host_is_refused() {
        assert_eq!(Address::of(&"/cart".parse().unwrap()), Err(Refusal::NoHost));
    }
}
