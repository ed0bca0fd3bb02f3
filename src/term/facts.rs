//! What is known of the terminal, in words, without asking or changing it.

use super::session;
use super::settings::Environment;

/// Size, kind, colours, and on Windows code pages and modes, each as a phrase.
///
/// # Errors
/// There is no terminal; why, in a sentence.
pub fn facts() -> Result<Vec<String>, String> {
    let terminal = session::look()?;
    let (width, height) = session::size();
    let kind = match terminal.kind {
        session::Kind::Sequences => "takes escape sequences",
        #[cfg(windows)]
        session::Kind::Cells(_) => "takes no escape sequences: cells are written",
    };
    let mut facts = vec![format!("{width} columns, {height} rows"), kind.to_owned()];
    facts.extend(session::facts());
    facts.extend(Environment::of_process(terminal).facts());
    Ok(facts)
}
