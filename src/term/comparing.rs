//! Reading stores side by side: on the event loop's own thread when they are small, on another when they are large.

use std::sync::Arc;

use super::opening::LARGE;
use crate::app::work::{Parcel, Progress};
use crate::app::{App, DocId, HostEvent};
use crate::hyperv::cluster;
use crate::store::Store;

/// Stores, and what is to be found out about them.
pub struct Job {
    stores: Vec<Arc<Store>>,
    wanted: Wanted,
}

enum Wanted {
    Comparison(Vec<DocId>),
    Alignment { store: DocId, like: DocId },
}

impl Job {
    /// What differs between these stores.
    pub fn compare(app: &App, ids: Vec<DocId>) -> Job {
        Job { stores: shared(app, &ids), wanted: Wanted::Comparison(ids) }
    }

    /// What brings a store into line with another.
    pub fn align(app: &App, store: DocId, like: DocId) -> Job {
        Job { stores: shared(app, &[store, like]), wanted: Wanted::Alignment { store, like } }
    }

    /// Whether it takes long.
    pub fn is_large(&self) -> bool {
        let bytes: usize = self.stores.iter().map(|store| store.document().text().len()).sum();
        u64::try_from(bytes).is_ok_and(|bytes| bytes >= LARGE)
    }

    /// Does it.
    pub fn run(self, progress: &Progress) -> HostEvent {
        progress.set_total(self.stores.iter().map(|store| store.object_numbers()).sum());
        match (self.wanted, self.stores.as_slice()) {
            (Wanted::Comparison(ids), stores) => {
                let stores: Vec<&Store> = stores.iter().map(AsRef::as_ref).collect();
                let found = cluster::compare(&stores, &|objects| progress.advance(objects));
                HostEvent::Compared(ids, found.map(Parcel::new))
            }
            (Wanted::Alignment { store, like }, [from, to]) => {
                let found = cluster::alignment(from, to)
                    .map_err(|error| format!("The other store, with these GUIDs, does not open: {error}."));
                let found = (!progress.is_stopped()).then(|| Parcel::new(found));
                HostEvent::Aligned { store, like, found }
            }
            (Wanted::Alignment { store, like }, _) => HostEvent::Aligned { store, like, found: None },
        }
    }
}

fn shared(app: &App, ids: &[DocId]) -> Vec<Arc<Store>> {
    ids.iter().filter_map(|&id| app.document(id)).map(|doc| doc.session.shared()).collect()
}
