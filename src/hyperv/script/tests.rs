use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const GUID: Uuid = Uuid::from_u128(0xE57917F3_31C3_456E_B1BA_5E45B4CC7E0C);

fn order(name: &str, to: &str) -> Move {
    Move { guid: GUID, name: name.to_owned(), from: Some(name.to_owned()), to: to.to_owned() }
}

/// The text that an expression of either language is, read as the language reads it: quoted parts and numbered
/// characters, joined. `None` for anything else.
fn value(expression: &str, quote: char, join: &str, number: &str, close: &str) -> Option<Vec<u16>> {
    let mut units = Vec::new();
    let mut rest = expression;
    loop {
        if let Some(quoted) = rest.strip_prefix(quote) {
            let (text, after) = quoted.split_once(quote)?;
            units.extend(text.encode_utf16());
            rest = after;
        } else {
            let digits = rest.strip_prefix(number)?;
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            let (digits, after) = digits.split_at(end);
            units.push(digits.parse().ok()?);
            rest = after.strip_prefix(close)?;
        }
        if rest.is_empty() {
            return Some(units);
        }
        rest = rest.strip_prefix(join)?;
    }
}

/// The scope of the only move of a script, read back out of its plan.
fn planned_scope(script: &str, language: Language) -> String {
    let (_, plan) = script.split_once(MARK).unwrap();
    let mut units = Vec::new();
    for line in plan.lines() {
        let read = match language {
            Language::VbScript => line
                .strip_prefix("Scope = Scope & ")
                .or_else(|| line.strip_prefix("Plan \"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\", "))
                .filter(|rest| *rest != "Scope")
                .map(|rest| value(rest, '"', " & ", "ChrW(", ")")),
            Language::PowerShell => {
                line.strip_prefix("$Scope = $Scope + ").map(|rest| value(rest, '\'', " + ", "[char]", ""))
            }
        };
        if let Some(read) = read {
            units.extend(read.unwrap_or_else(|| panic!("not an expression: {line}")));
        }
    }
    String::from_utf16(&units).unwrap()
}

fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "'",
        "\u{2018}",
        "\u{2019}",
        "\u{201A}",
        "\u{201B}",
        "\u{201C}",
        "\u{201D}",
        "\u{201E}",
        "%",
        "$",
        "`",
        "$(calc)",
        "\" & CreateObject(\"WScript.Shell\").Run(\"calc\") & \"",
        "'; calc; '",
        "\r\n",
        "\n",
        "\r",
        "\t",
        "\u{2028}",
        "\u{85}",
        "\u{1B}",
        " _",
        "_",
        ":",
        "<%",
        "-->",
        "</script>",
        "#>",
        "@'",
        "\\",
        "é",
        "管",
        "😀",
        "\u{202E}",
        "\u{FEFF}",
        "\u{1}",
        "a",
        "Joes VM Scope",
        "---- The plan ----",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_name_is_one_plain_expression(name in hostile(), to in hostile()) {
        for language in [Language::VbScript, Language::PowerShell] {
            // A host's name has at most 255 characters, and is not broken into lines.
            let host: String = name.chars().take(60).collect();
            let script = moving(language, &host, &[order(&name, &to)]).unwrap();
            prop_assert_eq!(planned_scope(&script, language), to.clone());
            let (_, plan) = script.split_once(MARK).unwrap();
            let comment = if language == Language::VbScript { '\'' } else { '#' };
            for line in plan.split("\r\n") {
                prop_assert!(line.chars().all(|c| matches!(c, ' '..='~')), "{}", line);
                prop_assert!(line.starts_with(comment) && line.ends_with('.') || line.len() < 1000, "{}", line);
                prop_assert!(!line.trim_end().ends_with(" _"), "{}", line);
            }
        }
    }

    #[test]
    fn any_text_at_all_comes_back(to in "[^\0]{0,200}") {
        for language in [Language::VbScript, Language::PowerShell] {
            let script = moving(language, ".", &[order("a", &to)]).unwrap();
            prop_assert_eq!(planned_scope(&script, language), to.clone());
        }
    }
}

#[test]
fn an_ordinary_plan_reads_well() {
    let script =
        moving(Language::VbScript, "HV01", &[order("Joes VM", "Joes VM Scope"), order("", "")]).unwrap();
    let (_, plan) = script.split_once(MARK).unwrap();
    assert_eq!(
        plan,
        "\r\nTargetHost = \"HV01\"\r\n' \"Joes VM\" leaves \"Joes VM\".\r\n\
         Plan \"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\", \"Joes VM Scope\"\r\n\
         ' A machine leaves the default scope.\r\nPlan \"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\", \"\"\r\nRunPlan\r\n"
    );
}

#[test]
fn the_mark_stands_in_a_script_once() {
    for language in [Language::VbScript, Language::PowerShell] {
        let script = listing(language, ".").unwrap();
        assert_eq!(script.matches(MARK).count(), 1);
        assert!(script.is_ascii());
        assert!(script.lines().all(|line| line.len() < 200));
    }
}

#[test]
fn what_no_scope_can_be_named_is_refused() {
    let refused = |host: &str, to: &str| moving(Language::VbScript, host, &[order("a", to)]).unwrap_err();
    assert_eq!(refused(".", "a\0b"), ScriptError::Nul("a scope"));
    assert_eq!(refused("a\0", "b"), ScriptError::Nul("the host"));
    assert_eq!(refused(".", &"x".repeat(65537)), ScriptError::TooLong);
    assert!(moving(Language::PowerShell, ".", &[order("a", &"x".repeat(65536))]).is_ok());
}

#[test]
fn the_reader_of_this_test_can_fail() {
    assert_eq!(value("\"a\" & b", '"', " & ", "ChrW(", ")"), None);
    assert_eq!(value("\"a\"b\"", '"', " & ", "ChrW(", ")"), None);
}
