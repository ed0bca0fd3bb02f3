//! What the recovery journal is told, so that replaying it over the file gives the store as it is.
//!
//! The journal begins at the last save. A step and its undoing are one line each. But undo goes past the save, where
//! the journal has nothing to undo; then the way back is written as changes of its own, and the journal's reach
//! begins anew there. What these changes cannot say: that a text was absent and not empty; what AzMan's format does not
//! name, and names that AzMan does not allow, where undo brings them back after a save has dropped them. A replay names
//! the steps that it had to leave out.

use crate::store::{Change, Create, GroupType, Kind, LeafKind, Link, ObjId, Object, Place, Property, Store};

use super::changes;
use super::effect::{Effect, JournalStep};
use super::sheet::{Prop, value};
use super::state::Doc;

/// Properties that changes can set, besides the name.
const PROPS: [Prop; 8] = [
    Prop::Description,
    Prop::Version,
    Prop::Number,
    Prop::Type,
    Prop::Query,
    Prop::RuleLanguage,
    Prop::Rule,
    Prop::RulePath,
];

/// Which part of the history the journal can undo and redo by a word: positions from `start` to `top`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    start: usize,
    top: usize,
}

impl Reach {
    /// A journal that begins at this position of the history.
    pub const fn at(position: usize) -> Reach {
        Reach { start: position, top: position }
    }
}

/// One object before a step.
struct State {
    id: ObjId,
    /// `None`: it was not there.
    object: Option<Object>,
    name: String,
    values: Vec<(Prop, String)>,
    links: Vec<(LeafKind, String, Link)>,
}

impl Doc {
    /// Journals a step that was just applied.
    pub fn journal_apply(&mut self, label: &str, changes: &[Change], effects: &mut Vec<Effect>) {
        self.reach.top = self.session.position();
        self.push_apply(label.to_owned(), changes, effects);
    }

    /// Undoes a step and journals that. `Err`: it was undone, but the journal could not be told, and why.
    pub fn undo_journaled(
        &mut self,
        effects: &mut Vec<Effect>,
    ) -> Option<(crate::store::Applied, Result<(), String>)> {
        if self.why_kept().is_some() {
            return None;
        }
        let step = self.session.position().checked_sub(1)?;
        let leaves_reach = step < self.reach.start;
        let before: Vec<State> = if leaves_reach {
            let edited = self.session.edited(step);
            edited.into_iter().map(|id| State::of(self.session.store(), id)).collect()
        } else {
            Vec::new()
        };
        let applied = self.session.undo()?;
        if !leaves_reach {
            self.push(JournalStep::Undo, effects);
            return Some((applied, Ok(())));
        }
        self.reach = Reach::at(self.session.position());
        let outcome = way(self.session.store(), &before);
        let outcome =
            outcome.map(|changes| self.push_apply(format!("undo: {}", applied.label), &changes, effects));
        Some((applied, outcome))
    }

    /// Why the last step is not undone, if so. What the file says of its schema has been relied on since it was saved, and
    /// neither AzMan nor the change language has a way back.
    pub fn why_kept(&self) -> Option<&'static str> {
        let step = self.session.transactions().get(self.session.position().checked_sub(1)?)?;
        let is_saved = self.saved_steps.iter().any(|(revision, _)| *revision == step.revision);
        let raises = |change: &Change| matches!(change, Change::Set(_, Property::Schema, _));
        (is_saved && step.changes.iter().any(raises))
            .then_some("A saved schema is not undone; azedit restore goes back.")
    }

    /// Does a step again and journals that.
    pub fn redo_journaled(&mut self, effects: &mut Vec<Effect>) -> Option<crate::store::Applied> {
        let applied = self.session.redo()?;
        let position = self.session.position();
        if position <= self.reach.top {
            self.push(JournalStep::Redo, effects);
        } else {
            self.reach.top = position;
            let step = self.session.transactions().get(position.saturating_sub(1));
            let changes = step.map(|step| step.changes.clone()).unwrap_or_default();
            self.push_apply(applied.label.clone(), &changes, effects);
        }
        Some(applied)
    }

    /// Ends the journal because the user leaves this store: nothing in it is unsaved, or he gave that up.
    pub fn journal_end(&self, effects: &mut Vec<Effect>) {
        let may_be_lost = self.unconfirmed && !self.session.is_dirty();
        if self.has_journal() && self.recovery.is_none() && !may_be_lost {
            effects.push(Effect::Journal(self.id, JournalStep::Clear));
        }
    }

    /// Everything is saved: the journal is empty and begins here.
    pub fn journal_saved(&mut self, effects: &mut Vec<Effect>) {
        self.journal_stopped = false;
        self.reach = Reach::at(self.session.position());
        effects.push(Effect::Journal(self.id, JournalStep::Clear));
    }

    fn push_apply(&mut self, label: String, changes: &[Change], effects: &mut Vec<Effect>) {
        let lines = changes.iter().map(ToString::to_string).collect();
        self.push(JournalStep::Apply { label, lines }, effects);
    }

    fn push(&mut self, step: JournalStep, effects: &mut Vec<Effect>) {
        if self.has_journal() {
            effects.push(Effect::Journal(self.id, step));
        }
    }
}

impl State {
    fn of(store: &Store, id: ObjId) -> State {
        let mut state =
            State { id, object: None, name: String::new(), values: Vec::new(), links: Vec::new() };
        if store.is_live(id) {
            state.object = Object::of(store, id);
            state.name = store.name(id).into_owned();
            let text = |prop| value(store, id, prop).unwrap_or_default().into_owned();
            state.values = PROPS.into_iter().map(|prop| (prop, text(prop))).collect();
            state.links = links(store, id);
        }
        state
    }
}

fn links(store: &Store, id: ObjId) -> Vec<(LeafKind, String, Link)> {
    store
        .leaves(id)
        .filter_map(|leaf| Some((store.leaf_kind(leaf), store.text(leaf).into_owned(), store.link_of(leaf)?)))
        .collect()
}

/// The changes that lead from the states before to the store as it is. First what goes, named as it was; then names
/// and objects; then what refers to them.
fn way(store: &Store, before: &[State]) -> Result<Vec<Change>, String> {
    let (mut gone, mut made, mut set) = (Vec::new(), Vec::new(), Vec::new());
    for state in before {
        let live = store.is_live(state.id);
        match (&state.object, live) {
            (Some(object), false) => {
                // What stood in something that goes too goes with it.
                if store.parent(state.id).is_none_or(|parent| store.is_live(parent)) {
                    gone.push(Change::Delete(object.clone()));
                }
            }
            (None, true) => {
                made.push(Change::Create(create(store, state.id)?));
                settle(store, state, &mut gone, &mut set)?;
            }
            (Some(object), true) => {
                let name = store.name(state.id);
                if name != state.name {
                    made.push(Change::Rename(object.clone(), name.into_owned()));
                }
                settle(store, state, &mut gone, &mut set)?;
            }
            (None, false) => {}
        }
    }
    gone.extend(made);
    gone.extend(set);
    Ok(gone)
}

fn create(store: &Store, id: ObjId) -> Result<Create, String> {
    let kind = store.kind(id);
    let parent = store.parent(id).unwrap_or(store.root());
    let guid = store.guid(id).ok_or("an object without a GUID came back")?;
    let mut create = changes::create(store, kind, parent, &store.name(id), guid)?;
    create.id = store.operation_id(id);
    create.group_type = store.group_type(id);
    create.place = if kind == Kind::Application { Place::default() } else { create.place };
    Ok(create)
}

/// Properties and links that differ from the state before.
fn settle(store: &Store, state: &State, gone: &mut Vec<Change>, set: &mut Vec<Change>) -> Result<(), String> {
    let made = state.object.is_none();
    // What a type does not allow goes before the type comes, and what it asks for comes after it. A rule needs its
    // language before it, and the language goes only after the rule.
    let mut props = PROPS;
    props.sort_by_key(|&prop| {
        let goes = value(store, state.id, prop).is_none_or(|now| now.is_empty());
        !(goes && matches!(prop, Prop::Query | Prop::Rule | Prop::RulePath))
    });
    // With the type goes the language.
    let has_language =
        store.kind(state.id) != Kind::Group || store.group_type(state.id) == Some(GroupType::BizRule);
    for prop in props {
        let now = value(store, state.id, prop).unwrap_or_default();
        let then = state.values.iter().find(|(known, _)| *known == prop).map_or("", |(_, text)| text);
        let by_creation = made && matches!(prop, Prop::Number | Prop::Type);
        let by_type = prop == Prop::RuleLanguage && !has_language;
        if now != then && !by_creation && !by_type {
            let word = match prop {
                // The file's word for a group's type is not the language's.
                Prop::Type => store.group_type(state.id).map_or("", GroupType::change_word),
                _ => &now,
            };
            set.push(changes::set(store, state.id, prop, word)?);
        }
    }
    let now = links(store, state.id);
    let missing = |from: &[(LeafKind, String, Link)], of: &[(LeafKind, String, Link)]| -> Vec<Link> {
        let has = |kind, text: &str| of.iter().any(|(k, t, _)| *k == kind && t == text);
        from.iter().filter(|(kind, text, _)| !has(*kind, text)).map(|(.., link)| link.clone()).collect()
    };
    let (added, removed) = (missing(&now, &state.links), missing(&state.links, &now));
    if let Some(object) = state.object.clone().filter(|_| !removed.is_empty()) {
        gone.push(Change::Remove(object, removed));
    }
    if !added.is_empty() {
        set.push(Change::Add(changes::object(store, state.id)?, added));
    }
    Ok(())
}
