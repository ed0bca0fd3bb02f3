//! Earlier versions of a document's file: listed, read, brought back.

use super::Host;
use crate::app::{App, DocId, HostEvent, SaveFailure, Version};
use crate::files;
use crate::report::shell;
use crate::term::saving::failure;

impl Host {
    /// The versions of a document's file, the newest first.
    pub fn versions(&self, app: &App, id: DocId) -> HostEvent {
        let list = || {
            let path =
                app.document(id).and_then(|doc| doc.path.as_deref()).ok_or("The store has no file.")?;
            let state = self.state.as_ref().map_err(Clone::clone)?;
            let versions = files::log(state, path).map_err(|error| format!("{error}."))?;
            Ok(versions.into_iter().map(version).collect())
        };
        HostEvent::Versions(id, list())
    }

    /// The bytes of versions.
    pub fn read_versions(&self, app: &App, id: DocId, ids: &[String]) -> HostEvent {
        let read = |version: &String| {
            let path =
                app.document(id).and_then(|doc| doc.path.as_deref()).ok_or("The store has no file.")?;
            let state = self.state.as_ref().map_err(Clone::clone)?;
            files::version_bytes(state, path, version).map_err(|error| format!("{error}."))
        };
        HostEvent::VersionsRead(id, ids.iter().map(read).collect())
    }

    /// Puts the version that the application holds in the place of the file.
    pub fn restore(&self, app: &App, id: DocId) -> HostEvent {
        HostEvent::Restored(id, self.put_back(app, id))
    }

    fn put_back(&self, app: &App, id: DocId) -> Result<String, SaveFailure> {
        let failed = |why: &str| SaveFailure::Failed(format!("Not restored: {why}."));
        let restoring = app.restoring.as_ref().filter(|restoring| restoring.id == id);
        let restoring = restoring.ok_or_else(|| failed("no version was chosen"))?;
        let request = app.save_request(id).ok_or_else(|| failed("the store has no file"))?;
        let baseline = request.baseline.ok_or_else(|| failed("the file was never read"))?;
        let state = self.state.as_ref().map_err(|why| failed(why))?;
        let save = files::Save {
            path: request.path,
            new: &restoring.bytes,
            baseline: &baseline.bytes(),
            stamp: None,
            // It was opened before its effect was shown.
            verify: &|| Ok(()),
            what: &format!("restore {}", restoring.version),
            state,
        };
        match files::replace(&save) {
            Ok(saved) => {
                let path = shell::word(&request.path.to_string_lossy());
                let mut told = vec![format!("To go back: azedit restore {path} {}", saved.version)];
                told.extend(saved.notes);
                Ok(told.join(" "))
            }
            Err(error) => Err(failure(&error, || files::read(request.path).ok().map(|opened| opened.bytes))),
        }
    }
}

fn version(version: files::Version) -> Version {
    let when = version.saved.rfc3339();
    let (date, time) = when.split_once('T').unwrap_or((&when, ""));
    let entry = version.entry.as_ref();
    Version {
        when: format!("{date} {}", time.trim_end_matches('Z')),
        who: entry.map_or_else(String::new, |entry| format!("{}@{}", entry.user, entry.host)),
        what: entry.map_or_else(|| "a save that was interrupted".to_owned(), |entry| entry.what.clone()),
        is_kept: version.kept,
        id: version.id,
    }
}
