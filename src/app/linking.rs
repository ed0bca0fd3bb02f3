//! Links and members: pickers with check boxes, the members' form, the rule's text.

use std::collections::HashSet;
use std::path::Path;

use crate::store::{Change, Kind, LeafKind, Link, ObjId, Store, limits};

use super::changes;
use super::dialog::form::accounts_in;
use super::dialog::{Dialog, Field, Form, Picker, Purpose, Rule, Tick};
use super::effect::{Effect, TextFile};
use super::sheet::{Prop, value};
use super::state::App;

/// Opens the form for members (or non-members).
pub fn add_members(app: &mut App, non_members: bool) {
    let Some((object, name, kind)) = subject(app) else { return };
    let (what, purpose) = if non_members {
        ("non-members", Purpose::AddNonMembers(object))
    } else {
        ("members", Purpose::AddMembers(object))
    };
    let field = Field::area(
        "Accounts",
        "",
        Rule::Accounts,
        "One per line or separated by commas. Enter on an empty line adds them.",
    );
    let intro = "SIDs, or names that are known everywhere, such as Everyone.".to_owned();
    let title = format!("Add {what} to {kind} \"{name}\"");
    app.dialogs.push(Dialog::Form(Form::new(title, intro, purpose, "Add", vec![field])));
}

/// Opens the form for a rule's text.
pub fn edit_rule(app: &mut App) {
    let Some((object, name, kind)) = subject(app) else { return };
    let Some(doc) = app.doc() else { return };
    let text = value(doc.store(), object, Prop::Rule).unwrap_or_default().into_owned();
    let field = Field::area("Rule", &text, Rule::Text("A rule", limits::MAX_RULE), "Ctrl+S keeps it.");
    let title = format!("Rule of {kind} \"{name}\"");
    let intro =
        "Script text; an empty rule is none. Windows runs rules only where they are enabled.".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::RuleText(object), "Keep", vec![field])));
}

/// Puts what a file holds into the rule that is being edited.
pub fn rule_loaded(app: &mut App, path: &Path, file: TextFile) {
    let Some(Dialog::Form(form)) = app.dialogs.last_mut() else { return };
    if !matches!(form.purpose, Purpose::RuleText(_)) {
        return;
    }
    form.set("Rule", &file.text);
    let guessed = file.guessed.unwrap_or_default();
    app.tell(format!("Read from {}. {guessed}", path.display()).trim_end().to_owned());
}

fn subject(app: &App) -> Option<(ObjId, String, Kind)> {
    let doc = app.doc()?;
    let object = doc.selected()?;
    Some((object, doc.store().name(object).into_owned(), doc.store().kind(object)))
}

/// The change that a filled-in form of this module stands for, and its label.
pub fn from_form(app: &App, form: &Form) -> Result<(Change, String), String> {
    let store = app.doc().ok_or("No store is open.")?.store();
    let members = |object, what: &str, make: fn(String) -> Link| {
        let sids = accounts_in(&form.value("Accounts"))?;
        if sids.is_empty() {
            return Err("Type at least one account.".to_owned());
        }
        let count = sids.len();
        let plural = if count == 1 { "" } else { "s" };
        let links = sids.into_iter().map(make).collect();
        let label = changes::label(&format!("add {count} {what}{plural} to"), store, object);
        Ok((Change::Add(changes::object(store, object)?, links), label))
    };
    match form.purpose {
        Purpose::AddMembers(object) => members(object, "member", Link::Member),
        Purpose::AddNonMembers(object) => members(object, "non-member", Link::NonMember),
        Purpose::RuleText(object) => {
            let change = changes::set(store, object, Prop::Rule, &form.value("Rule"))?;
            Ok((change, changes::label("set rule of", store, object)))
        }
        _ => Err("Nothing to do.".to_owned()),
    }
}

/// Opens the picker for links to objects of this kind.
pub fn pick(app: &mut App, kind: Kind) {
    let Some((owner, name, owner_kind)) = subject(app) else { return };
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let link = link_kind(kind);
    let linked: HashSet<ObjId> = store.leaves_of(owner, link).filter_map(|leaf| store.target(leaf)).collect();
    let ticks = candidates(store, owner, kind)
        .into_iter()
        .map(|object| {
            let on = linked.contains(&object);
            Tick {
                object,
                label: store.name(object).into_owned(),
                detail: detail(store, object),
                on,
                was: on,
            }
        })
        .collect();
    let title = format!("{} of {owner_kind} \"{name}\"", super::editing::capitalised(&format!("{kind}s")));
    let intro = match (owner_kind, kind) {
        (Kind::Assignment, Kind::Role) => "Its members may do what the ticked definitions hold.",
        (_, Kind::Group) => "Who is in a ticked group is a member.",
        _ => "It holds what is ticked.",
    };
    let empty = format!("No {kind}s here to tick. Esc, then c creates one.");
    app.dialogs.push(Dialog::Picker(Picker::new(title, intro.to_owned(), empty, owner, link, ticks)));
}

/// The kind of leaf that links to an object of this kind.
const fn link_kind(kind: Kind) -> LeafKind {
    match kind {
        Kind::Operation => LeafKind::OperationLink,
        Kind::Group => LeafKind::AppMemberLink,
        _ => LeafKind::TaskLink,
    }
}

/// What `owner` may link to: objects of its own level and of the levels above.
fn candidates(store: &Store, owner: ObjId, kind: Kind) -> Vec<ObjId> {
    let own = store.level(owner);
    let mut levels = vec![own];
    if store.kind(own) == Kind::Scope {
        levels.extend(store.application(own));
    }
    if kind == Kind::Group && own != store.root() {
        levels.push(store.root());
    }
    levels
        .into_iter()
        .flat_map(|level| store.children_of(level, kind))
        .filter(|&object| object != owner)
        .collect()
}

fn detail(store: &Store, object: ObjId) -> String {
    let level = store.level(object);
    match (store.kind(object), store.kind(level)) {
        (Kind::Operation, _) => store.first(object, LeafKind::OperationId).unwrap_or_default().into_owned(),
        (_, Kind::Store) => "store".to_owned(),
        _ => store.name(level).into_owned(),
    }
}

/// Carries out what was ticked and unticked, as one step.
pub fn finish(app: &mut App, picker: &Picker, effects: &mut Vec<Effect>) -> Result<(), String> {
    let store = app.doc().ok_or("No store is open.")?.store();
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for tick in &picker.ticks {
        match (tick.was, tick.on) {
            (false, true) => added.push(changes::link_to(store, picker.owner, tick.object)?),
            (true, false) => removed.push(changes::link_to(store, picker.owner, tick.object)?),
            _ => {}
        }
    }
    if added.is_empty() && removed.is_empty() {
        return Ok(());
    }
    let owner = changes::object(store, picker.owner)?;
    let what = |count: usize| if count == 1 { "1 link".to_owned() } else { format!("{count} links") };
    let verb = match (added.len(), removed.len()) {
        (n, 0) => format!("add {} to", what(n)),
        (0, n) => format!("remove {} from", what(n)),
        (n, m) => format!("add {} and remove {m} of", what(n)),
    };
    let label = changes::label(&verb, store, picker.owner);
    let mut changes = Vec::new();
    if !removed.is_empty() {
        changes.push(Change::Remove(owner.clone(), removed));
    }
    if !added.is_empty() {
        changes.push(Change::Add(owner, added));
    }
    super::editing::apply(app, &changes, &label, effects)
}
