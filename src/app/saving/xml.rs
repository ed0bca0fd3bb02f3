//! What saving changes in the text of the file: each place with its line.

use std::collections::BTreeMap;

use crate::xml::{Patch, Rendering, Span};

use super::MOST;
use crate::app::dialog::SaveLine;

/// Characters shown of the line on each side of what changes in it.
const AROUND: usize = 60;

/// What saving changes in the text of the file, each place with its line.
pub(super) fn lines(now: &Rendering, saved: &Rendering) -> Vec<SaveLine> {
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
            ..SaveLine::default()
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
