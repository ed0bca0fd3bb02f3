//! A store that cannot be read, as text and as JSON.

use std::io;

use serde::Serialize;

use super::json;
use crate::store::OpenError;

/// A store that cannot be read: the `error` object of every JSON report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Unreadable {
    /// `malformed`, `not_a_store`, `encoding`, `dtd`, `limit` or `io`.
    pub kind: &'static str,
    /// What is wrong, without the place.
    pub message: String,
    /// 1-based; null where the fault has no place in the text (`io`).
    pub line: Option<u32>,
    /// 1-based, in characters.
    pub column: Option<u32>,
    /// The argument that named the store, for people.
    #[serde(skip)]
    pub path: String,
}

impl Unreadable {
    /// A store whose bytes could not be had at all.
    pub fn io(path: String, message: String) -> Self {
        Self { kind: "io", message, line: None, column: None, path }
    }

    /// A store whose bytes are not one.
    pub fn not_opened(path: String, error: OpenError) -> Self {
        Self {
            kind: error.kind.word(),
            message: error.message,
            line: Some(error.position.line),
            column: Some(error.position.column),
            path,
        }
    }

    /// Writes `{"format":1,"error":{…}}`.
    pub fn write_json(&self, out: impl io::Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Document<'e> {
            format: u32,
            error: &'e Unreadable,
        }
        json::write(out, &Document { format: 1, error: self })
    }
}

impl std::fmt::Display for Unreadable {
    /// `path:line:column: message`, as compilers print it, so that editors can jump to it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What the operating system refused may name the file itself.
        if self.kind == "io" && self.message.contains(&format!("{}: ", self.path)) {
            return f.write_str(&self.message);
        }
        f.write_str(&self.path)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}
