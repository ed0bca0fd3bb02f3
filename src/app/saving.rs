//! What saving would write: as objects, as lines of the file, what is wrong with it, and what must be asked first.

use std::collections::BTreeMap;

use crate::access::guard::{self, Facts, Objection};
use crate::check::{Finding, Severity};
use crate::store::{Difference, Kind, What};
use crate::xml::{Patch, Rendering, Span};

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
pub fn dialog(doc: &mut Doc, facts: &Facts, cells: usize) -> Result<SaveDialog, String> {
    let objections = objections(doc, facts)?;
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
fn objections(doc: &mut Doc, facts: &Facts) -> Result<Vec<Objection>, String> {
    if !doc.on_disk {
        return Ok(Vec::new());
    }
    guard::of_session(&mut doc.session, facts)
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
        What::Unknown { new, .. } if new.is_empty() => make('-', "unknown", "what it held".to_owned(), of),
        What::Unknown { new, .. } => make('~', "unknown", new.join(", "), of),
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
    // Several patches may insert at one place.
    let mut places: BTreeMap<(u32, u32), [Option<String>; 2]> = BTreeMap::new();
    for (side, rendering) in [saved, now].into_iter().enumerate() {
        for Patch { span, text } in rendering.patches.iter() {
            if let Some(there) = places.entry((span.start, span.end)).or_default().get_mut(side) {
                there.get_or_insert_default().push_str(text);
            }
        }
    }
    places.retain(|_, [old, new]| old != new);
    let mut lines = Vec::new();
    for (&(start, end), [old, new]) in &places {
        let span = Span { start, end };
        let [old, new] = [old, new].map(|text| text.as_deref().unwrap_or_else(|| document.get(span)));
        push(&mut lines, now, span, (old, new));
    }
    if lines.is_empty() {
        lines.push(SaveLine::text(if places.is_empty() {
            "No byte of the file changes."
        } else {
            "Only white space changes."
        }));
    }
    lines.truncate(MOST);
    lines
}

/// The lines of one place: what goes and what comes. A value is shown with what stands around it in its line;
/// elements stand for themselves, each on a line of its own, however they are glued in the file.
fn push(lines: &mut Vec<SaveLine>, rendering: &Rendering, span: Span, (old, new): (&str, &str)) {
    let text = rendering.document.text();
    let number = rendering.document.position(span.start).line;
    let is_value = !old.contains(['<', '>']) && !new.contains(['<', '>']);
    let around = if is_value { AROUND } else { 0 };
    let before = text.get(..span.start as usize).unwrap_or_default();
    let behind = text.get(span.end as usize..).unwrap_or_default();
    let head = last_chars(before.rsplit(['\n', '>']).next().unwrap_or_default(), around);
    let tail: String =
        behind.split_inclusive(['\n', '>']).next().unwrap_or_default().chars().take(around).collect();
    let shown = |middle: &str| -> Vec<String> {
        if middle.trim().is_empty() && !is_value {
            return Vec::new();
        }
        let whole = format!("{head}{middle}{tail}").replace("><", ">\n<");
        let full = whole.lines().filter(|line| !line.trim().is_empty());
        full.map(|line| line.trim_end().replace('\t', "  ")).collect()
    };
    let (old, new) = (shown(old), shown(new));
    let (old, new) = without_common(&old, &new);
    for (sign, texts) in [('-', old), ('+', new)] {
        lines.extend(texts.iter().map(|text| SaveLine {
            sign,
            what: format!("line {number}"),
            text: text.clone(),
            place: String::new(),
        }));
    }
}

/// Two lists without what both begin with and what both end with.
fn without_common<'a>(mut a: &'a [String], mut b: &'a [String]) -> (&'a [String], &'a [String]) {
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    while let ([a_rest @ .., x], [b_rest @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    (a, b)
}

fn last_chars(text: &str, count: usize) -> String {
    let skipped = text.chars().count().saturating_sub(count);
    text.chars().skip(skipped).collect()
}
