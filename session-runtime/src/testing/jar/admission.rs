//! In: a parsed cookie, the address and the site of its answer, the time. Out: what is stored, or why not.
//! The order of the rules is that of section 5.7; prefixes follow section 5.4, lifetimes section 5.5.

use std::time::Duration;

use cookie::{Cookie, SameSite};

use super::address::{Address, domain_matches, path_matches};
use super::refusal::Refusal;
use super::site::Site;
use super::stored::StoredCookie;
use crate::clock::Timestamp;

/// Applies every rule that needs no look at the other cookies.
pub(super) fn admit(
    cookie: &Cookie<'_>,
    from: &Address,
    site: Site,
    now: Timestamp,
) -> Result<StoredCookie, Refusal> {
    let (domain, host_only) = domain_of(cookie, from)?;
    let stored = StoredCookie {
        name: cookie.name().to_owned(),
        value: cookie.value().to_owned(),
        domain,
        host_only,
        path: path_of(cookie, from),
        secure: cookie.secure() == Some(true),
        http_only: cookie.http_only() == Some(true),
        same_site: cookie.same_site(),
        partitioned: cookie.partitioned() == Some(true),
        expires_at: end_of(cookie, now),
        created: 0,
    };
    check_secure(&stored, from)?;
    check_site(&stored, site)?;
    check_prefix(cookie)?;
    Ok(stored)
}

/// Refuses what would shadow a `Secure` cookie when it came over plain HTTP ("leave secure cookies alone").
pub(super) fn check_overwrite(
    new: &StoredCookie,
    from: &Address,
    kept: &[StoredCookie],
) -> Result<(), Refusal> {
    let shadows = |old: &StoredCookie| {
        old.secure
            && old.name == new.name
            && (domain_matches(&new.domain, &old.domain) || domain_matches(&old.domain, &new.domain))
            && path_matches(&new.path, &old.path)
    };
    if !from.secure && kept.iter().any(shadows) { Err(Refusal::OverwritesSecure) } else { Ok(()) }
}

/// The domain, and whether the cookie is for this host only.
fn domain_of(cookie: &Cookie<'_>, from: &Address) -> Result<(String, bool), Refusal> {
    let Some(domain) = cookie.domain().filter(|domain| !domain.is_empty()) else {
        return Ok((from.host.clone(), true));
    };
    if !domain.is_ascii() {
        return Err(Refusal::DomainNotAscii);
    }
    let domain = domain.to_ascii_lowercase();
    match (domain.contains('.'), domain == from.host) {
        // A host such as `localhost` is its own public suffix; browsers then fall back to host-only.
        (false, true) => Ok((domain, true)),
        (false, false) => Err(Refusal::PublicSuffix),
        (true, _) if domain_matches(&from.host, &domain) => Ok((domain, false)),
        (true, _) => Err(Refusal::ForeignDomain),
    }
}

fn path_of(cookie: &Cookie<'_>, from: &Address) -> String {
    let given = cookie.path().filter(|path| path.starts_with('/'));
    given.unwrap_or_else(|| from.default_path()).to_owned()
}

/// The end of the lifetime: `Max-Age` before `Expires`, and never more than 400 days ahead.
fn end_of(cookie: &Cookie<'_>, now: Timestamp) -> Option<Timestamp> {
    let end = match (cookie.max_age(), cookie.expires_datetime()) {
        // A negative age ends at once, as zero does.
        (Some(age), _) => now.saturating_add(age.try_into().unwrap_or_default()),
        // A date before 1970 is simply past.
        (None, Some(date)) => {
            EPOCH.saturating_add(Duration::from_secs(date.unix_timestamp().try_into().unwrap_or(0)))
        }
        (None, None) => return None,
    };
    Some(end.min(now.saturating_add(LONGEST_LIFE)))
}

fn check_secure(stored: &StoredCookie, from: &Address) -> Result<(), Refusal> {
    match (stored.secure, from.secure) {
        (true, false) => Err(Refusal::SecureFromPlainHttp),
        (false, _) if stored.partitioned => Err(Refusal::PartitionedWithoutSecure),
        _ => Ok(()),
    }
}

fn check_site(stored: &StoredCookie, site: Site) -> Result<(), Refusal> {
    match (stored.same_site, site) {
        (Some(SameSite::None), _) if !stored.secure => Err(Refusal::SameSiteNoneWithoutSecure),
        (Some(SameSite::None), _) | (_, Site::Same | Site::CrossNavigation) => Ok(()),
        (_, Site::CrossSubresource) => Err(Refusal::CrossSite),
    }
}

/// Prefixes count in any capitalisation, because some servers compare cookie names that way.
fn check_prefix(cookie: &Cookie<'_>) -> Result<(), Refusal> {
    let secure = cookie.secure() == Some(true);
    let locked = secure && cookie.path() == Some("/") && cookie.domain().is_none();
    if starts_with(cookie.name(), "__Secure-") && !secure {
        return Err(Refusal::SecurePrefix);
    }
    if starts_with(cookie.name(), "__Host-") && !locked {
        return Err(Refusal::HostPrefix);
    }
    Ok(())
}

fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// 400 days (section 5.5).
const LONGEST_LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);
const EPOCH: Timestamp = Timestamp::from_unix_millis(0);
