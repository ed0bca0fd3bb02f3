//! `vm config`: what old configuration files of virtual machines say. They are only looked at.

use std::path::{Path, PathBuf};

use super::args::{TextOrJson, VmConfigArgs};
use super::failure::{Code, Failure};
use super::{Output, note};
use crate::files;
use crate::hyperv::evidence::{self, NotAConfiguration};
use crate::report::evidence::{Looked, write_json, write_text};
use crate::report::unreadable::Unreadable;

/// Folders in a folder that are looked into: hosts keep one for machines and one for snapshots, each with folders.
const DEPTH: usize = 4;

/// Prints what the files say. A file that was named and is no configuration is an error; in a folder others are passed
/// over.
pub fn run(args: &VmConfigArgs, out: &mut Output) -> Result<Code, Failure> {
    let mut looked = Vec::new();
    let mut failed = false;
    for path in &args.paths {
        let is_folder = path.is_dir();
        let files = if is_folder { in_folder(path, DEPTH)? } else { vec![path.clone()] };
        for file in files {
            let says = look(&file)?;
            if is_folder && matches!(says, Err(NotAConfiguration::Other(_))) {
                continue;
            }
            failed |= says.is_err();
            looked.push(Looked { path: file.to_string_lossy().into_owned(), says });
        }
    }
    match args.format {
        TextOrJson::Text => write_text(out, &looked)?,
        TextOrJson::Json => write_json(out, &looked)?,
    }
    if failed {
        note("not every file could be read");
        return Err(Failure::Reported(Code::Unreadable));
    }
    Ok(Code::Done)
}

fn look(file: &Path) -> Result<Result<evidence::Evidence, NotAConfiguration>, Failure> {
    if has_ending(file, "vmcx") {
        return Ok(Err(NotAConfiguration::Binary));
    }
    let opened = files::read(file)
        .map_err(|error| Unreadable::io(file.to_string_lossy().into_owned(), error.without_path()))?;
    Ok(evidence::read(opened.bytes))
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|known| known.eq_ignore_ascii_case(ending))
}

/// What may be a configuration in a folder, in the order of names. Links to folders are not followed.
fn in_folder(folder: &Path, depth: usize) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::from(Unreadable::io(folder.to_string_lossy().into_owned(), error.to_string()))
    };
    let mut entries =
        std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut files = Vec::new();
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if kind.is_dir() && depth > 0 {
            files.extend(in_folder(&path, depth - 1)?);
        } else if !kind.is_dir() && (has_ending(&path, "xml") || has_ending(&path, "vmcx")) {
            files.push(path);
        }
    }
    Ok(files)
}
