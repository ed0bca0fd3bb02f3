//! `diff`: the objects that differ between two stores, or what anyone gains or loses.

use std::ffi::OsStr;
use std::io::Write;

use super::args::{DiffArgs, TextOrJson};
use super::failure::{Code, Failure};
use super::load;
use crate::access;
use crate::report::{differences, gains};
use crate::store::{self, Store};

/// Prints the differences from the old store to the new one.
pub fn run(args: &DiffArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let is_stdin = |argument: &OsStr| argument == "-";
    if is_stdin(&args.old) && is_stdin(&args.new) {
        return Err(Failure::Usage("standard input can be only one of the two stores".to_owned()));
    }
    let mut open = |argument: &OsStr| -> Result<Store, Failure> {
        load::open(argument).or_else(|error| match args.format {
            TextOrJson::Json => {
                error.write_json(&mut *out)?;
                Err(Failure::Reported(Code::Unreadable))
            }
            TextOrJson::Text => Err(error.into()),
        })
    };
    let (old, new) = (open(&args.old)?, open(&args.new)?);
    if args.access {
        let (gained, lost) = access::gains(&old, &new);
        match args.format {
            TextOrJson::Text if gained.is_empty() && lost.is_empty() => {
                writeln!(out, "Nobody gains or loses anything.")?;
            }
            TextOrJson::Text => gains::write_text(out, (&new, &gained), (&old, &lost))?,
            TextOrJson::Json => gains::write_json(out, (&new, &gained), (&old, &lost))?,
        }
        return Ok(if gained.is_empty() && lost.is_empty() { Code::Done } else { Code::Found });
    }
    let differing = store::diff(&old, &new);
    match args.format {
        TextOrJson::Text if differing.is_empty() => writeln!(out, "No difference.")?,
        TextOrJson::Text => differences::write_text(out, &differing)?,
        TextOrJson::Json => differences::write_json(out, &differing)?,
    }
    Ok(if differing.is_empty() { Code::Done } else { Code::Found })
}
