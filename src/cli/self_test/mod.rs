//! `self-test`: does what azedit relies on work on this machine, and what is this machine.
//!
//! Everything is done in a temporary folder of its own, which goes again; the live store is read and nothing else. The
//! report names no account, no folder and no machine unless that is asked for: it is made to be attached to an issue.

mod accounts;
mod saving;
mod surroundings;

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::args::{SelfTestArgs, TextOrJson};
use super::failure::{Code, Failure};
use crate::files;
use crate::report::json;
use crate::report::show::escape;

/// What came of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "outcome", content = "detail")]
enum Outcome {
    /// It works; how that was seen.
    Pass(String),
    /// It does not; what was seen instead.
    Fail(String),
    /// It was not tried; why.
    Skipped(String),
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Check {
    /// `saving`, `accounts`, `console` …
    group: &'static str,
    /// What is checked.
    #[serde(rename = "check")]
    what: &'static str,
    #[serde(flatten)]
    outcome: Outcome,
}

/// The checks so far.
#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, group: &'static str, what: &'static str, outcome: Outcome) {
        self.0.push(Check { group, what, outcome });
    }

    /// A check that passes with a phrase or fails with one.
    fn tried(&mut self, group: &'static str, what: &'static str, tried: Result<String, String>) {
        let outcome = match tried {
            Ok(seen) => Outcome::Pass(seen),
            Err(why) => Outcome::Fail(why),
        };
        self.add(group, what, outcome);
    }

    fn count(&self, is_one: impl Fn(&Outcome) -> bool) -> usize {
        self.0.iter().filter(|check| is_one(&check.outcome)).count()
    }
}

/// The whole report.
#[derive(Serialize)]
struct Document<'c> {
    format: u32,
    version: &'static str,
    target: String,
    system: String,
    passed: usize,
    failed: usize,
    skipped: usize,
    checks: &'c [Check],
}

/// Runs every check and prints the report. Exits with 1 when one fails.
pub fn run(args: &SelfTestArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let mut checks = Checks::default();
    let folder = Folder::new();
    match &folder {
        Ok(folder) => saving::check(&folder.0, &mut checks),
        Err(why) => checks.add("saving", "a temporary folder", Outcome::Fail(why.clone())),
    }
    accounts::check(args.with_names, &mut checks);
    surroundings::check(args.clipboard, &mut checks);
    if let Ok(folder) = &folder {
        surroundings::scripts(&folder.0, &mut checks);
    }
    let document = Document {
        format: 1,
        version: env!("CARGO_PKG_VERSION"),
        target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        system: surroundings::system(),
        passed: checks.count(|outcome| matches!(outcome, Outcome::Pass(_))),
        failed: checks.count(|outcome| matches!(outcome, Outcome::Fail(_))),
        skipped: checks.count(|outcome| matches!(outcome, Outcome::Skipped(_))),
        checks: &checks.0,
    };
    let mut text = Vec::new();
    match args.format {
        TextOrJson::Json => json::write(&mut text, &document)?,
        TextOrJson::Text => write_text(&mut text, &document)?,
    }
    match &args.output {
        Some(path) => {
            files::create(path, &text).map_err(|error| Failure::not_created(&error))?;
            writeln!(out, "{}: {}", escape(&path.display().to_string()), sums(&document))?;
        }
        None => out.write_all(&text)?,
    }
    Ok(if document.failed == 0 { Code::Done } else { Code::Found })
}

fn write_text(mut out: impl Write, document: &Document<'_>) -> std::io::Result<()> {
    writeln!(out, "azedit {} ({}) self-test", document.version, document.target)?;
    writeln!(out, "{}", escape(&document.system))?;
    let mut last = "";
    for Check { group, what, outcome } in document.checks {
        if *group != last {
            writeln!(out, "\n{group}")?;
            last = group;
        }
        let (word, detail) = match outcome {
            Outcome::Pass(seen) => ("pass", seen),
            Outcome::Fail(why) => ("FAIL", why),
            Outcome::Skipped(why) => ("skipped", why),
        };
        writeln!(out, "  {word:8} {what}: {}", escape(detail))?;
    }
    writeln!(out, "\n{}", sums(document))
}

/// `12 passed, 0 failed, 3 skipped`.
fn sums(document: &Document<'_>) -> String {
    let Document { passed, failed, skipped, .. } = document;
    format!("{passed} passed, {failed} failed, {skipped} skipped")
}

/// A folder that goes when the checks are done.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, String> {
        let path = std::env::temp_dir().join(format!("azedit-self-test-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).map_err(|error| format!("it cannot be made: {error}"))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left lies in a folder that the system empties.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
