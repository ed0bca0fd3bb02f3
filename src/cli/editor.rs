//! `azedit [STORE]…`: hands over to the full-screen editor.

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::{EditorArgs, Glyphs};
use super::failure::{Code, Failure};
use super::{consent, end, load, machine, note, save};
use crate::accounts::{Names, host};
use crate::files;
use crate::term::{self, Ask, Options, Source, Start, Tier, Wishes};

/// Runs the editor until the user leaves it.
pub fn run(args: EditorArgs) -> ExitCode {
    match options(args) {
        Ok(options) => term::run(options),
        Err(failure) => ExitCode::from(end(&failure) as u8),
    }
}

/// Prints the annotated default configuration.
pub fn print_config(out: &mut dyn Write) -> Result<Code, Failure> {
    out.write_all(term::annotated_config().as_bytes())?;
    Ok(Code::Done)
}

fn options(args: EditorArgs) -> Result<Options, Failure> {
    let start = if args.sample {
        Start::Sample
    } else {
        // What cannot be a store is said here, not on a screen that comes and goes.
        let named = args.stores.iter().map(|store| file(store)).collect::<Result<Vec<_>, _>>()?;
        Start::Stores(if named.is_empty() { machine::live_file().into_iter().collect() } else { named })
    };
    let glyphs = args.glyphs.map(|glyphs| match glyphs {
        Glyphs::Ascii => Tier::Ascii,
        Glyphs::Cp437 => Tier::Cp437,
        Glyphs::Unicode => Tier::Unicode,
    });
    let mut names = Names::default();
    for map in &args.names.names {
        term::names::load(map, &mut names).map_err(Failure::Usage)?.iter().for_each(|told| note(told));
    }
    let ask: Option<Ask> = (host::CAN_BE_ASKED && !args.names.no_lookup).then_some(host::ask);
    Ok(Options {
        start,
        read_only: args.read_only,
        wishes: Wishes { theme: args.theme, glyphs, plain: args.plain, config: args.config },
        state: save::state().map_err(|error| error.to_string()),
        locate,
        same_file: files::same,
        about_file: if args.edit_vmm { machine::about_asked } else { machine::about },
        ask_log: machine::store_not_read,
        facts: consent::facts(Vec::new()),
        names,
        ask,
        machines: machines(args.inventory, args.host),
    })
}

/// Whose virtual machines to show: those of a file, or of a host. `.` is this machine.
fn machines(inventory: Option<PathBuf>, host: Option<String>) -> Option<Source> {
    let file = inventory.map(|path| Source::File(std::path::absolute(&path).unwrap_or(path)));
    file.or_else(|| host.map(|name| Source::Host(Some(name).filter(|name| name != "."))))
}

/// The file that a name means, as a path that means the same wherever the editor is by then.
fn file(name: &OsStr) -> Result<PathBuf, Failure> {
    let file = load::file(name)?;
    Ok(std::path::absolute(&file).unwrap_or(file))
}

/// What the user may type where the editor asks for a store.
fn locate(name: &str) -> Result<PathBuf, String> {
    file(term::at_home(name).as_os_str()).map_err(|failure| match failure {
        Failure::Unreadable(unreadable) => unreadable.message,
        failure => failure.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn options_of(words: &[&str]) -> Result<Options, Failure> {
        options(super::super::args::Cli::parse_from([&["azedit"], words].concat()).editor)
    }

    #[test]
    fn what_the_editor_opens() {
        assert_eq!(options_of(&[]).unwrap().start, Start::Stores(Vec::new()));
        assert_eq!(options_of(&["--sample"]).unwrap().start, Start::Sample);
        let options = options_of(&["a.xml", "--read-only", "--glyphs", "ascii", "--theme", "mono"]).unwrap();
        assert_eq!(options.start, Start::Stores(vec![std::path::absolute("a.xml").unwrap()]));
        let several = ["a.xml", "b.xml"].map(|name| std::path::absolute(name).unwrap());
        assert_eq!(options_of(&["a.xml", "b.xml"]).unwrap().start, Start::Stores(several.to_vec()));
        assert!(options.read_only);
        assert_eq!(options.wishes.glyphs, Some(Tier::Ascii));
        assert_eq!(options.wishes.theme.as_deref(), Some("mono"));
    }

    #[test]
    fn what_may_be_typed_is_what_may_be_given() {
        assert_eq!(locate("b.xml"), Ok(std::path::absolute("b.xml").unwrap()));
        #[cfg(unix)]
        assert_eq!(locate("msxml:///srv/a%20b.xml"), Ok(PathBuf::from("/srv/a b.xml")));
        assert!(locate("msldap://server/CN=x").unwrap_err().contains("Active Directory"));
    }

    #[test]
    fn what_it_cannot_open_ends_it_before_it_begins() {
        assert_eq!(options_of(&["a.xml", "-"]).unwrap_err().code(), Code::Usage);
        assert_eq!(options_of(&["-"]).unwrap_err().code(), Code::Usage);
        assert_eq!(options_of(&["msldap://server/CN=x"]).unwrap_err().code(), Code::Unreadable);
    }
}
