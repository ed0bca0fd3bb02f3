//! The script that lists and moves virtual machines on a Hyper-V host.
//!
//! The host is asked by a script and by nothing else, so that what runs can be read by anyone and needs nothing newer
//! than the host. Its text is one of two assets with a plan behind it. The plan is plain ASCII however hostile a name
//! is: every other character is given by its number, so that neither quotes nor the encoding of the file matter.

use std::fmt::Write as _;

use super::inventory::guid_text;
use super::moves::Move;

/// What a script is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// For every host that honours the store; Server Core 2008 has nothing else.
    VbScript,
    /// `PowerShell` 2.0 and later.
    PowerShell,
}

/// Why no script is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// No Windows name has one, and WMI would end the name there.
    #[error("the name of {0} has a NUL character")]
    Nul(&'static str),
    /// The limit of `AzMan`, in UTF-16 units.
    #[error("the name of a scope has at most 65536 characters")]
    TooLong,
}

/// The longest name of a scope.
const MAX_SCOPE: usize = 65536;
/// So many UTF-16 units of a name stand on one line: all languages have a longest line.
const UNITS: usize = 24;
/// What the plan begins with. The scripts look for it to write their undoing.
const MARK: &str = "---- The plan ----";

/// A script that lists the host's machines; `host` is `.` for the machine it runs on.
///
/// # Errors
/// [`ScriptError::Nul`] in the name of the host.
pub fn listing(language: Language, host: &str) -> Result<String, ScriptError> {
    let mut script = begin(language, host)?;
    script.push_str(match language {
        Language::VbScript => "RunList\n",
        Language::PowerShell => "Invoke-List\n",
    });
    Ok(finish(&script))
}

/// A script that moves machines, in this order.
///
/// # Errors
/// [`ScriptError`] for a name that no scope can have.
pub fn moving(language: Language, host: &str, moves: &[Move]) -> Result<String, ScriptError> {
    let mut script = begin(language, host)?;
    for order in moves {
        write_move(&mut script, language, order)?;
    }
    script.push_str(match language {
        Language::VbScript => "RunPlan\n",
        Language::PowerShell => "Invoke-Plan\n",
    });
    Ok(finish(&script))
}

fn begin(language: Language, host: &str) -> Result<String, ScriptError> {
    if host.contains('\0') {
        return Err(ScriptError::Nul("the host"));
    }
    let (body, comment, set) = match language {
        Language::VbScript => (include_str!("../../assets/vm.vbs"), '\'', "TargetHost = "),
        Language::PowerShell => (include_str!("../../assets/vm.ps1"), '#', "$TargetHost = "),
    };
    // Not of the length of a name: a host's is short.
    Ok(format!("{body}{comment} {MARK}\n{set}{}\n", literal(language, host)))
}

fn write_move(script: &mut String, language: Language, order: &Move) -> Result<(), ScriptError> {
    if order.to.contains('\0') {
        return Err(ScriptError::Nul("a scope"));
    }
    let units: Vec<u16> = order.to.encode_utf16().collect();
    if units.len() > MAX_SCOPE {
        return Err(ScriptError::TooLong);
    }
    let guid = guid_text(order.guid);
    let who = if order.name.is_empty() { "A machine".to_owned() } else { comment(&order.name) };
    let what = match order.from.as_deref() {
        None => "is moved".to_owned(),
        Some("") => "leaves the default scope".to_owned(),
        Some(from) => format!("leaves {}", comment(from)),
    };
    let about = format!("{who} {what}");
    // Writing to a string cannot fail.
    let _ = match language {
        Language::VbScript => {
            let _ = writeln!(script, "' {about}.");
            if units.len() <= UNITS {
                writeln!(script, "Plan \"{guid}\", {}", literal(language, &order.to))
            } else {
                script.push_str("Scope = \"\"\n");
                for part in units.chunks(UNITS) {
                    let _ = writeln!(script, "Scope = Scope & {}", units_literal(language, part));
                }
                writeln!(script, "Plan \"{guid}\", Scope")
            }
        }
        Language::PowerShell => {
            let _ = writeln!(script, "# {about}.");
            script.push_str("$Scope = ''\n");
            for part in units.chunks(UNITS) {
                let _ = writeln!(script, "$Scope = $Scope + {}", units_literal(language, part));
            }
            writeln!(script, "Add-Planned '{guid}' $Scope")
        }
    };
    Ok(())
}

/// Windows programs of that time want their line ends.
fn finish(script: &str) -> String {
    script.replace('\n', "\r\n")
}

/// A name for a reader: nothing in it ends a comment, and it never ends in a sign of continuation.
fn comment(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars().take(80) {
        match c {
            ' '..='~' => shown.push(c),
            c => {
                let _ = write!(shown, "\\u{{{:X}}}", u32::from(c));
            }
        }
    }
    shown.push('"');
    shown
}

/// An expression that is the text.
fn literal(language: Language, text: &str) -> String {
    units_literal(language, &text.encode_utf16().collect::<Vec<_>>())
}

/// An expression that is these UTF-16 units. A unit that is half of a character is one too.
fn units_literal(language: Language, units: &[u16]) -> String {
    let (quote, join, number) = match language {
        Language::VbScript => ('"', " & ", "ChrW("),
        Language::PowerShell => ('\'', " + ", "[char]"),
    };
    let mut expression = String::from(quote);
    let mut open = true;
    for &unit in units {
        match u8::try_from(unit).map(char::from) {
            Ok(c @ ' '..='~') if c != quote => {
                if !open {
                    expression.push_str(join);
                    expression.push(quote);
                    open = true;
                }
                expression.push(c);
            }
            _ => {
                if open {
                    expression.push(quote);
                    open = false;
                }
                let _ = write!(expression, "{join}{number}{unit}");
                if language == Language::VbScript {
                    expression.push(')');
                }
            }
        }
    }
    if open {
        expression.push(quote);
    }
    expression
}

#[cfg(test)]
mod tests;
