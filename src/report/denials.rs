//! Denied access checks and what would allow them, as text and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::show::escape;
use super::{json, shell};
use crate::hyperv::events::Log;
use crate::hyperv::explain::{self, Denial, Why};

/// Writes a paragraph for each account and place: what was denied, why, and the lines that would allow it.
pub fn write_text(mut out: impl Write, log: &Log, denials: &[Denial]) -> io::Result<()> {
    let place = |denial: &Denial| {
        let attempt = &denial.attempt;
        (attempt.account.clone(), attempt.application.clone(), attempt.scope.clone())
    };
    for same in denials.chunk_by(|a, b| place(a) == place(b)) {
        let Some(first) = same.first() else { continue };
        writeln!(out, "{}", heading(first))?;
        for denial in same {
            let times = if denial.count == 1 { "once".to_owned() } else { format!("{} times", denial.count) };
            writeln!(out, "  {} denied {times}", operation(denial))?;
            write!(out, "    {}", escape(&denial.sentence))?;
            if denial.why == Why::UnknownAccount {
                let told = format!("{}=S-1-…", denial.attempt.account);
                write!(out, " --sid {} says it.", escape(&shell::word(&told)))?;
            }
            writeln!(out)?;
        }
        let fixes = explain::all_fixes(same);
        if !fixes.is_empty() {
            writeln!(out, "  The smallest grant:")?;
            fixes.iter().try_for_each(|change| writeln!(out, "    {}", escape(&change.to_string())))?;
        }
        writeln!(out)?;
    }
    let total: u64 = denials.iter().map(|denial| denial.count).sum::<u64>() + log.more;
    writeln!(out, "{}", sums(log, denials.len(), total))?;
    for url in &log.stores {
        writeln!(out, "The events say that the store was {}.", escape(url))?;
    }
    Ok(())
}

/// `CONTOSO\joe (S-1-…) in "Joes VM Scope"`.
pub fn heading(denial: &Denial) -> String {
    let account = escape(&denial.attempt.account);
    let sid = denial.sid.map(|sid| format!(" ({sid})")).filter(|sid| !sid.contains(&*account));
    let place = match &denial.attempt.scope {
        Some(scope) => format!("\"{}\"", escape(scope)),
        None => "the default scope".to_owned(),
    };
    format!("{account}{} in {place}", sid.unwrap_or_default())
}

/// `Start Virtual Machine (315)`.
pub fn operation(denial: &Denial) -> String {
    match denial.attempt.id {
        Some(id) => format!("{} ({id})", escape(&denial.operation)),
        None => escape(&denial.operation).into_owned(),
    }
}

/// `2 different denials, 14 in all; 3 attempts were allowed`.
pub fn sums(log: &Log, different: usize, total: u64) -> String {
    if log.is_empty() {
        return "There is no event in it.".to_owned();
    }
    let denied = match different {
        0 => "Nothing was denied".to_owned(),
        1 => format!("1 denial, {total} in all"),
        _ => format!("{different} different denials, {total} in all"),
    };
    let counted = |count: u64, one: &str, several: &str| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { several }))
    };
    let untold = "of them are not told apart because there are too many";
    let parts = [
        Some(denied),
        counted(log.more, untold, untold),
        counted(log.allowed, "attempt was allowed", "attempts were allowed"),
        counted(log.others, "event is about something else", "events are about something else"),
    ];
    format!("{}.", parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// Writes `{"format":1,"denials":[…]}`.
pub fn write_json(out: impl Write, denials: &[Denial]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document {
        format: u32,
        denials: Vec<Shape>,
    }
    json::write(out, &Document { format: 1, denials: denials.iter().map(shape).collect() })
}

#[derive(Serialize)]
struct Shape {
    account: String,
    sid: Option<String>,
    application: String,
    operation: OperationShape,
    scope: Option<String>,
    count: u64,
    why: &'static str,
    fix: Vec<String>,
}

#[derive(Serialize)]
struct OperationShape {
    id: Option<u32>,
    name: String,
}

fn shape(denial: &Denial) -> Shape {
    Shape {
        account: denial.attempt.account.clone(),
        sid: denial.sid.map(|sid| sid.to_string()),
        application: denial.attempt.application.clone(),
        operation: OperationShape { id: denial.attempt.id, name: denial.operation.clone() },
        scope: denial.attempt.scope.clone(),
        count: denial.count,
        why: denial.why.word(),
        fix: denial.fix.iter().map(ToString::to_string).collect(),
    }
}
