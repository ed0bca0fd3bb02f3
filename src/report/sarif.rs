//! What `check` found, as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the file.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::findings::{Checked, Found};
use super::json;
use super::unreadable::Unreadable;
use crate::check::Severity;
use crate::hyperv;

/// Writes one log with one run. Stores that cannot be read are notifications of a run that did not fully succeed.
pub fn write(out: impl Write, stores: &[Checked]) -> io::Result<()> {
    let rules: Vec<_> = hyperv::all_rules()
        .map(|rule| {
            json!({
                "id": rule.code,
                "shortDescription": { "text": rule.title },
                "fullDescription": { "text": rule.help },
                "help": { "text": rule.help },
                "defaultConfiguration": { "level": level(rule.severity) },
            })
        })
        .collect();
    let results: Vec<_> = stores
        .iter()
        .filter_map(|checked| Some((&checked.path, checked.findings.as_ref().ok()?)))
        .flat_map(|(path, findings)| findings.iter().map(|found| result(path, found)))
        .collect();
    let unread: Vec<_> =
        stores.iter().filter_map(|checked| checked.findings.as_ref().err()).map(notification).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "azedit",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            // Our columns count characters, not UTF-16 code units.
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread,
            }],
            "results": results,
        }],
    });
    json::write(out, &log)
}

fn result(path: &str, found: &Found) -> Value {
    json!({
        "ruleId": found.code,
        "ruleIndex": hyperv::all_rules().position(|rule| rule.code == found.code),
        "level": level(found.severity),
        "message": { "text": message(&found.message) },
        "locations": [{
            "physicalLocation": physical(path, found.line, found.column),
            "logicalLocations": [{ "fullyQualifiedName": found.object }],
        }],
    })
}

fn notification(unreadable: &Unreadable) -> Value {
    json!({
        "level": "error",
        "message": { "text": message(&unreadable.message) },
        "descriptor": { "id": unreadable.kind },
        "locations": [{ "physicalLocation": physical(&unreadable.path, unreadable.line, unreadable.column) }],
    })
}

fn physical(path: &str, line: Option<u32>, column: Option<u32>) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": uri(path) } });
    if let (Some(line), Some(column), Some(fields)) = (line, column, location.as_object_mut()) {
        fields.insert("region".to_owned(), json!({ "startLine": line, "startColumn": column }));
    }
    location
}

/// SARIF's word for a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A message in which braces are no placeholders and brackets no links (SARIF 3.11.5, 3.11.6).
fn message(text: &str) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text
    }
}

/// The path as a URI reference (RFC 3986): relative stays relative, absolute becomes `file://`.
fn uri(path: &str) -> String {
    let slashed = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut uri = String::with_capacity(slashed.len() + 8);
    if slashed.starts_with("//") {
        uri.push_str("file:");
    } else if slashed.starts_with('/') {
        uri.push_str("file://");
    } else if cfg!(windows) && slashed.as_bytes().get(1) == Some(&b':') {
        uri.push_str("file:///");
    }
    let whole = uri.is_empty();
    for byte in slashed.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            // In a relative reference a colon could end a scheme.
            b':' if !whole => uri.push(':'),
            // Writing to a string cannot fail.
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_as_uris() {
        assert_eq!(uri("stores/a b.xml"), "stores/a%20b.xml");
        assert_eq!(uri("xy%.xml"), "xy%25.xml");
        #[cfg(unix)]
        assert_eq!(uri("x:y.xml"), "x%3Ay.xml");
        #[cfg(unix)]
        assert_eq!(uri("/srv/über.xml"), "file:///srv/%C3%BCber.xml");
    }

    #[test]
    fn messages_hold_no_placeholders_and_no_links() {
        assert_eq!(message("GUID {0} twice"), "GUID {{0}} twice");
        assert_eq!(message("a [list]"), "a [list]");
        assert_eq!(message("[x](1)"), "\\[x\\](1)");
    }
}
