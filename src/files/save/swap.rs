//! The step that changes the store, and what is done when somebody else changed it in the same instant.

use super::super::backup::Backup;
use super::super::disk::{Attributes, Stamp};
use super::super::error::{Conflict, SaveError, Theirs, file_name, reason, stray_note};
use super::super::fault;
use super::super::read::holds;
use super::super::utc::Utc;
use super::{Prepared, Saved, Target};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Why the displaced file is not simply the version that was read.
enum Displaced {
    Theirs(Conflict),
    Unreadable(io::Error),
}

impl Target<'_> {
    /// The one step that changes the store, and the look at what it displaced.
    pub(super) fn put_in_place(
        &self,
        new: &Prepared,
        attributes: &Attributes,
        backup: &Backup,
    ) -> Result<Saved, SaveError> {
        let mut notes = Vec::new();
        let displaced = match self.folder.exchange(&new.name, &self.name) {
            Ok(Some(displaced)) => {
                let looked = self.look_at_displaced(&displaced, attributes);
                if let Err(problem) = looked {
                    return Err(self.put_back(new, &displaced, problem, backup));
                }
                displaced
            }
            Ok(None) => {
                self.rename_in_place(new, attributes, backup)?;
                notes.push(format!(
                    "The file system of {} cannot exchange files: a change that another program made in the \
                     same instant would not have been noticed.",
                    self.folder_path().display()
                ));
                new.name.clone()
            }
            Err(error) => return Err(self.not_replaced(new, &error, backup)),
        };
        // In this order: on a file system without a journal, a removal that reaches the disk before the exchange
        // would free the very blocks that the store's name still leads to.
        if let Err(error) = self.folder.sync() {
            let what = format!("the disk did not confirm it ({})", reason(&error));
            return Err(self.unconfirmed(&what, backup, self.if_there(&displaced)));
        }
        if let Err(what) = self.folder.settle(&self.name, attributes) {
            // What was displaced still has them, and stays.
            return Err(self.unconfirmed(&what, backup, self.if_there(&displaced)));
        }
        if self.remove_if_there(&displaced).is_err() {
            notes.push(stray_note(&self.path_of(&displaced)));
        }
        notes.extend(attributes.unseen());
        let recorded = backup.record(self.save.what, self.save.new.len() as u64);
        notes.extend(recorded.err().map(|error| format!("The log has no line for this save: {error}.")));
        notes.extend(backup.rotate().err().map(|error| format!("Old versions were left: {error}.")));
        // The exchange itself may have touched the file's times.
        let now = self.folder.open_file(&self.name).and_then(|file| Stamp::of(&file));
        let stamp = now.ok().filter(|now| now.is_same_file(&new.stamp)).unwrap_or(new.stamp);
        Ok(Saved { version: backup.id.clone(), stamp, notes })
    }

    /// Where files cannot be exchanged: the last look, and at once a plain rename.
    fn rename_in_place(
        &self,
        new: &Prepared,
        attributes: &Attributes,
        backup: &Backup,
    ) -> Result<(), SaveError> {
        if let Err(problem) = self.look_at_displaced(&self.name, attributes) {
            let error = match problem {
                Displaced::Theirs(conflict) => SaveError::Conflict(Box::new(conflict)),
                Displaced::Unreadable(error) => self.failed("look again at", &error),
            };
            return Err(self.discard(&new.name, error));
        }
        self.folder.rename(&new.name, &self.name).map_err(|error| self.not_replaced(new, &error, backup))
    }

    /// Is the file of this name the version that was read, with the attributes that the new version has got?
    fn look_at_displaced(&self, name: &OsStr, attributes: &Attributes) -> Result<(), Displaced> {
        let file = self.folder.open_file(name).map_err(Displaced::Unreadable)?;
        let metadata = file.metadata().map_err(Displaced::Unreadable)?;
        if !metadata.is_file() {
            return Err(Displaced::Theirs(self.their_version(Theirs::Content, &file)));
        }
        let baseline = fault::point("read").and_then(|()| holds(&file, self.save.baseline));
        if !baseline.map_err(Displaced::Unreadable)? {
            return Err(Displaced::Theirs(self.their_version(Theirs::Content, &file)));
        }
        match Attributes::of(&file) {
            Ok(theirs) if theirs == *attributes => Ok(()),
            Ok(_) => Err(Displaced::Theirs(self.their_version(Theirs::Attributes, &file))),
            Err(error) => Err(Displaced::Unreadable(error)),
        }
    }

    /// The exchange displaced what was not the version that was read: exchanges again. What comes back must be
    /// our file; if it is not, a third version arrived in between, and is kept under a name of its own.
    fn put_back(&self, new: &Prepared, displaced: &OsStr, problem: Displaced, backup: &Backup) -> SaveError {
        let Ok(Some(returned)) = self.folder.exchange(displaced, &self.name) else {
            let kept = self.keep(displaced);
            let what = "another program's version was displaced by it and could not be put back";
            let error = self.unconfirmed(what, backup, Some(kept.clone()));
            return self.discard_unless_kept(displaced, Some(&kept), error);
        };
        let ours = self
            .folder
            .open_file(&returned)
            .and_then(|file| Ok(Stamp::of(&file)?.is_same_file(&new.stamp) && holds(&file, self.save.new)?));
        let kept = if matches!(ours, Ok(true)) { None } else { Some(self.keep(&returned)) };
        // That the old state is on the disk is not what this error promises.
        let _ = self.folder.sync();
        let error = match problem {
            Displaced::Theirs(conflict) => {
                SaveError::Conflict(Box::new(Conflict { kept: kept.clone(), ..conflict }))
            }
            Displaced::Unreadable(error) => self.failed("look at the displaced version of", &error),
        };
        self.discard_unless_kept(&returned, kept.as_deref(), error)
    }

    /// An error at the step itself. Network file systems report errors of steps that took place.
    fn not_replaced(&self, new: &Prepared, error: &io::Error, backup: &Backup) -> SaveError {
        let now = self.folder.open_file(&self.name).and_then(|file| Stamp::of(&file));
        if now.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            // Windows alone has a step that can end so. The new version stays, and so does the old one.
            let what = format!(
                "{} has lost its name ({}); the next start of azedit finds the old version beside it",
                file_name(self.save.path),
                reason(error)
            );
            return self.unconfirmed(&what, backup, Some(self.path_of(&new.name)));
        }
        if now.is_ok_and(|now| now.is_same_file(&new.stamp)) {
            let what = format!("the disk reported an error ({})", reason(error));
            return self.unconfirmed(&what, backup, self.if_there(&new.name));
        }
        self.discard(&new.name, self.failed("replace", error))
    }

    fn if_there(&self, name: &OsStr) -> Option<PathBuf> {
        Some(self.path_of(name)).filter(|path| path.symlink_metadata().is_ok())
    }

    /// Gives a version that is neither the one read nor ours a name that the user finds.
    fn keep(&self, name: &OsStr) -> PathBuf {
        let mut kept = self.name.clone();
        kept.push(format!(".azedit-conflict-{}", Utc::now().compact()));
        match self.folder.publish(name, &kept) {
            Ok(()) => self.path_of(&kept),
            Err(_) => self.path_of(name),
        }
    }

    /// As [`Target::discard`], but not what has been kept under this very name.
    fn discard_unless_kept(&self, name: &OsStr, kept: Option<&Path>, error: SaveError) -> SaveError {
        if kept == Some(&self.path_of(name)) { error } else { self.discard(name, error) }
    }
}
