//! A name map: a text file of SIDs and names, written on one machine and read on another.
//!
//! A line is `SID<tab>NAME` and may go on with the kind of account; commas or semicolons do instead of tabs, and a field
//! may be quoted as in CSV. Where the second field is the SID and the first is not, they change places, as lists from
//! other programs have them. Empty lines and lines that begin with `#` say nothing; so does a first line of column names.

use super::{Account, Sid, Sort};
use std::collections::HashMap;
use std::fmt::Write as _;

/// The longest name, in characters. Windows' own are shorter.
pub const LONGEST_NAME: usize = 1024;
/// At most so many notes are kept; the last one counts the rest.
const NOTES: usize = 20;

/// A map that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// The accounts in the order of the file, each SID once.
    pub accounts: Vec<Account>,
    /// What is contradictory in it: which lines were left out and why, as sentences.
    pub notes: Vec<String>,
}

/// A line that is none; nothing of the file is used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {what}")]
pub struct MapError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// A sentence without its place.
    pub what: String,
}

/// Reads a map.
///
/// # Errors
/// The first line that is none.
pub fn read_map(text: &str) -> Result<Map, MapError> {
    let mut map = Map::default();
    // The name and line of each SID so far.
    let mut known: HashMap<Sid, (String, usize)> = HashMap::new();
    let mut by_name: HashMap<String, (Sid, usize)> = HashMap::new();
    let mut is_first = true;
    let mut notes = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{FEFF}').lines()) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let fields = fields(line).map_err(|(column, what)| MapError { line: number, column, what })?;
        let is_heading = std::mem::take(&mut is_first) && is_heading(&fields);
        if is_heading {
            continue;
        }
        let account = account(&fields).map_err(|(column, what)| MapError { line: number, column, what })?;
        if let Some((name, first)) = known.get(&account.sid) {
            if *name != account.name {
                notes.push(format!(
                    "Line {number}: {} is {name} by line {first}; {} is left out.",
                    account.sid, account.name
                ));
            }
            continue;
        }
        if let Some((sid, first)) = by_name.get(&account.name.to_lowercase()) {
            notes.push(format!(
                "Line {number}: {} is {sid} by line {first}, and {} too: by name neither is found.",
                account.name, account.sid
            ));
        }
        known.insert(account.sid, (account.name.clone(), number));
        by_name.entry(account.name.to_lowercase()).or_insert((account.sid, number));
        map.accounts.push(account);
    }
    let more = notes.len().saturating_sub(NOTES);
    notes.truncate(NOTES);
    if more > 0 {
        notes.push(format!("And {more} lines more contradict others."));
    }
    map.notes = notes;
    Ok(map)
}

/// Writes a map: tabs, `\n`, no quotes unless a name needs them.
pub fn write_map<'a>(accounts: impl Iterator<Item = &'a Account>) -> String {
    let mut text = String::from("# A name map of azedit: SID, name, kind.\n");
    for Account { sid, name, sort } in accounts {
        // A line's end would end the line; nothing that Windows has in a name does.
        let bare: String =
            name.chars().map(|c| if matches!(c, '\n' | '\r') { '\u{FFFD}' } else { c }).collect();
        let is_plain = !bare.contains(['\t', ',', ';', '"']) && bare == bare.trim() && !bare.is_empty();
        let written = if is_plain { bare } else { format!("\"{}\"", bare.replace('"', "\"\"")) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{sid}\t{written}\t{}", sort.word());
    }
    text
}

/// A field and the column it begins in.
type Field = (usize, String);
/// A column and what is wrong there.
type Wrong = (usize, String);

/// The fields of a line. What separates them is the first tab, semicolon or comma outside quotes.
fn fields(line: &str) -> Result<Vec<Field>, Wrong> {
    let mut quoted = false;
    let mut marks = line.chars().filter(|&c| {
        quoted ^= c == '"';
        !quoted && matches!(c, '\t' | ',' | ';')
    });
    let separator = if line.contains('\t') { Some('\t') } else { marks.next() };
    let mut fields = Vec::new();
    let mut rest = line.chars().zip(1..).peekable();
    loop {
        while rest.next_if(|(c, _)| *c == ' ').is_some() {}
        let begin = rest.peek().map_or_else(|| line.chars().count().saturating_add(1), |(_, column)| *column);
        let mut text = String::new();
        let mut end = None;
        if rest.next_if(|(c, _)| *c == '"').is_some() {
            loop {
                match rest.next() {
                    Some(('"', _)) if rest.next_if(|(c, _)| *c == '"').is_some() => text.push('"'),
                    Some(('"', _)) => break,
                    Some((c, _)) => text.push(c),
                    None => return Err((begin, "the quote that begins here has no end".to_owned())),
                }
            }
            while rest.next_if(|(c, _)| *c == ' ').is_some() {}
            end = rest.next();
            if let Some((c, column)) = end
                && Some(c) != separator
            {
                return Err((column, "a field ends with its quote".to_owned()));
            }
        } else {
            for (c, column) in rest.by_ref() {
                if Some(c) == separator {
                    end = Some((c, column));
                    break;
                }
                text.push(c);
            }
            text.truncate(text.trim_end().len());
        }
        fields.push((begin, text));
        if end.is_none() {
            return Ok(fields);
        }
    }
}

/// Whether a first line names columns.
fn is_heading(fields: &[Field]) -> bool {
    let begins = |text: &str| text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("S-1-"));
    !fields.iter().any(|(_, text)| begins(text))
        && fields.iter().any(|(_, text)| {
            let word = text.to_ascii_lowercase();
            word == "sid" || word == "objectsid"
        })
}

fn account(fields: &[Field]) -> Result<Account, Wrong> {
    let end = fields.last().map_or(1, |(column, text)| column.saturating_add(text.chars().count()));
    let parse = |at: usize| fields.get(at).map(|(_, text)| Sid::parse(text));
    let (sid_at, name_at) = match (parse(0), parse(1)) {
        (Some(Err(_)), Some(Ok(_))) => (1, 0),
        _ => (0, 1),
    };
    let (column, sid) = fields.get(sid_at).map_or((1, ""), |(column, text)| (*column, text));
    let sid = Sid::parse(sid).map_err(|error| (column, error.to_string()))?;
    let (column, name) = fields.get(name_at).map_or((end, ""), |(column, text)| (*column, text));
    if name.is_empty() {
        return Err((column, "no name: a line is a SID, a tab and a name".to_owned()));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err((column, format!("a name has at most {LONGEST_NAME} characters")));
    }
    let sort = fields.get(2).map_or(Sort::Untold, |(_, word)| Sort::of_word(word));
    Ok(Account { sid, name: name.to_owned(), sort })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let map = read_map(text).unwrap();
        assert_eq!(map.notes, Vec::<String>::new(), "{text}");
        map.accounts.into_iter().map(|account| (account.sid.to_string(), account.name)).collect()
    }

    fn joe() -> Vec<(String, String)> {
        vec![("S-1-5-21-1-2-3-1104".to_owned(), "CONTOSO\\joe".to_owned())]
    }

    #[test]
    fn lists_of_several_makes_are_read() {
        for text in [
            "S-1-5-21-1-2-3-1104\tCONTOSO\\joe",
            "\u{FEFF}# by azedit\r\n\r\nS-1-5-21-1-2-3-1104\tCONTOSO\\joe\tuser\r\n",
            "SID,Name\nS-1-5-21-1-2-3-1104,CONTOSO\\joe\n",
            "\"S-1-5-21-1-2-3-1104\";\"CONTOSO\\joe\"\n",
            "\"CONTOSO\\joe\",\"S-1-5-21-1-2-3-1104\"\n",
            " S-1-5-21-1-2-3-1104 , CONTOSO\\joe \n",
        ] {
            assert_eq!(read(text), joe(), "{text:?}");
        }
        let quoted = "S-1-1-0,\"a \"\"b\"\", c\"";
        assert_eq!(read(quoted), [("S-1-1-0".to_owned(), "a \"b\", c".to_owned())]);
        assert_eq!(read_map("S-1-1-0\tx\tLocal Group").unwrap().accounts[0].sort, Sort::LocalGroup);
    }

    #[test]
    fn a_bad_line_says_where_it_is_bad() {
        for (text, line, column) in [
            ("S-1-1-0\tEveryone\nnonsense\n", 2, 1),
            ("S-1-1-0", 1, 8),
            ("S-1-1-0\t", 1, 9),
            ("S-1-1-0\t\tuser", 1, 9),
            ("\n\nS-1-5-21-x\tjoe", 3, 1),
            ("S-1-1-0,\"joe", 1, 9),
            ("S-1-1-0,\"joe\" x", 1, 15),
            ("joe\tS-1-5-", 1, 1),
        ] {
            let error = read_map(text).unwrap_err();
            assert_eq!((error.line, error.column), (line, column), "{text:?}: {error}");
        }
        let long = format!("S-1-1-0\t{}", "x".repeat(LONGEST_NAME + 1));
        assert!(read_map(&long).unwrap_err().what.contains("1024"));
    }

    #[test]
    fn contradictions_are_said_and_repeats_are_not() {
        let map =
            read_map("S-1-5-21-1-2-3-1\ta\nS-1-5-21-1-2-3-1\ta\nS-1-5-21-1-2-3-1\tb\nS-1-5-21-1-2-3-2\tA\n");
        let map = map.unwrap();
        assert_eq!(map.accounts.len(), 2);
        assert_eq!(map.notes.len(), 2, "{:?}", map.notes);
        assert!(map.notes[0].starts_with("Line 3: S-1-5-21-1-2-3-1 is a by line 1"), "{}", map.notes[0]);
        assert!(map.notes[1].starts_with("Line 4: A is S-1-5-21-1-2-3-1 by line 1"), "{}", map.notes[1]);
        let many = (0..100).map(|n| format!("S-1-1-0\tname {n}")).collect::<Vec<_>>().join("\n");
        assert_eq!(read_map(&many).unwrap().notes.len(), NOTES + 1);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(names in prop::collection::vec("[^\r\n\u{0}]{1,12}", 0..8)) {
            let accounts: Vec<Account> = (1..).zip(&names).map(|(number, name)| Account {
                sid: Sid::from_parts(5, [21, 1, 2, 3, number]),
                name: name.clone(),
                sort: [Sort::User, Sort::LocalGroup, Sort::Untold][number as usize % 3],
            }).collect();
            prop_assert_eq!(read_map(&write_map(accounts.iter())).unwrap().accounts, accounts);
        }

        #[test]
        fn nothing_makes_it_panic(text in "[S1,;\t\"\n# -]{0,40}|\\PC{0,40}") {
            let _ = read_map(&text);
        }
    }
}
