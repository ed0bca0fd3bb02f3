//! Exported events: read piece by piece and explained, on another thread.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::app::HostEvent;
use crate::app::denied::Explained;
use crate::app::work::{Parcel, Progress};
use crate::files;
use crate::hyperv::events::Log;
use crate::hyperv::explain::{Names, explain_watched};
use crate::store::Store;

/// Reads and explains by a copy of the store; the first half of the progress is the file's bytes.
pub fn explain(path: PathBuf, store: &Store, names: &Names, progress: &Progress) -> HostEvent {
    let explained = match read_and_explain(&path, store, names, progress) {
        _ if progress.is_stopped() => None,
        Ok(explained) => Some(Ok(Parcel::new(explained))),
        Err(why) => Some(Err(why)),
    };
    HostEvent::Explained { path, explained }
}

fn read_and_explain(
    path: &Path,
    store: &Store,
    names: &Names,
    progress: &Progress,
) -> Result<Explained, String> {
    let file = files::open(path).map_err(|error| format!("{error}."))?;
    let length = usize::try_from(file.metadata().map_or(0, |metadata| metadata.len())).unwrap_or(usize::MAX);
    progress.set_total(length.saturating_mul(2));
    let mut log = Log::default();
    log.read(Watched { source: file, progress }).map_err(|error| format!("{}: {error}.", path.display()))?;
    let share = length.checked_div(log.denied.len()).unwrap_or(0);
    let tick = |denials: usize| progress.advance(denials.saturating_mul(share));
    let rows = explain_watched(store, &log, names, &tick).unwrap_or_default();
    Ok(Explained { log, rows })
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
        let store = Store::open(include_bytes!("../../assets/InitialStore.xml").to_vec()).unwrap();
        match explain(path.to_owned(), &store, &Names::default(), progress) {
            HostEvent::Explained { explained, .. } => {
                explained.map(|read| read.map(|parcel| parcel.take().unwrap().rows.len()))
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
