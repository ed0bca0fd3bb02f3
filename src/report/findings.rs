//! What `check` found in stores, as text and JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use super::show::escape;
use super::unreadable::Unreadable;
use crate::check::{self, Finding, Severity};
use crate::store::Store;

/// A finding, detached from the store it was made in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The rule's code.
    pub code: &'static str,
    /// How bad it is.
    #[serde(serialize_with = "severity_word")]
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The path of the object.
    pub object: String,
    /// 1-based; null for something that is not in the file.
    pub line: Option<u32>,
    /// 1-based, in characters.
    pub column: Option<u32>,
    /// Whether `--fix` would mend it.
    pub fixable: bool,
}

impl Found {
    /// The finding with all that a report says about it.
    pub fn new(store: &Store, finding: &Finding) -> Self {
        let position = finding.position(store);
        Self {
            code: finding.code,
            severity: finding.severity,
            message: finding.message.clone(),
            object: store.path(finding.object),
            line: position.map(|position| position.line),
            column: position.map(|position| position.column),
            fixable: !check::fix(store, finding).is_empty(),
        }
    }
}

/// What became of one store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the user called it.
    pub path: String,
    /// Its findings in the order of the file, or why it cannot be read.
    pub findings: Result<Vec<Found>, Unreadable>,
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn severity_word<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.word())
}

/// Writes one line for each finding, `path:line:column: severity code: message [object]`, and a line of sums for each
/// store. Stores that cannot be read are left out: they are errors, and belong elsewhere.
pub fn write_text(mut out: impl Write, stores: &[Checked]) -> io::Result<()> {
    for Checked { path, findings } in stores {
        let Ok(findings) = findings else { continue };
        let path = escape(path);
        for found in findings {
            write!(out, "{path}:")?;
            if let (Some(line), Some(column)) = (found.line, found.column) {
                write!(out, "{line}:{column}:")?;
            }
            let fix = if found.fixable { " (--fix mends it)" } else { "" };
            let (severity, code) = (found.severity, found.code);
            writeln!(out, " {severity} {code}: {}{fix} [{}]", escape(&found.message), escape(&found.object))?;
        }
        writeln!(out, "{path}: {}", sums(findings))?;
    }
    Ok(())
}

/// `2 errors, 1 warning`, or `no problems`.
fn sums(findings: &[Found]) -> String {
    let sum = |severity, one: &str, more: &str| {
        let count = findings.iter().filter(|found| found.severity == severity).count();
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { more }))
    };
    let sums: Vec<_> = [
        sum(Severity::Error, "error", "errors"),
        sum(Severity::Warning, "warning", "warnings"),
        sum(Severity::Info, "note", "notes"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if sums.is_empty() { "no problems".to_owned() } else { sums.join(", ") }
}

/// Writes `{"format":1,"stores":[{"path","findings":[…]}]}`.
///
/// A single store that cannot be read is `{"format":1,"error":{…}}`, as for every command. Among several, each such
/// store has `error` in the place of `findings`, and the first error stands beside `stores` too.
pub fn write_json(out: impl Write, stores: &[Checked]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'c> {
        format: u32,
        stores: Vec<StoreShape<'c>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<&'c Unreadable>,
    }
    if let [Checked { findings: Err(error), .. }] = stores {
        return error.write_json(out);
    }
    let error = stores.iter().find_map(|checked| checked.findings.as_ref().err());
    json::write(out, &Document { format: 1, stores: stores.iter().map(store_shape).collect(), error })
}

#[derive(Serialize)]
#[serde(untagged)]
enum StoreShape<'c> {
    Read { path: &'c str, findings: &'c [Found] },
    Unread { path: &'c str, error: &'c Unreadable },
}

fn store_shape(checked: &Checked) -> StoreShape<'_> {
    match &checked.findings {
        Ok(findings) => StoreShape::Read { path: &checked.path, findings },
        Err(error) => StoreShape::Unread { path: &checked.path, error },
    }
}
