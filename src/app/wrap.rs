//! Breaking text into lines.

use unicode_segmentation::UnicodeSegmentation;

use crate::report::show;

/// Breaks a text into lines of at most `cells` cells as shown (escapes counted): at blanks, and inside a word only
/// where the word alone is wider. Lines keep the indent of the first. There is always one line.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let width = |text: &str| show::width(&show::escape(text));
    let cells = cells.max(1);
    if width(text) <= cells {
        return vec![text.to_owned()];
    }
    let indent: String = text.chars().take_while(|c| *c == ' ').take(cells / 2).collect();
    let mut lines = vec![indent.clone()];
    let mut used = indent.len();
    let mut is_fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let wanted = width(word).saturating_add(usize::from(!is_fresh));
        if used.saturating_add(wanted) > cells && !is_fresh {
            lines.push(indent.clone());
            used = indent.len();
            is_fresh = true;
        }
        if !is_fresh {
            used = used.saturating_add(1);
            push(&mut lines, " ");
        }
        is_fresh = false;
        if used.saturating_add(width(word)) <= cells {
            used = used.saturating_add(width(word));
            push(&mut lines, word);
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = width(grapheme);
            if used.saturating_add(wide) > cells && used > indent.len() {
                lines.push(indent.clone());
                used = indent.len();
            }
            used = used.saturating_add(wide);
            push(&mut lines, grapheme);
        }
    }
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn breaks_at_blanks_and_long_words_where_they_must() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 3), [""]);
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_nothing_is_lost(text in "[a-z管é \u{7}]{0,60}", cells in 8usize..30) {
            let lines = wrap(&text, cells);
            for line in &lines {
                prop_assert!(show::width(&show::escape(line)) <= cells, "{line:?}");
            }
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
