//! Reading the words of a command line.

use std::any::TypeId;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PathBufValueParser, TypedValueParser};
use clap::{Arg, CommandFactory, FromArgMatches};

use super::Cli;

impl Cli {
    /// Reads a command line, the first word of which is the program's name.
    ///
    /// # Errors
    /// As clap says them; help and the version are among them.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
        let mut command = refusing_empty(Cli::command());
        let mut matches = command.try_get_matches_from_mut(words)?;
        Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    }
}

/// No word that names something is empty: nearly always that is a variable of a script that was not set. clap says which
/// argument it is.
fn refusing_empty(command: clap::Command) -> clap::Command {
    command.mut_args(refuse_empty).mut_subcommands(refusing_empty)
}

fn refuse_empty(arg: Arg) -> Arg {
    // A description that is to go is empty, and of an empty scope `vm move` says what is meant.
    let may_be_empty = matches!(arg.get_id().as_str(), "change" | "to");
    let kind = arg.get_value_parser().type_id();
    if may_be_empty || !arg.get_possible_values().is_empty() {
        arg
    } else if kind == TypeId::of::<String>() {
        arg.value_parser(NonEmptyStringValueParser::new())
    } else if kind == TypeId::of::<OsString>() {
        arg.value_parser(PathBufValueParser::new().map(PathBuf::into_os_string))
    } else {
        arg
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Glyphs;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        Cli::read([&["azedit"], words].concat().into_iter().map(OsString::from))
    }

    #[test]
    fn definitions_are_consistent() {
        refusing_empty(Cli::command()).debug_assert();
    }

    #[test]
    fn an_empty_word_is_no_name_and_the_argument_is_named() {
        for (words, named) in [
            (&["show", "a.xml", ""][..], "[OBJECT]"),
            (&["show", ""], "<STORE>"),
            (&["show", "a.xml", "--app", ""], "--app <NAME>"),
            (&["can", "a.xml", "", "100"], "<WHO>"),
            (&["who-can", "a.xml", ""], "<OPERATION>"),
            (&["restore", "a.xml", ""], "[ID]"),
            (&["vm", "move", "", "--to-default"], "[VM]..."),
            (&["edit", "a.xml", "--me", "", "create", "scope", "A"], "--me <SID>"),
            (&["a.xml", ""], "[STORE]..."),
        ] {
            let error = parse(words).unwrap_err().to_string();
            assert!(error.contains(&format!("a value is required for '{named}'")), "{words:?}: {error}");
        }
        for words in [
            &["edit", "a.xml", "describe", "scope", "A", ""][..],
            &["vm", "move", "A", "--to", ""],
            &["check", "--explain", "AZ-101"],
        ] {
            assert!(parse(words).is_ok(), "{words:?}");
        }
    }

    #[test]
    fn a_store_alone_opens_the_editor() {
        let cli = parse(&["a.xml", "--read-only", "--glyphs", "cp437"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.editor.stores, ["a.xml"]);
        assert_eq!(cli.editor.glyphs, Some(Glyphs::Cp437));
        assert!(parse(&["a.xml", "--sample"]).is_err());
    }

    #[test]
    fn explaining_needs_no_store() {
        assert!(parse(&["check"]).is_err());
        assert!(parse(&["check", "--explain", "AZ-101"]).is_ok());
        assert!(parse(&["check", "--explain", "AZ-101", "a.xml"]).is_err());
    }
}
