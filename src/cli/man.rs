//! `man`: the manual page, one for all commands, made from the same definitions as `--help`.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::args::{CHANGES, Cli, STORES};
use super::failure::{Code, Failure};

const EXIT_STATUS: [(&str, &str); 8] = [
    ("0", "Done; for check nothing at the --fail-on level, for can yes, for diff no difference."),
    ("1", "Findings at that level; for can no or conditional; differences; a value that stands for no SID."),
    ("2", "The command line is wrong."),
    ("3", "The store cannot be read: not well-formed, not an AzMan store, encoding, limit, I/O."),
    (
        "4",
        "Refused, nothing written: the change is invalid, or the guard objects and names what --allow takes.",
    ),
    ("5", "Conflict, nothing written: the file changed since it was read."),
    ("6", "Saving failed; the file on disk is the old one, complete."),
    ("7", "Replaced, but the disk did not confirm it."),
];

const ENVIRONMENT: [(&str, &str); 2] = [
    (
        "AZEDIT_STATE_DIR",
        "Where earlier versions and recovery journals are kept, instead of the user's state folder.",
    ),
    ("NO_COLOR", "Not empty: the editor uses no colour."),
];

/// Prints the page as roff.
pub fn run(out: &mut dyn Write) -> Result<Code, Failure> {
    let mut command = Cli::command();
    // Gives each subcommand the name it is called by: `azedit check`.
    command.build();
    let man = Man::new(command.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    let mut stores = Roff::new();
    stores.control("SH", ["STORES"]).text([roman(STORES)]);
    stores.to_writer(out)?;
    // A page for each command would be ten files to install; azedit is small enough for one.
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        render_command(out, command)?;
    }
    render_list(out, "EXIT STATUS", &EXIT_STATUS)?;
    render_list(out, "ENVIRONMENT", &ENVIRONMENT)?;
    man.render_version_section(out)?;
    Ok(Code::Done)
}

/// A section for a subcommand: its usage, what it does, and its options without headings of their own.
fn render_command(out: &mut dyn Write, command: &clap::Command) -> io::Result<()> {
    let mut head = Roff::new();
    head.control("SH", [format!("AZEDIT {}", command.get_name().to_uppercase()).as_str()]);
    head.to_writer(out)?;
    let man = Man::new(command.clone().mut_arg("help", |help| help.hide(true)));
    let parts = [Man::render_synopsis_section, Man::render_description_section, Man::render_options_section];
    for render in parts {
        let mut section = Vec::new();
        render(&man, &mut section)?;
        out.write_all(b".PP\n")?;
        out.write_all(without_heading(&section))?;
    }
    if command.get_name() == "edit" {
        let mut changes = Roff::new();
        changes.control("PP", []).control("nf", []);
        for line in CHANGES.lines() {
            changes.text([roman(line)]);
        }
        changes.control("fi", []);
        changes.to_writer(out)?;
    }
    Ok(())
}

/// The section without its `.SH` line and what comes before that.
fn without_heading(section: &[u8]) -> &[u8] {
    let starts = [b".SH ".as_slice(), b"\n.SH "];
    let at = if section.starts_with(starts[0]) {
        Some(0)
    } else {
        section.windows(starts[1].len()).position(|window| window == starts[1]).map(|at| at + 1)
    };
    let rest = at.and_then(|at| section.get(at..)).unwrap_or(section);
    match memchr::memchr(b'\n', rest) {
        Some(end) if at.is_some() => rest.get(end + 1..).unwrap_or_default(),
        _ => rest,
    }
}

fn render_list(out: &mut dyn Write, title: &str, list: &[(&str, &str)]) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (term, meaning) in list {
        roff.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
    roff.to_writer(out)
}
