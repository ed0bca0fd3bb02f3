//! Fuzzy matching: the letters that are typed, in their order, with anything between them.
//!
//! A match is worth more where a letter begins a word and where letters follow each other, so that `jvs` finds
//! "Joes VM Scope" before "Adjust virtual switch". Own code and no crate: it is one table of two rows, and names are
//! short.

/// Longest name that is looked at, in characters.
const LONGEST: usize = 256;
/// A letter that is found.
const LETTER: i32 = 4;
/// It begins a word.
const WORD: i32 = 8;
/// It follows the one before it.
const NEXT: i32 = 10;
/// It is the very first one.
const FIRST: i32 = 4;

/// What is typed, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pattern {
    words: Vec<Vec<char>>,
}

impl Pattern {
    /// The words of a text, case folded away.
    pub fn new(text: &str) -> Pattern {
        let words = text.split_whitespace();
        Pattern { words: words.map(|word| word.chars().flat_map(char::to_lowercase).collect()).collect() }
    }

    /// Nothing is typed: everything matches.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a name matches; where a word is not in the name it must be in what `beside` says of it (its kind, its
    /// place). `None`: it does not match.
    pub fn score(&self, name: &str, beside: impl FnOnce() -> String) -> Option<i32> {
        if self.is_empty() {
            return Some(0);
        }
        let letters: Vec<char> = name.chars().take(LONGEST).collect();
        let mut total = 0;
        let mut left = Vec::new();
        for word in &self.words {
            match in_letters(&letters, word) {
                Some(score) => total += score,
                None => left.push(word.iter().collect::<String>()),
            }
        }
        if !left.is_empty() {
            let beside = beside().to_lowercase();
            if !left.iter().all(|word| beside.contains(word.as_str())) {
                return None;
            }
        }
        // Of two names with the same letters the shorter one is meant.
        Some(total.saturating_sub(i32::try_from(letters.len() / 4).unwrap_or(0)))
    }
}

/// The best way to find the letters of a word (lower case, not empty) in this order.
fn in_letters(letters: &[char], word: &[char]) -> Option<i32> {
    let same = |letter: char, wanted: char| letter.to_lowercase().eq(std::iter::once(wanted));
    // Nearly all names fail here.
    let mut wanted = word.iter().peekable();
    for &letter in letters {
        wanted.next_if(|&&c| same(letter, c));
    }
    if wanted.peek().is_some() {
        return None;
    }
    // `best[i]`: the most that the letters of the word so far are worth with the last of them at `i`.
    let mut best: Vec<Option<i32>> = Vec::new();
    for (n, &wanted) in word.iter().enumerate() {
        let mut row = vec![None; letters.len()];
        // The best of the row before, up to the letter before the last.
        let mut before: Option<i32> = None;
        for (i, cell) in row.iter_mut().enumerate() {
            let adjacent = i.checked_sub(1).and_then(|i| best.get(i).copied().flatten());
            if letters.get(i).is_some_and(|&letter| same(letter, wanted)) {
                let reached = if n == 0 { Some(0) } else { before.max(adjacent.map(|score| score + NEXT)) };
                *cell = reached.map(|score| score + worth(letters, i));
            }
            before = before.max(adjacent);
        }
        best = row;
    }
    best.into_iter().flatten().max()
}

fn worth(letters: &[char], at: usize) -> i32 {
    let before = at.checked_sub(1).and_then(|at| letters.get(at));
    let Some(before) = before else { return LETTER + WORD + FIRST };
    let is_hump = before.is_lowercase() && letters.get(at).is_some_and(|letter| letter.is_uppercase());
    if is_hump || !before.is_alphanumeric() { LETTER + WORD } else { LETTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(pattern: &str, name: &str) -> Option<i32> {
        Pattern::new(pattern).score(name, || "scope Hyper-V services".to_owned())
    }

    /// The names that match, the best first.
    fn ranked<'n>(pattern: &str, names: &[&'n str]) -> Vec<&'n str> {
        let mut found: Vec<_> =
            names.iter().filter_map(|name| Some((score(pattern, name)?, *name))).collect();
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn letters_are_found_in_their_order_only() {
        assert!(score("jvs", "Joes VM Scope").is_some());
        assert!(score("svj", "Joes VM Scope").is_none());
        assert!(score("ÄÖ", "ärgerlich öde").is_some());
        assert!(score("", "anything").is_some());
    }

    #[test]
    fn beginnings_of_words_and_runs_come_first() {
        assert_eq!(ranked("jvs", &["adjust virtual switch", "Joes VM Scope"])[0], "Joes VM Scope");
        assert_eq!(ranked("start", &["Save the art", "Start Virtual Machine"])[0], "Start Virtual Machine");
        assert_eq!(ranked("admin", &["Administrators of it all", "Administrator"])[0], "Administrator");
        assert_eq!(ranked("vm", &["Overmuch", "StopVm"])[0], "StopVm");
    }

    #[test]
    fn a_word_may_be_in_the_place() {
        assert!(score("joe hyper", "Joes VM Scope").is_some());
        assert!(score("joe group", "Joes VM Scope").is_none());
    }

    /// The table finds what trying every way finds.
    #[test]
    fn the_best_way_is_found() {
        fn slow(letters: &[char], word: &[char], from: usize, last: Option<usize>) -> Option<i32> {
            let Some((&first, rest)) = word.split_first() else { return Some(0) };
            (from..letters.len())
                .filter(|&i| letters[i].to_lowercase().eq(std::iter::once(first)))
                .filter_map(|i| {
                    let next = if last.is_some_and(|last| last + 1 == i) { NEXT } else { 0 };
                    Some(worth(letters, i) + next + slow(letters, rest, i + 1, Some(i))?)
                })
                .max()
        }
        for name in ["aab ab aB", "abcabc", "a b a b", "bbaa", "aBaBab"] {
            let letters: Vec<char> = name.chars().collect();
            for word in ["a", "ab", "aab", "abb", "ba", "bab", "c"] {
                let word: Vec<char> = word.chars().collect();
                assert_eq!(in_letters(&letters, &word), slow(&letters, &word, 0, None), "{name} {word:?}");
            }
        }
    }
}
