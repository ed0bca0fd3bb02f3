//! What saving would write: as objects, as lines of the file, what is wrong with it, and what must be asked first.

use crate::access::guard::{self, Objection};
use crate::check::{Finding, Severity};
use crate::store::{Difference, Kind, What};
use crate::xml::{Patch, Rendering};

use super::dialog::{Consent, SaveDialog, SaveLine};
use super::search::account_name;
use super::state::Doc;
use super::wrap::wrap;

/// Lines shown of each part; a change to a million objects is not read line by line.
const MOST: usize = 2000;
/// Characters shown of the line on each side of what changes in it.
const AROUND: usize = 60;

/// Cells that stand before an objection's sentence: its sign, and the column of codes.
const BEFORE_SENTENCE: usize = 10;

/// The save dialog of a document, in a dialog of so many cells.
///
/// # Errors
/// What the file holds can no longer be compared with the store; nothing must be saved then.
pub fn dialog(doc: &mut Doc, cells: usize) -> Result<SaveDialog, String> {
    let objections = objections(doc)?;
    let mut lines = asking(&objections, cells.saturating_sub(BEFORE_SENTENCE));
    lines.extend(objects(doc));
    Ok(SaveDialog {
        title: format!("Save {}", doc.title()),
        objects: lines,
        xml: xml(&doc.store().rendering(), doc.session.saved()),
        show_xml: false,
        top: 0,
        on_save: true,
        consent: Consent::new(objections.into_iter().map(|objection| objection.name)),
    })
}

/// What the guard says. A file that is not there yet holds nothing that anybody could lose.
fn objections(doc: &mut Doc) -> Result<Vec<Objection>, String> {
    if !doc.on_disk {
        return Ok(Vec::new());
    }
    guard::of_session(&mut doc.session)
        .map_err(|error| format!("What the file holds cannot be compared: {error}. Reload it with F5."))
}

/// The objections, before everything else.
fn asking(objections: &[Objection], cells: usize) -> Vec<SaveLine> {
    if objections.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![SaveLine::text("Saving asks first")];
    for objection in objections {
        let sign = std::iter::once('!').chain(std::iter::repeat('>'));
        let what = std::iter::once("asks").chain(std::iter::repeat(""));
        let parts = wrap(&objection.sentence, cells.max(20));
        lines.extend(sign.zip(what).zip(parts).map(|((sign, what), text)| SaveLine {
            sign,
            what: what.to_owned(),
            text,
            place: String::new(),
        }));
    }
    lines.push(SaveLine::text(""));
    lines
}

fn objects(doc: &mut Doc) -> Vec<SaveLine> {
    let differences = doc.session.unsaved();
    let mut lines = vec![SaveLine::text(match differences.len() {
        0 if doc.on_disk => "Nothing in the store differs from the file",
        0 => "A new file",
        _ => "What changes",
    })];
    lines.extend(differences.iter().take(MOST).map(line));
    if differences.len() > MOST {
        lines.push(SaveLine::text(format!("and {} more", differences.len().saturating_sub(MOST))));
    }
    lines.push(SaveLine::text(""));
    lines.extend(findings(doc));
    lines
}

/// One difference as a line: sign, what, name, where.
pub fn line(difference: &Difference) -> SaveLine {
    let place = |word: &str| match (&difference.scope, difference.kind) {
        (_, Kind::Store) => String::new(),
        (Some(scope), _) => format!("{word} {} in {scope}", difference.name),
        (None, _) => format!("{word} {}", difference.name),
    };
    let level = difference.scope.as_ref().map_or_else(String::new, |scope| format!("in {scope}"));
    let of = place("of");
    let make =
        |sign, what: &str, text: String, place: String| SaveLine { sign, what: what.to_owned(), text, place };
    let value = |text: &Option<String>| match text.as_deref() {
        None | Some("") => "none".to_owned(),
        Some(text) => text.to_owned(),
    };
    match &difference.what {
        What::Added => make('+', difference.kind.word(), difference.name.clone(), level),
        What::Removed => make('-', difference.kind.word(), difference.name.clone(), level),
        What::Moved { from } => {
            make('~', difference.kind.word(), difference.name.clone(), format!("was {from}"))
        }
        What::Attribute { name, old, .. } if name == "Name" => {
            make('~', difference.kind.word(), difference.name.clone(), format!("was {}", value(old)))
        }
        What::Attribute { name, new, .. } => make('~', attribute_word(name), value(new), of),
        What::Text { kind, new, .. } => make('~', kind.word(), value(new), of),
        What::Linked { kind, text, target } => {
            make('+', kind.word(), named(text, target.as_ref()), place("of"))
        }
        What::Unlinked { kind, text, target } => {
            make('-', kind.word(), named(text, target.as_ref()), place("of"))
        }
    }
}

fn attribute_word(name: &str) -> &str {
    match name {
        "Description" => "description",
        "ApplicationVersion" => "version",
        "GroupType" => "type",
        "BizRuleImportedPath" => "rule path",
        other => other,
    }
}

/// What is linked: the target's name, the account's name and SID, or the bare text.
fn named(text: &str, target: Option<&String>) -> String {
    match (target, account_name(text)) {
        (Some(target), _) => target.clone(),
        (None, Some(name)) => format!("{name} ({text})"),
        (None, None) => text.to_owned(),
    }
}

/// The findings about what differs, the worst first.
fn findings(doc: &Doc) -> Vec<SaveLine> {
    let mut found: Vec<&Finding> = doc
        .marks
        .objects()
        .filter(|&object| doc.store().is_live(object))
        .flat_map(|object| doc.findings_about(object))
        .collect();
    found.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.object.cmp(&b.object)));
    let heading = match found.len() {
        0 => "No problems in what changed".to_owned(),
        1 => "1 problem in what changed".to_owned(),
        count => format!("{count} problems in what changed"),
    };
    let mut lines = vec![SaveLine::text(heading)];
    lines.extend(found.iter().take(MOST).map(|finding| SaveLine {
        sign: sign(finding.severity),
        what: finding.code.to_owned(),
        text: format!("{}: {}", doc.store().name(finding.object), finding.message),
        place: String::new(),
    }));
    lines
}

/// The sign of a severity.
pub const fn sign(severity: Severity) -> char {
    match severity {
        Severity::Info => '·',
        Severity::Warning | Severity::Error => '!',
    }
}

/// What saving changes in the text of the file, each place with its line.
fn xml(now: &Rendering, saved: &Rendering) -> Vec<SaveLine> {
    let document = &now.document;
    let place = |patch: &Patch| document.position(patch.span.start).line;
    let mut lines = Vec::new();
    for patch in now.patches.iter().filter(|patch| !saved.patches.contains(patch)) {
        let before = saved.patches.iter().find(|other| other.span == patch.span);
        let old = before.map_or_else(|| document.get(patch.span), |other| other.text.as_str());
        push(&mut lines, now, patch, (old, &patch.text), place(patch));
    }
    for patch in
        saved.patches.iter().filter(|patch| !now.patches.iter().any(|other| other.span == patch.span))
    {
        push(&mut lines, now, patch, (&patch.text, document.get(patch.span)), place(patch));
    }
    if lines.is_empty() {
        lines.push(SaveLine::text("No byte of the file changes."));
    }
    lines.truncate(MOST);
    lines
}

/// The lines of one place: what goes and what comes. A value is shown with what stands around it in its line;
/// elements stand for themselves, each on a line of its own, however they are glued in the file.
fn push(
    lines: &mut Vec<SaveLine>,
    rendering: &Rendering,
    patch: &Patch,
    (old, new): (&str, &str),
    number: u32,
) {
    let text = rendering.document.text();
    let is_value = !old.contains(['<', '>']) && !new.contains(['<', '>']);
    let around = if is_value { AROUND } else { 0 };
    let before = text.get(..patch.span.start as usize).unwrap_or_default();
    let behind = text.get(patch.span.end as usize..).unwrap_or_default();
    let head = last_chars(before.rsplit(['\n', '>']).next().unwrap_or_default(), around);
    let tail: String =
        behind.split_inclusive(['\n', '>']).next().unwrap_or_default().chars().take(around).collect();
    for (sign, middle) in [('-', old), ('+', new)] {
        if middle.trim().is_empty() && !is_value {
            continue;
        }
        let whole = format!("{head}{middle}{tail}");
        for line in whole.replace("><", ">\n<").lines().filter(|line| !line.trim().is_empty()) {
            let shown = line.trim_end().replace('\t', "  ");
            lines.push(SaveLine { sign, what: format!("line {number}"), text: shown, place: String::new() });
        }
    }
}

fn last_chars(text: &str, count: usize) -> String {
    let skipped = text.chars().count().saturating_sub(count);
    text.chars().skip(skipped).collect()
}
