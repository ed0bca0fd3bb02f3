//! An open store with all that is shown of it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::accounts::Names;
use crate::check::{Finding, Findings};
use crate::store::{Kind, LeafId, ObjId, Session, Store};

use super::effect::{DocId, Recovery};
use super::filter::Filter;
use super::journal::Reach;
use super::keymap::Keymap;
use super::layout::Pane;
use super::listing::Listing;
use super::machines::Machines;
use super::marked::Marked;
use super::marks::Marks;
use super::sheet::Sheet;
use super::trail::Trail;
use super::tree::{Node, Part, Tree};
use super::work::Check;

/// An open store.
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own; every combination occurs.
pub struct Doc {
    /// Its number.
    pub id: DocId,
    /// Where it is or will be; `None` for the sample.
    pub path: Option<PathBuf>,
    /// The pane that had the keyboard when another store was shown.
    pub focus: Pane,
    /// What it is called while it has no path.
    pub name: &'static str,
    /// The store and its history.
    pub session: Session,
    /// The virtual machines of the host that asks this store.
    pub machines: Machines,
    /// Whether there is a file: read, or saved once.
    pub on_disk: bool,
    /// The new file that the save under way writes. The store lives there when that has ended well.
    pub save_to: Option<PathBuf>,
    /// Why nothing can be changed.
    pub read_only: Option<String>,
    /// Hyper-V reads what is written to the file.
    pub is_read: bool,
    /// What else is to be known of the file, in two or three words.
    pub sign: Option<&'static str>,
    /// What is wrong in the store. `None`: not looked at yet, because it is large and was to be seen first.
    pub findings: Option<Findings>,
    /// Kinds of problems that are not shown, by code.
    pub hidden: BTreeSet<&'static str>,
    /// The check under way, where the store is large.
    pub check: Option<Check>,
    /// Who is listed where in it.
    pub listing: Listing,
    /// Left.
    pub tree: Tree,
    /// Right.
    pub sheet: Sheet,
    /// The keys that sentences name.
    pub keys: Arc<Keymap>,
    /// Below.
    pub problems: Problems,
    /// Which objects differ from the file.
    pub marks: Marks,
    /// What is to be changed or copied in one go.
    pub marked: Marked,
    /// The steps that led to the state that was last saved: revision and label of each.
    pub saved_steps: Vec<(u64, String)>,
    /// Which part of the history the recovery journal can undo and redo.
    pub reach: Reach,
    /// The recovery journal failed: what was done since is in none.
    pub journal_stopped: bool,
    /// The file is not what was read, and the user goes on with that.
    pub is_stale: bool,
    /// There is no file of its name any more, or none that can be read.
    pub is_gone: bool,
    /// The disk did not confirm the last save: until one is, the journal stays.
    pub unconfirmed: bool,
    /// What the log is to say of the save under way, besides what was done.
    pub note: Option<String>,
    /// What somebody else wrote to the file, until it is decided what becomes of it.
    pub theirs: Option<Vec<u8>>,
    /// How much was set aside while the rest is being saved.
    pub aside: Option<String>,
    /// What an earlier run left; until it is decided nothing can be changed.
    pub recovery: Option<Recovery>,
    /// Every object in the tree's order, and the revision it was made from: what a search walks.
    pub order: Option<(u64, Arc<[ObjId]>)>,
    /// What narrows the tree.
    pub filter: Option<Filter>,
    /// Where the selection was.
    pub trail: Trail,
}

/// The problems pane.
#[derive(Debug, Default)]
pub struct Problems {
    /// Selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// How many there are.
    pub count: usize,
    /// How many of them are errors.
    pub errors: usize,
    /// How many of them are warnings.
    pub warnings: usize,
    /// The visible ones, from `top` on.
    pub shown: Vec<Finding>,
}

impl Doc {
    /// The store.
    pub fn store(&self) -> &Store {
        self.session.store()
    }

    /// The file's name, as the title shows it.
    pub fn title(&self) -> String {
        match &self.path {
            Some(path) => path
                .file_name()
                .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned()),
            None => self.name.to_owned(),
        }
    }

    /// Whether closing it would lose something.
    pub fn is_unsaved(&self) -> bool {
        self.session.is_dirty() || self.machines.pending() > 0 || (!self.on_disk && self.path.is_some())
    }

    /// What is selected in the tree: an object, or a folder of it.
    pub fn node(&self) -> Node {
        self.tree.node().unwrap_or(Node::of(self.store().root()))
    }

    /// The selected object, if an object and not a folder is selected.
    pub fn selected(&self) -> Option<ObjId> {
        let node = self.node();
        (node.part == Part::Object).then_some(node.object)
    }

    /// The selected object's kind.
    pub fn selected_kind(&self) -> Option<Kind> {
        self.selected().map(|object| self.store().kind(object))
    }

    /// Shows an object as [`Doc::reveal`] does, and remembers where the selection was.
    pub fn jump(&mut self, object: ObjId, leaf: Option<LeafId>) {
        let from = self.node();
        self.reveal(object, leaf);
        if self.node() != from {
            self.trail.leave(from);
        }
    }

    /// Shows an object: unfolds what is above it and selects it; with a leaf, the details stand on its line.
    pub fn reveal(&mut self, object: ObjId, leaf: Option<LeafId>) {
        if !self.session.store().is_live(object) {
            return;
        }
        self.tree.reveal(self.session.store(), object);
        self.settle_sheet();
        if let Some(leaf) = leaf {
            use super::sheet::Entry;
            let candidates = [Entry::Account(leaf), Entry::Link(leaf)];
            candidates.iter().any(|entry| self.sheet.select(entry));
        }
    }

    /// Every object in the order of the tree: what a search walks. Made anew after a change.
    pub fn object_order(&mut self) -> Arc<[ObjId]> {
        let revision = self.session.revision();
        match &self.order {
            Some((made, order)) if *made == revision => Arc::clone(order),
            _ => {
                let order: Arc<[ObjId]> = super::search::order(self.session.store()).into();
                self.order = Some((revision, Arc::clone(&order)));
                order
            }
        }
    }

    /// What is wrong with an object, as far as it was looked at.
    pub fn findings_about(&self, object: ObjId) -> &[Finding] {
        findings_about(self.findings.as_ref(), object)
    }

    /// Makes the sheet show what is selected, for a pane of so many cells, with the names that are known.
    pub fn settle_sheet_in(&mut self, width: usize, names: &Names) {
        self.show_sheet(width);
        self.sheet.name(names);
    }

    /// Makes the sheet show what is selected.
    pub fn settle_sheet(&mut self) {
        self.show_sheet(self.sheet.width);
    }

    fn show_sheet(&mut self, width: usize) {
        let of = (self.node(), self.session.revision());
        let found = findings_about(self.findings.as_ref(), of.0.object);
        self.sheet.show((self.session.store(), &self.machines, &self.keys), found, of, width);
    }

    /// The breadcrumbs of the selection, from the application (or store) down: what each stands for and says.
    pub fn crumbs(&self) -> Vec<(Node, String)> {
        let store = self.store();
        let mut crumbs = Vec::new();
        let mut at = Some(self.node());
        while let Some(node) = at {
            let label = match node.part {
                Part::Object if store.kind(node.object) == Kind::Store => self.title(),
                Part::Object => store.name(node.object).into_owned(),
                Part::Machine(_) => {
                    self.machine().map_or_else(String::new, |(_, one)| one.machine.name.clone())
                }
                part => part.label().to_owned(),
            };
            crumbs.push((node, label));
            at = super::tree::container(store, node);
        }
        if crumbs.len() > 1 {
            crumbs.pop();
        }
        crumbs.reverse();
        crumbs
    }

    /// "3 changes", "1 change", or what else is unsaved.
    pub fn unsaved_words(&self) -> String {
        match self.unsaved_steps() {
            0 if self.machines.pending() > 0 => self.to_be_moved(),
            0 => "The new store".to_owned(),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        }
    }

    /// What the log says of a save: the note, and what was done.
    pub(super) fn what_is_saved(&self) -> String {
        let labels = self.unsaved_labels().join("; ");
        match &self.note {
            Some(note) => format!("{note} ({labels})"),
            None => labels,
        }
    }

    /// How many steps lie between the saved state and this one, undone ones counted.
    pub fn unsaved_steps(&self) -> usize {
        let common = self.common_steps();
        let undone = self.saved_steps.len().saturating_sub(common);
        self.session.position().saturating_sub(common).saturating_add(undone)
    }

    /// Labels of these steps: first what was saved and then undone, then what was done, each oldest first.
    pub fn unsaved_labels(&self) -> Vec<String> {
        let common = self.common_steps();
        let undone = self.saved_steps.iter().skip(common).map(|(_, label)| format!("undo: {label}"));
        let in_force = self.session.transactions().iter().take(self.session.position());
        undone.chain(in_force.skip(common).map(|step| step.label.clone())).collect()
    }

    /// How many steps this state and the saved one begin with in common.
    fn common_steps(&self) -> usize {
        let in_force = self.session.transactions().iter().take(self.session.position());
        in_force.zip(&self.saved_steps).take_while(|(step, (revision, _))| step.revision == *revision).count()
    }
}

/// A function and no method, so that the sheet can be changed at the same time.
fn findings_about(findings: Option<&Findings>, object: ObjId) -> &[Finding] {
    findings.map_or(&[], |findings| findings.for_object(object))
}
