//! `log` and `restore`: the earlier versions of a store, and bringing one back.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use super::args::{LogArgs, RestoreArgs};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{Output, consent, load, save};
use crate::files::{self, FileError, Note, StateDir, Version};
use crate::report::shell;
use crate::report::show::escape;
use crate::report::unreadable::Unreadable;
use crate::store::Store;

/// Lists the versions, the newest first.
pub fn log(args: &LogArgs, out: &mut Output) -> Result<Code, Failure> {
    let file = load::file(&args.store)?;
    let (state, versions) = versions(&args.store, &file)?;
    let name = args.store.to_string_lossy();
    let notes = files::notes(&state, &file).map_err(|error| unreadable(&args.store, &error))?;
    let name = escape(&name);
    if versions.is_empty() {
        writeln!(out, "No earlier version of {name} is kept.")?;
    }
    for Version { id, saved, length, kept, entry } in &versions {
        write!(out, "{id}  {}  {length} bytes", saved.rfc3339())?;
        if let Some(entry) = entry {
            write!(
                out,
                "  replaced by {}@{}: {}",
                escape(&entry.user),
                escape(&entry.host),
                escape(&entry.what)
            )?;
        }
        writeln!(out, "{}", if *kept { "" } else { "  (no longer kept)" })?;
    }
    for Note { time, user, host, what } in &notes {
        writeln!(out, "{time}  {}@{}: {}", escape(user), escape(host), escape(what))?;
    }
    if let Some(latest) = versions.iter().find(|version| version.kept) {
        writeln!(
            out,
            "To bring one back: azedit restore {} {}",
            shell::word(&args.store.to_string_lossy()),
            latest.id
        )?;
    }
    Ok(Code::Done)
}

/// Gives a store that an interrupted save has left without its name that name back. An earlier version is brought back
/// after that, when it is asked for: what the store was is known only then.
fn put_back(args: &RestoreArgs, file: &Path, kept: &Path, out: &mut Output) -> Result<Code, Failure> {
    let name = args.store.to_string_lossy();
    files::put_back(kept, file)
        .map_err(|error| Unreadable::io(name.clone().into_owned(), error.to_string()))?;
    let kept = kept.file_name().unwrap_or(kept.as_os_str()).to_string_lossy();
    writeln!(
        out,
        "{} has its name back: it was {}, the version before a save that was interrupted halfway.",
        escape(&name),
        escape(&kept)
    )?;
    match &args.id {
        None => Ok(Code::Done),
        Some(_) => restore(args, out),
    }
}

/// Brings a version back. The present one becomes an earlier version, so the way back is another `restore`.
pub fn restore(args: &RestoreArgs, out: &mut Output) -> Result<Code, Failure> {
    let file = load::file(&args.store)?;
    let present = match files::read(&file) {
        Ok(opened) => Some(opened),
        Err(FileError::Interrupted { kept, .. }) => return put_back(args, &file, &kept, out),
        Err(FileError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unreadable(&args.store, &error).into()),
    };
    let name = args.store.to_string_lossy();
    let (state, versions) = versions(&args.store, &file)?;
    let Some((id, bytes)) =
        choose(args, &file, &state, &versions, present.as_ref().map(|present| present.bytes.as_slice()))?
    else {
        writeln!(out, "{} is that version already.", escape(&name))?;
        return Ok(Code::Done);
    };
    // With this the version is verified: it is written as it is.
    let version = Store::open(bytes.clone())
        .map_err(|error| Unreadable::not_opened(format!("version {id} of {name}"), error))?;
    // A file that is gone, or no store any more, gives nobody anything that could be lost or compared.
    if let Some(present) = present.as_ref().and_then(|present| Store::open(present.bytes.clone()).ok()) {
        let mut objections = consent::of_stores(&present, &version);
        consent::name(&mut objections, &mut Directory::of(&args.names, &[&args.store])?);
        consent::ask(&objections, &args.allow)?;
    }
    let back = if let Some(present) = present {
        let what = format!("restore {id}");
        Some(save::bytes(&file, &present.stamp, &present.bytes, &bytes, &|| Ok(()), &what)?)
    } else {
        files::create(&file, &bytes).map_err(|error| Failure::not_created(&error))?;
        None
    };
    out.only_tells();
    writeln!(out, "Restored {} as it was before the save {id}.", escape(&name))?;
    if let Some(back) = back {
        writeln!(out, "To go back: azedit restore {} {back}", shell::word(&name))?;
    }
    Ok(Code::Done)
}

/// The version asked for, or the latest that differs from the present file; `None` when the file is it already.
fn choose(
    args: &RestoreArgs,
    file: &Path,
    state: &StateDir,
    versions: &[Version],
    present: Option<&[u8]>,
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let read = |id: &str| files::version_bytes(state, file, id);
    if let Some(id) = &args.id {
        let bytes = read(id).map_err(|error| match error {
            FileError::NoSuchVersion { .. } => Failure::Usage(error.to_string()),
            error => unreadable(&args.store, &error).into(),
        })?;
        return Ok((present != Some(bytes.as_slice())).then(|| (id.clone(), bytes)));
    }
    for version in versions.iter().filter(|version| version.kept) {
        let bytes = read(&version.id).map_err(|error| unreadable(&args.store, &error))?;
        if present != Some(bytes.as_slice()) {
            return Ok(Some((version.id.clone(), bytes)));
        }
    }
    Err(Failure::Refused(format!(
        "no earlier version of {} that differs from it is kept",
        args.store.to_string_lossy()
    )))
}

fn versions(argument: &OsStr, file: &Path) -> Result<(StateDir, Vec<Version>), Failure> {
    let state = save::state().map_err(|error| unreadable(argument, &error))?;
    let versions = files::log(&state, file).map_err(|error| unreadable(argument, &error))?;
    Ok((state, versions))
}

fn unreadable(argument: &OsStr, error: &FileError) -> Unreadable {
    Unreadable::io(argument.to_string_lossy().into_owned(), error.to_string())
}
