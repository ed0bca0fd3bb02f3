//! Words for the user's shell: a command that a message offers does what it says when it is pasted.

use super::show::is_hidden;

/// The text as one word of a command line: of a POSIX shell, on Windows of its two.
pub fn word(text: &str) -> String {
    if cfg!(windows) { windows_word(text) } else { posix_word(text) }
}

/// In single quotes nothing is special. What acts on a terminal or cannot be seen is written in octal, which
/// `$'…'` reads (POSIX.1-2024; bash, ksh and zsh before it).
fn posix_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.,:/@%+=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.chars().any(is_hidden) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let mut word = String::from("$'");
    for c in text.chars() {
        match c {
            '\\' | '\'' => word.extend(['\\', c]),
            c if is_hidden(c) => {
                let mut bytes = [0; 4];
                word.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("\\{byte:03o}")));
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

/// No name of a file holds a double quote there.
fn windows_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/\\".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_words() {
        assert_eq!(windows_word("C:\\a\\b.xml"), "C:\\a\\b.xml");
        assert_eq!(windows_word("C:\\Program Data\\b.xml"), "\"C:\\Program Data\\b.xml\"");
    }

    #[test]
    fn plain_words_stay_and_all_others_are_one_printable_line() {
        assert_eq!(posix_word("/srv/a-b_c.xml"), "/srv/a-b_c.xml");
        assert_eq!(posix_word("a$(cmd).xml"), "'a$(cmd).xml'");
        assert_eq!(posix_word("it's"), "'it'\\''s'");
        assert_eq!(posix_word("a\u{1b}[0m\u{202e}'\\"), "$'a\\033[0m\\342\\200\\256\\'\\\\'");
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_same_word() {
        for text in [
            "",
            "a b",
            "a$(echo x).xml",
            "`id`",
            "it's \"so\"",
            "a\\b",
            "~",
            "*",
            "!x",
            "é管",
            "-n;#&|<>",
            "a\nb",
        ] {
            // What is hidden needs more than every `sh` knows.
            let shells: &[&str] = if text.chars().any(is_hidden) { &["bash"] } else { &["sh", "bash"] };
            for shell in shells {
                let script = format!("printf %s. {}", posix_word(text));
                let Ok(output) = std::process::Command::new(shell).args(["-c", &script]).output() else {
                    continue;
                };
                assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{text}."), "{shell}");
            }
        }
    }
}
