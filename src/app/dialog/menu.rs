//! The context menu: what can be done with the selection. The lines are the action table's.

use crate::app::actions::{self, ACTIONS, Action, Group, Id};
use crate::app::input::{Key, KeyPress};
use crate::app::keymap::Keymap;
use crate::app::layout::scroll_to;
use crate::app::node::{Node, Part};
use crate::app::{App, Doc};
use crate::store::Kind;

use super::Outcome;
use super::list::move_by_key;

/// The menu.
#[derive(Debug)]
pub struct Menu {
    /// What is selected.
    pub title: String,
    /// What can be done with it, in the order of the action table.
    pub items: Vec<Id>,
    /// Selected line.
    pub selected: usize,
    /// First visible line.
    pub top: usize,
    /// The cell that was clicked, near which it opens; `None`: in the middle.
    pub at: Option<(u16, u16)>,
}

/// Actions on the selection that stand in no group of such.
const ALSO: [Id; 3] = [Id::Enter, Id::WhereUsed, Id::Copy];
/// Changes that are not about the selection.
const NEVER: [Id; 2] = [Id::Undo, Id::Redo];
/// What the actions that create something make.
const MADE: [(Id, Kind); 8] = [
    (Id::NewApplication, Kind::Application),
    (Id::NewScope, Kind::Scope),
    (Id::NewRole, Kind::Role),
    (Id::NewTask, Kind::Task),
    (Id::NewOperation, Kind::Operation),
    (Id::NewAssignment, Kind::Assignment),
    (Id::AssignRoles, Kind::Assignment),
    (Id::NewGroup, Kind::Group),
];

/// Whether an action makes what stands directly in a node: in azman.msc's menus, too, a folder offers its own kind.
fn is_made_in(doc: &Doc, node: Node, id: Id) -> bool {
    let Some((_, kind)) = MADE.iter().find(|(made, _)| *made == id) else { return false };
    match (node.part, node.part.kind()) {
        (Part::Object, _) => kind.belongs_in(doc.store().kind(node.object)),
        (Part::Definitions, _) => matches!(kind, Kind::Role | Kind::Task | Kind::Operation),
        (_, listed) => listed == Some(*kind),
    }
}

impl Menu {
    /// The menu for what is selected: what can act, and what the key bar names although it cannot.
    pub fn of(app: &App, title: String, at: Option<(u16, u16)>) -> Menu {
        let bar = actions::bar(app);
        let node = app.doc().map(|doc| (doc, doc.node()));
        let is_about = |action: &&Action| match action.group {
            Group::Create => node.is_some_and(|(doc, node)| is_made_in(doc, node, action.id)),
            Group::Change => !NEVER.contains(&action.id),
            _ => ALSO.contains(&action.id),
        };
        let stands = |action: &&Action| bar.contains(&action.id) || action.can(app).is_ok();
        let items = ACTIONS.iter().filter(is_about).filter(stands).map(|action| action.id).collect();
        Menu { title, items, selected: 0, top: 0, at }
    }

    /// Keeps the selection among the `height` visible lines.
    pub fn settle(&mut self, height: usize) {
        self.top = scroll_to(self.top, self.selected, height);
    }

    /// Acts on a key: movement, a line's digit, or a key that its action has anyway.
    pub fn key(&mut self, press: KeyPress, page: usize, keys: &Keymap) -> Outcome {
        let last = self.items.len().saturating_sub(1);
        let run = |index: usize| self.items.get(index).map_or(Outcome::Stay, |&id| Outcome::Run(id));
        match press.key {
            Key::Esc | Key::Char('0' | 'm') => return Outcome::Close,
            Key::F(10) if press.shift => return Outcome::Close,
            Key::Enter => return run(self.selected),
            Key::Char(digit @ '1'..='9') if !press.ctrl && !press.alt => {
                let index = usize::try_from(u32::from(digit).saturating_sub(u32::from('1')));
                return index.map_or(Outcome::Stay, run);
            }
            Key::Up => self.selected = self.selected.checked_sub(1).unwrap_or(last),
            Key::Down if self.selected >= last => self.selected = 0,
            Key::Down => self.selected = self.selected.saturating_add(1),
            // Letters are keys of the actions here.
            Key::PageUp | Key::PageDown | Key::Home | Key::End => {
                move_by_key(&mut self.selected, self.items.len(), press, page);
            }
            _ => {
                if let Some(&id) = self.items.iter().find(|&&id| keys.of(id).contains(&press)) {
                    return Outcome::Run(id);
                }
            }
        }
        Outcome::Stay
    }
}
