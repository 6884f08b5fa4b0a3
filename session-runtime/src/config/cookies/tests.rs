use super::*;

const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);

fn cookies(configure: impl FnOnce(&mut CookieConfig)) -> Cookies {
    let mut config = CookieConfig::default();
    configure(&mut config);
    Cookies::new(&config).unwrap()
}

fn values(lines: &[HeaderValue]) -> Vec<(String, String)> {
    let split = |line: &HeaderValue| {
        let line = line.to_str().unwrap().to_owned();
        let (name, rest) = line.split_once('=').unwrap();
        (name.to_owned(), rest.split_once(';').unwrap().0.to_owned())
    };
    lines.iter().map(split).collect()
}

#[test]
fn a_text_that_fits_one_cookie_is_not_cut() {
    let cookies = cookies(|_| {});
    let lines = cookies.sealed(3, |line| line.extend_from_slice(b"abc"), cookies.age(MONTH, false));
    assert_eq!(values(&lines), [("__Host-id".to_owned(), "abc".to_owned())]);
    assert!(lines[0].is_sensitive());
    assert!(lines[0].to_str().unwrap().ends_with("; Max-Age=2592000"));
}

#[test]
fn no_cookie_is_larger_than_browsers_keep_and_nothing_is_lost() {
    let domain = |config: &mut CookieConfig| {
        config.name = "__Secure-a-rather-long-name".to_owned();
        config.domain = Some("a-host-with-a-long-name.example.com".to_owned());
        config.partitioned = true;
        config.same_site = crate::SameSite::None;
    };
    for cookies in [cookies(|_| {}), cookies(domain), cookies(|config| config.clear_with_browser = true)] {
        for length in [0, 1, 3_000, 3_980, 4_000, 4_096, 8_000, 20_000, 100_000] {
            let text = "x".repeat(length);
            let age = cookies.age(Duration::MAX, false);
            let lines = cookies.sealed(length, |line| line.extend_from_slice(text.as_bytes()), age);
            assert!(lines.iter().all(|line| line.len() <= 4_096), "{length}");
            let total: usize = lines.iter().map(HeaderValue::len).sum();
            assert!(total <= cookies.sealed_bytes(length), "{length}: {total}");
            let values = values(&lines);
            let count = format!("{}.", lines.len());
            let mut joined: String = values.iter().map(|(_, value)| value.as_str()).collect();
            if lines.len() > 1 {
                joined = joined.strip_prefix(&count).unwrap().to_owned();
                assert_eq!(values[1].0, format!("{}.1", cookies.name()));
            }
            assert_eq!(joined, text);
        }
    }
}

#[test]
fn the_largest_session_has_fewer_chunks_than_there_are_bits() {
    let cookies = cookies(|_| {});
    let mut chars = 0;
    while cookies.sealed_bytes(chars + 1_000) <= 128 << 10 {
        chars += 1_000;
    }
    assert!(cookies.chunks(chars) < MOST_CHUNKS, "{} for {chars}", cookies.chunks(chars));
}

#[test]
fn a_chunk_is_taken_away_by_its_name() {
    let cookies = cookies(|_| {});
    for (index, name) in [(0, "__Host-id="), (1, "__Host-id.1="), (12, "__Host-id.12=")] {
        let line = cookies.removal(index);
        let line = line.to_str().unwrap();
        assert!(line.starts_with(&format!("{name}; ")) && line.ends_with("; Max-Age=0"), "{line}");
    }
}
