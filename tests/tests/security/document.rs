//! `SECURITY.md` says what is fulfilled by what: every requirement is in it, and what it names is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The requirements that we hold ourselves to, by table.
const REQUIREMENTS: [(&str, &[&str]); 5] = [
    (
        "OWASP ASVS 5.0",
        &[
            "7.1.1", "7.1.2", "7.1.3", "7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.3.1", "7.3.2", "7.4.1",
            "7.4.2", "7.4.3", "7.4.4", "7.4.5", "7.5.1", "7.5.2", "7.5.3", "7.6.1", "7.6.2", "3.3.1",
            "3.3.2", "3.3.3", "3.3.4", "3.3.5", "3.5.1", "3.5.3", "4.4.3", "4.4.4", "9.1.1", "9.1.2",
            "9.1.3", "9.2.1", "9.2.2", "14.2.1", "14.3.1", "16.2.5",
        ],
    ),
    (
        "OWASP Session Management Cheat Sheet",
        &[
            "Session ID Name Fingerprinting",
            "Session ID Entropy",
            "Session ID Length",
            "Session ID Content",
            "Used vs. Accepted ID Exchange Mechanisms",
            "Cookies",
            "Permissive and Strict Session Management",
            "Manage Session ID as Any Other User Input",
            "Renew After Any Privilege Level Change",
            "Considerations When Using Multiple Cookies",
            "Idle Timeout",
            "Absolute Timeout",
            "Renewal Timeout",
            "Logout Button",
            "Web Content Caching",
            "Reauthentication After Risk Events",
            "Session Attacks Detection, Guessing",
            "Binding the Session ID to Other User Properties",
            "Logging Sessions Life Cycle",
            "Simultaneous Session Logons",
        ],
    ),
    (
        "NIST SP 800-63B",
        &["Session Bindings, secrets", "Session Bindings, assurance", "Browser Cookies", "Reauthentication"],
    ),
    (
        "Facts of the cookie protocol",
        &[
            "RFC 6265bis, storage",
            "RFC 6265bis, limits",
            "RFC 6265bis, prefixes",
            "Layered cookies",
            "CHIPS, `Partitioned`",
            "DBSC",
        ],
    ),
    (
        "Rules learned from advisories",
        &[
            "CVE-2025-46336",
            "CVE-2019-16782",
            "CVE-2024-38513",
            "GO-2024-2730",
            "CVE-2026-39324",
            "CVE-2013-7489",
            "CVE-2023-30861",
            "RUSTSEC-2017-0005",
            "RUSTSEC-2024-0343",
            "CVE-2024-21492",
        ],
    ),
];

struct Row {
    id: String,
    fulfilled_by: String,
    shown_by: String,
}

/// The rows of the table under this heading.
fn table(document: &str, heading: &str) -> Vec<Row> {
    let (_, rest) = document.split_once(&format!("\n### {heading}\n")).unwrap();
    let lines = rest.lines().take_while(|line| !line.starts_with("##"));
    let rows = lines.filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 4, "four cells: {line}");
        let [id, _, fulfilled_by, shown_by] = [0, 1, 2, 3].map(|index| cells[index].to_owned());
        Row { id, fulfilled_by, shown_by }
    })
    .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn document() -> String {
    fs::read_to_string(root().join("SECURITY.md")).unwrap()
}

#[test]
fn every_requirement_has_its_row_and_says_who_fulfils_it() {
    let document = document();
    for (heading, ids) in REQUIREMENTS {
        let rows = table(&document, heading);
        let found: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(found, ids, "{heading}");
        for row in rows {
            assert!(row.fulfilled_by.len() > 3, "{heading}: {}", row.id);
            // What no test shows is somebody else's.
            let elsewhere = ["Application's", "Not needed", "Not offered"];
            let shown = !row.shown_by.is_empty();
            assert!(
                shown || elsewhere.iter().any(|who| row.fulfilled_by.starts_with(who)),
                "{heading}: {}",
                row.id
            );
        }
    }
}

#[test]
fn every_file_and_every_test_that_a_row_names_is_there() {
    let document = document();
    let mut tests = BTreeSet::new();
    for row in REQUIREMENTS.iter().flat_map(|(heading, _)| table(&document, heading)) {
        for code in quoted(&row.fulfilled_by).filter(|text| is_file_of_code(text)) {
            let path = root().join("session-runtime/src").join(code);
            assert!(path.is_file(), "{}: `{code}`", row.id);
        }
        tests.extend(quoted(&row.shown_by).map(|test| (row.id.clone(), test.to_owned())));
    }
    assert!(tests.len() > 50, "{}", tests.len());
    for (id, test) in tests {
        let (file, name) = test.split_once("::").unwrap();
        let path = match file.split_once('/') {
            Some(("src", rest)) => root().join("session-runtime/src").join(rest),
            Some(("kit", rest)) => root().join("session-runtime/src/testing/conformance").join(rest),
            _ => root().join("tests/tests").join(file),
        };
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            text.contains(&format!("fn {name}(")) || text.contains(&format!("fn {name}<")),
            "{id}: `{test}`"
        );
    }
}

fn is_file_of_code(text: &str) -> bool {
    Path::new(text).extension().is_some_and(|extension| extension == "rs")
}

/// What stands in backticks, but for what is marked as still to come.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    let cell = if cell.contains("[new]") { "" } else { cell };
    cell.split('`').skip(1).step_by(2)
}
