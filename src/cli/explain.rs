//! `explain`: why access checks were denied, from exported events.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::args::{ExplainArgs, TextOrJson};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{note, who};
use crate::accounts;
use crate::files;
use crate::hyperv::events::Log;
use crate::hyperv::explain::{Names, explain};
use crate::report::denials;
use crate::report::unreadable::Unreadable;

/// Prints every denial in the events with its reason and the smallest grant.
pub fn run(args: &ExplainArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let mut names = Names::default();
    args.sid.iter().try_for_each(|text| names.add(text)).map_err(Failure::Usage)?;
    let is_json = args.format == TextOrJson::Json;
    let store = who::open(&args.store, is_json, out)?;
    let mut log = Log::default();
    for events in &args.events {
        let before = log.clone();
        read(&mut log, events).map_err(|unreadable| reported(unreadable, is_json, out))?;
        if log == before {
            note(&format!(
                "{}: no event is in it; export the Security log as XML (wevtutil qe Security /f:xml)",
                events.to_string_lossy()
            ));
        }
    }
    let known = accounts::Names::default();
    let mut directory = Directory::of(&args.names, &[&args.store])?;
    for account in log.denied.keys().map(|attempt| attempt.account.as_str()).collect::<BTreeSet<_>>() {
        // Whom nobody knows stays a denial of nobody, which says what to do.
        if names.find(account, &known).is_none()
            && let Ok(sid) = directory.sid(account)
        {
            names.tell(account, sid);
        }
    }
    let denied = explain(&store, &log, &names, &known);
    if is_json {
        denials::write_json(out, &denied)?;
    } else {
        denials::write_text(out, &log, &denied)?;
    }
    Ok(Code::Done)
}

fn read(log: &mut Log, events: &OsStr) -> Result<(), Unreadable> {
    let path = events.to_string_lossy().into_owned();
    let refused = |error: &io::Error| Unreadable::io(path.clone(), files::reason(error));
    let source: Box<dyn Read> = if events == "-" {
        Box::new(io::stdin().lock())
    } else {
        // Windows does not even open one, and says that this is not permitted.
        if Path::new(events).is_dir() {
            return Err(Unreadable::io(path, "a folder, not a file".to_owned()));
        }
        Box::new(File::open(events).map_err(|error| refused(&error))?)
    };
    log.read(source).map_err(|error| Unreadable::io(path, error.to_string()))
}

/// In JSON the error is the document.
fn reported(unreadable: Unreadable, is_json: bool, out: &mut dyn Write) -> Failure {
    if is_json {
        if let Err(error) = unreadable.write_json(out) {
            return error.into();
        }
        note(&unreadable.to_string());
        return Failure::Reported(Code::Unreadable);
    }
    unreadable.into()
}
