//! `diff`: the objects that differ between two stores, the changes between them, or what anyone gains or loses.

use std::ffi::{OsStr, OsString};
use std::io::Write;

use super::args::{DiffArgs, DiffFormat};
use super::failure::{Code, Failure};
use super::names::{Directory, members};
use super::{load, note};
use crate::access;
use crate::accounts::Names;
use crate::hyperv::cluster;
use crate::report;
use crate::report::show::escape;
use crate::report::{differences, gains};
use crate::store::{self, Store};

/// Prints the differences from the old store to the new one.
pub fn run(args: &DiffArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let arguments = arguments(args);
    if arguments.iter().filter(|argument| **argument == "-").count() > 1 {
        return Err(Failure::Usage("standard input can be only one of the stores".to_owned()));
    }
    if args.access && args.format == DiffFormat::Changes {
        return Err(Failure::Usage(
            "what anyone gains or loses is no change: --access takes text or json".to_owned(),
        ));
    }
    let mut open = |argument: &OsStr| -> Result<Store, Failure> {
        load::open(argument).or_else(|error| match args.format {
            DiffFormat::Json => {
                error.write_json(&mut *out)?;
                Err(Failure::Reported(Code::Unreadable))
            }
            DiffFormat::Text | DiffFormat::Changes => Err(error.into()),
        })
    };
    if args.by_name || !args.more.is_empty() {
        let stores = arguments.iter().map(|argument| open(argument)).collect::<Result<Vec<_>, _>>()?;
        return by_name(args, &stores, out);
    }
    let (old, new) = (open(&args.old)?, open(&args.new)?);
    if args.access {
        let (gained, lost) = access::gains(&old, &new);
        let names = names(args, &[&old, &new])?;
        match args.format {
            DiffFormat::Text | DiffFormat::Changes if gained.is_empty() && lost.is_empty() => {
                writeln!(out, "Nobody gains or loses anything.")?;
            }
            DiffFormat::Text | DiffFormat::Changes => {
                gains::write_text(out, &names, (&new, &gained), (&old, &lost))?;
            }
            DiffFormat::Json => gains::write_json(out, &names, (&new, &gained), (&old, &lost))?,
        }
        return Ok(if gained.is_empty() && lost.is_empty() { Code::Done } else { Code::Found });
    }
    if args.format == DiffFormat::Changes {
        return changes(&old, &new, out);
    }
    let differing = store::diff(&old, &new);
    match args.format {
        DiffFormat::Text | DiffFormat::Changes if differing.is_empty() => writeln!(out, "No difference.")?,
        DiffFormat::Text | DiffFormat::Changes => {
            differences::write_text(out, &differing, &names(args, &[&old, &new])?)?;
        }
        DiffFormat::Json => differences::write_json(out, &differing)?,
    }
    Ok(if differing.is_empty() { Code::Done } else { Code::Found })
}

/// All the stores that are compared.
fn arguments(args: &DiffArgs) -> Vec<&OsStr> {
    [&args.old, &args.new].into_iter().chain(&args.more).map(OsString::as_os_str).collect()
}

/// The names of the members of the stores.
fn names(args: &DiffArgs, compared: &[&Store]) -> Result<Names, Failure> {
    let mut directory = Directory::of(&args.names, &arguments(args))?;
    let sids: Vec<_> = compared.iter().flat_map(|store| members(store)).collect();
    directory.learn(sids.iter().copied());
    Ok(directory.only(&sids))
}

/// Prints what is not the same in all stores, or the script that brings the first of two into line with the second.
fn by_name(args: &DiffArgs, stores: &[Store], out: &mut dyn Write) -> Result<Code, Failure> {
    let paths: Vec<String> =
        arguments(args).iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let all: Vec<&Store> = stores.iter().collect();
    let rows = cluster::side_by_side(&all);
    match (args.format, stores) {
        (DiffFormat::Text, _) => report::cluster::write_text(out, &paths, &rows, &names(args, &all)?)?,
        (DiffFormat::Json, _) => report::cluster::write_json(out, &paths, &rows)?,
        (DiffFormat::Changes, [old, new]) => {
            let new = cluster::with_guids_of(old, new).map_err(|error| {
                Failure::Refused(format!("the new store, with the GUIDs of the old, does not open: {error}"))
            })?;
            return changes(old, &new, out);
        }
        (DiffFormat::Changes, _) => {
            return Err(Failure::Usage(
                "changes bring one store into line with one other: give two".to_owned(),
            ));
        }
    }
    Ok(if rows.is_empty() { Code::Done } else { Code::Found })
}

/// Prints the script that turns the old store into the new one. What no change can say stands in it as comments, and
/// is told besides: whoever pipes the script on has not seen it.
fn changes(old: &Store, new: &Store, out: &mut dyn Write) -> Result<Code, Failure> {
    let steps = store::script(old, new)
        .map_err(|error| Failure::Refused(format!("the old store, written again, does not open: {error}")))?;
    for change in store::changes(&steps) {
        writeln!(out, "{change}")?;
    }
    let unsaid: Vec<_> = steps.iter().filter(|step| step.unsaid.is_some()).collect();
    for step in &unsaid {
        let mut line = Vec::new();
        differences::write_text(&mut line, std::slice::from_ref(&step.difference), &Names::default())?;
        let line = String::from_utf8_lossy(&line);
        let why = step.unsaid.as_deref().unwrap_or_default();
        writeln!(out, "# not among these changes: {}. {}", line.trim_end(), escape(why))?;
    }
    if !unsaid.is_empty() {
        let (are, differences) =
            if unsaid.len() == 1 { ("is", "difference") } else { ("are", "differences") };
        note(&format!("{} {differences} {are} beyond what changes can say: see the comments", unsaid.len()));
    }
    Ok(if steps.is_empty() { Code::Done } else { Code::Found })
}
