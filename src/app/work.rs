//! Long work outside: how far it is, what the user may do meanwhile, and what becomes of its outcome.
//!
//! Opening and saving hold everything up: while one of them is under way ([`App::busy`]) the only key is Esc, and the
//! host holds back what is typed. Checking a large store holds nothing up: it looks at the store as it was when it
//! began, and what was changed meanwhile is looked at again when its outcome comes.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::check::Findings;
use crate::store::{ObjId, Store};

use super::effect::{DocId, Effect};
use super::input::{Key, KeyPress};
use super::state::App;

/// A store whose text has so many bytes is shown before it is checked.
pub const LARGE: usize = 1 << 20;

/// Checking more objects than this takes so long that nothing waits for it: some 10 ms.
const MOST: usize = 10_000;

/// How far a piece of work is; shared with the thread that does it. Two are equal when they are of one piece of work.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    done: AtomicUsize,
    total: AtomicUsize,
    is_stopped: AtomicBool,
}

impl PartialEq for Progress {
    fn eq(&self, other: &Progress) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Progress {}

impl Progress {
    /// Says how much there is to do.
    pub fn set_total(&self, total: usize) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// So much more is done. Whether to go on.
    pub fn advance(&self, more: usize) -> bool {
        self.0.done.fetch_add(more, Ordering::Relaxed);
        !self.is_stopped()
    }

    /// How many of a hundred parts are done; `None` where that is not known.
    pub fn percent(&self) -> Option<usize> {
        let total = self.0.total.load(Ordering::Relaxed);
        let done = self.0.done.load(Ordering::Relaxed).min(total);
        done.saturating_mul(100).checked_div(total)
    }

    /// Asks the work to stop.
    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.0.is_stopped.load(Ordering::Relaxed)
    }
}

/// Something large on its way from another thread: taken out once. Two are equal when they are one.
pub struct Parcel<T>(Arc<Mutex<Option<T>>>);

impl<T> Parcel<T> {
    /// Packs it.
    pub fn new(content: T) -> Parcel<T> {
        Parcel(Arc::new(Mutex::new(Some(content))))
    }

    /// Takes it out. `None`: somebody has.
    pub fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> std::fmt::Debug for Parcel<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parcel(…)")
    }
}

impl<T> Clone for Parcel<T> {
    fn clone(&self) -> Parcel<T> {
        Parcel(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Parcel<T> {
    fn eq(&self, other: &Parcel<T>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Parcel<T> {}

/// Work that holds everything up.
#[derive(Debug, Clone)]
pub struct Busy {
    /// `Opening InitialStore.xml`.
    pub what: String,
    /// What stopping it means.
    pub note: &'static str,
    /// How far it is.
    pub progress: Progress,
    /// It takes long enough to be shown.
    pub is_shown: bool,
}

impl Busy {
    /// Work that has just begun.
    pub fn new(what: String, note: &'static str) -> Busy {
        Busy { what, note, progress: Progress::default(), is_shown: false }
    }
}

/// A key while everything is held up.
pub fn key(busy: &mut Busy, press: KeyPress) {
    if press.key == Key::Esc || press == KeyPress::new(Key::Char('c'), true, false, false) {
        busy.progress.stop();
        busy.note = "Stopping …";
        busy.is_shown = true;
    }
}

/// A look at all of a large store as it was when the look began.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// How far it is, counted in objects.
    pub progress: Progress,
    /// What was touched since then.
    pub touched: Vec<ObjId>,
}

/// Asks for a check of every store that has not been looked at.
pub fn check_unchecked(app: &mut App, effects: &mut Vec<Effect>) {
    for doc in app.docs.iter_mut().filter(|doc| doc.findings.is_none() && doc.check.is_none()) {
        let check = Check::default();
        check.progress.set_total(doc.store().object_numbers());
        doc.check = Some(check);
        effects.push(Effect::Check(doc.id));
    }
}

/// Takes in what a check found, if it is the one that is waited for.
pub fn checked(app: &mut App, id: DocId, progress: &Progress, findings: &Parcel<Findings>) {
    let Some(doc) = app.document_mut(id) else { return };
    if doc.check.as_ref().is_none_or(|check| check.progress != *progress) {
        return;
    }
    let touched = doc.check.take().map(|check| check.touched).unwrap_or_default();
    let Some(findings) = findings.take() else { return };
    doc.findings = looked_again(Some(findings), doc.session.store(), &touched);
    doc.count_problems();
    doc.sheet.of = None;
    doc.settle_sheet();
}

/// What is wrong in a store after a change of these objects, where it was known before it. `None`: so much is to be looked
/// at anew that it is done on another thread.
pub fn looked_again(findings: Option<Findings>, store: &Store, touched: &[ObjId]) -> Option<Findings> {
    let mut findings = findings?;
    if store.object_numbers() <= MOST {
        findings.update(store, touched);
        return Some(findings);
    }
    findings.update_within(store, touched, MOST).then_some(findings)
}

/// Nobody waits for this check any more.
pub fn drop_check(check: &mut Option<Check>) {
    if let Some(check) = check.take() {
        check.progress.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_up_to_its_total_and_can_be_stopped() {
        let progress = Progress::default();
        assert_eq!(progress.percent(), None);
        progress.set_total(200);
        assert!(progress.advance(50) && progress.clone().advance(50));
        assert_eq!(progress.percent(), Some(50));
        progress.stop();
        assert!(!progress.advance(1000));
        assert_eq!(progress.percent(), Some(100));
        assert!(progress == progress.clone() && progress != Progress::default());
    }

    #[test]
    fn a_parcel_is_taken_out_once() {
        let parcel = Parcel::new("findings");
        assert_eq!((parcel.clone().take(), parcel.take()), (Some("findings"), None));
    }
}
