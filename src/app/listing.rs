//! Who is listed where in an open store: what the access view asks, so that its answers are looked up.
//!
//! It is read once. A small store is read when the view opens first; a large one on another thread as soon as it is
//! open, and what was changed meanwhile is taken in when the answer comes. From then on every step is
//! taken in at the cost of what it touched; one that touches very much has everything read anew, beside the work.

use std::sync::Arc;

use crate::access::{self, Roster};
use crate::store::{ObjId, Store};

use super::effect::{DocId, Effect};
use super::state::App;
use super::work::{Check, LARGE, Parcel, Progress};

/// What was read of a store: the rosters of its applications.
pub struct Listed(Vec<(ObjId, Roster)>);

impl Listed {
    /// Reads a store, and has it make the indexes that it is asked through. `None`: it was told to stop.
    pub fn of(store: &Store, progress: &Progress) -> Option<Listed> {
        // The next keys ask through these; the rosters are for a view that is still to be opened.
        store.index_all();
        access::rosters(store, &|objects| progress.advance(objects)).map(Listed)
    }
}

/// See the [module](self).
#[derive(Debug, Default)]
pub struct Listing(State);

#[derive(Debug, Default)]
enum State {
    #[default]
    Unread,
    /// Under way on another thread.
    Reading(Check),
    Read(Vec<(ObjId, Arc<Roster>)>),
}

impl Listing {
    /// Who is listed in an application; `None` while that is being read.
    pub fn roster(&mut self, store: &Store, application: ObjId) -> Option<Arc<Roster>> {
        let is_large = store.document().text().len() >= LARGE;
        let read = match &mut self.0 {
            State::Read(read) => read,
            State::Unread if !is_large => {
                self.0 = State::Read(Vec::new());
                return self.roster(store, application);
            }
            State::Unread | State::Reading(_) => return None,
        };
        if let Some((_, roster)) = read.iter().find(|(id, _)| *id == application) {
            return Some(Arc::clone(roster));
        }
        if is_large {
            // It came since: by undoing, it may be as large as any.
            self.0 = State::Unread;
            return None;
        }
        let roster = Arc::new(Roster::of(store, application));
        read.push((application, Arc::clone(&roster)));
        Some(roster)
    }

    /// How far the reading is that is under way.
    pub fn progress(&self) -> Option<&Progress> {
        match &self.0 {
            State::Reading(reading) => Some(&reading.progress),
            State::Unread | State::Read(_) => None,
        }
    }

    /// Takes in a step that touched these objects.
    pub fn touched(&mut self, store: &Store, touched: &[ObjId]) {
        match &mut self.0 {
            State::Unread => {}
            State::Reading(reading) => reading.touched.extend(touched),
            State::Read(read) => {
                let mut rosters = read.iter_mut();
                if !rosters.all(|(_, roster)| Arc::make_mut(roster).update(store, touched)) {
                    self.0 = State::Unread;
                }
            }
        }
    }

    /// Takes in what was read, if it is what is waited for.
    fn came(&mut self, store: &Store, progress: &Progress, listed: Listed) {
        let State::Reading(reading) = &mut self.0 else { return };
        if reading.progress != *progress {
            return;
        }
        let touched = std::mem::take(&mut reading.touched);
        let Listed(rosters) = listed;
        self.0 = State::Read(rosters.into_iter().map(|(id, roster)| (id, Arc::new(roster))).collect());
        self.touched(store, &touched);
    }
}

impl Drop for Listing {
    /// Nobody waits for it any more.
    fn drop(&mut self) {
        if let State::Reading(reading) = &self.0 {
            reading.progress.stop();
        }
    }
}

/// Has every large store read that has not been.
pub fn read_unread(app: &mut App, effects: &mut Vec<Effect>) {
    for doc in &mut app.docs {
        if matches!(doc.listing.0, State::Unread) && doc.store().document().text().len() >= LARGE {
            let reading = Check::default();
            reading.progress.set_total(doc.store().object_numbers());
            doc.listing.0 = State::Reading(reading);
            effects.push(Effect::List(doc.id));
        }
    }
}

/// Takes in the answer to [`Effect::List`].
pub fn listed(app: &mut App, id: DocId, progress: &Progress, parcel: &Parcel<Listed>) {
    if let Some(doc) = app.document_mut(id)
        && let Some(listed) = parcel.take()
    {
        doc.listing.came(doc.session.store(), progress, listed);
    }
}
