//! In: one `Set-Cookie` line as it came over the wire. Out: the parsed cookie, or why it is none.
//! Reading is left to the `cookie` crate; what browsers do before and beyond it is added here (section 5.6).

use cookie::Cookie;

use super::refusal::Refusal;

/// Reads a line as section 5.6 of RFC 6265bis does.
pub(super) fn parse(line: &[u8]) -> Result<Cookie<'static>, Refusal> {
    let line = str::from_utf8(line).map_err(|_| Refusal::NotText)?;
    if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
        return Err(Refusal::ControlCharacter);
    }
    let cookie = Cookie::parse(without_ignored(line)).map_err(|_| Refusal::NoPair)?;
    let octets = cookie.name().len() + cookie.value().len();
    if octets > LONGEST_PAIR {
        return Err(Refusal::TooLarge { octets });
    }
    Ok(cookie)
}

/// The line without the attributes that a browser skips.
fn without_ignored(line: &str) -> String {
    let mut parts = line.split(';');
    let pair = parts.next().unwrap_or_default();
    let kept = parts.filter(|part| !is_ignored(part));
    std::iter::once(pair).chain(kept).collect::<Vec<_>>().join(";")
}

fn is_ignored(attribute: &str) -> bool {
    let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
    let (name, value) = (name.trim(), value.trim());
    // The `cookie` crate reads a Max-Age without digits as the longest possible age (section 5.6.2 skips it).
    let ageless = name.eq_ignore_ascii_case("max-age") && matches!(value, "" | "-");
    ageless || value.len() > LONGEST_ATTRIBUTE
}

const LONGEST_PAIR: usize = 4096;
const LONGEST_ATTRIBUTE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_value_of_4096_octets_are_taken_and_one_more_is_not() {
        let fits = format!("id={}", "v".repeat(4094));
        assert!(parse(fits.as_bytes()).is_ok());
        let exceeds = format!("id={}; Path=/", "v".repeat(4095));
        assert_eq!(parse(exceeds.as_bytes()), Err(Refusal::TooLarge { octets: 4097 }));
    }

    #[test]
    fn an_attribute_value_over_1024_octets_is_as_if_it_were_not_there() {
        let longest = format!("/{}", "p".repeat(1023));
        let fits = parse(format!("id=1; Path={longest}").as_bytes()).unwrap();
        assert_eq!(fits.path(), Some(longest.as_str()));
        let exceeds = parse(format!("id=1; Path={longest}p; Secure").as_bytes()).unwrap();
        assert_eq!(exceeds.path(), None);
        assert_eq!(exceeds.secure(), Some(true));
    }

    #[test]
    fn a_control_character_other_than_a_tab_refuses_the_line() {
        for line in ["id=a\0b", "id=a\x07; Path=/", "id=1; Path=/\x1f", "id=a\x7fb", "id=1\r\nid=2"] {
            assert_eq!(parse(line.as_bytes()), Err(Refusal::ControlCharacter), "{line:?}");
        }
        assert_eq!(parse(b"id=a\tb").unwrap().value(), "a\tb");
    }

    #[test]
    fn a_line_without_a_named_pair_is_refused() {
        assert_eq!(parse(b"id"), Err(Refusal::NoPair));
        assert_eq!(parse(b"=1"), Err(Refusal::NoPair));
        assert_eq!(parse(b""), Err(Refusal::NoPair));
    }

    #[test]
    fn octets_that_are_no_text_are_refused() {
        assert_eq!(parse(b"id=\xff"), Err(Refusal::NotText));
    }

    #[test]
    fn a_max_age_without_digits_is_skipped() {
        for line in ["id=1; Max-Age=", "id=1; Max-Age=-", "id=1; Max-Age", "id=1; max-age=x"] {
            assert_eq!(parse(line.as_bytes()).unwrap().max_age(), None, "{line}");
        }
    }
}
