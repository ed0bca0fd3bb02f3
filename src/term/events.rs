//! Exported events: read piece by piece on another thread, and what would allow what was denied found out.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::accounts;
use crate::app::denied::Events;
use crate::app::dialog::Dialog;
use crate::app::work::{Parcel, Progress};
use crate::app::{App, HostEvent};
use crate::files;
use crate::hyperv::events::Log;
use crate::hyperv::explain::{Counted, Names, together};
use crate::store::Store;

/// Reads a file.
pub fn explain(path: PathBuf, progress: &Progress) -> HostEvent {
    let explained = match read(&path, progress) {
        _ if progress.is_stopped() => None,
        Ok(log) => Some(Ok(Parcel::new(Events::of(log)))),
        Err(why) => Some(Err(why)),
    };
    HostEvent::Explained { path, explained }
}

fn read(path: &Path, progress: &Progress) -> Result<Log, String> {
    let file = files::open(path).map_err(|error| format!("{error}."))?;
    let length = usize::try_from(file.metadata().map_or(0, |metadata| metadata.len())).unwrap_or(usize::MAX);
    progress.set_total(length);
    let mut log = Log::default();
    log.read(Watched { source: file, progress }).map_err(|error| format!("{}: {error}.", path.display()))?;
    Ok(log)
}

/// A store and the denials that are to be allowed.
pub struct Job {
    store: Arc<Store>,
    attempts: Arc<[Counted]>,
    told: Names,
    known: Arc<accounts::Names>,
}

impl Job {
    /// Of what is shown.
    pub fn of(app: &App) -> Option<Job> {
        let Some(Dialog::Denials(view)) = app.dialogs.last() else { return None };
        let store = app.doc()?.session.shared();
        let (attempts, told) = (Arc::clone(&view.attempts), view.told.clone());
        Some(Job { store, attempts, told, known: Arc::clone(&app.names) })
    }

    /// Does it.
    pub fn run(self, progress: &Progress) -> HostEvent {
        progress.set_total(self.attempts.len());
        let tick = |denials: usize| progress.advance(denials);
        // Tried out on a copy, which is made here and not where keys wait.
        let store = Arc::unwrap_or_clone(self.store);
        let found = together(store, &self.attempts, &self.told, &self.known, &tick);
        HostEvent::Allowed(found.map(Parcel::new))
    }
}

/// A file whose reader is told how far it is, and when to stop.
struct Watched<'p, S> {
    source: S,
    progress: &'p Progress,
}

impl<S: Read> Read for Watched<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        // Not `Interrupted`: whoever reads would try again.
        if self.progress.advance(count) { Ok(count) } else { Err(io::Error::other("stopped")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &Path, progress: &Progress) -> Option<Result<usize, String>> {
        match explain(path.to_owned(), progress) {
            HostEvent::Explained { explained, .. } => {
                explained.map(|read| read.map(|parcel| parcel.take().unwrap().len()))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_read_to_its_end_or_until_it_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("denied.xml");
        let event = |number: usize| {
            format!(
                "<Event><System><EventID>4666</EventID></System><EventData><Data Name='AppName'>Hyper-V services</Data>\
                 <Data Name='ClientName'>S-1-5-21-1-2-3-{number}</Data><Data Name='OperationId'>100</Data></EventData>\
                 </Event>\n"
            )
        };
        std::fs::write(&path, (0..5000).map(|number| event(number % 50)).collect::<String>()).unwrap();
        let progress = Progress::default();
        assert_eq!(of(&path, &progress), Some(Ok(50)));
        assert!(progress.percent().is_some_and(|percent| percent > 50));
        progress.stop();
        assert_eq!(of(&path, &progress), None);
        let missing = of(&folder.path().join("none.xml"), &Progress::default()).unwrap().unwrap_err();
        assert!(missing.contains("none.xml") && missing.ends_with('.'), "{missing}");
        assert!(of(folder.path(), &Progress::default()).unwrap().is_err());
    }
}
