//! Lists of places: the jump list, and where something is used.

use std::sync::Arc;

use crate::accounts::Sid;
use crate::store::{Kind, LeafId, ObjId};

use super::dialog::{Dialog, Places, places};
use super::doc::Doc;
use super::enabled;
use super::fuzzy::Pattern;
use super::layout::Pane;
use super::scan::{Scan, Test};
use super::sheet::Entry;
use super::state::App;

/// Opens the list of every object, to go to one by its name.
pub fn jump_list(app: &mut App) {
    let Some(doc) = app.doc_mut() else { return };
    // The store itself is the first of all and has no name.
    let order: Arc<[ObjId]> = doc.object_order().iter().skip(1).copied().collect();
    let scan = Scan::new(Test::Name(Pattern::default()), order, 0).past(doc.machines.roster());
    let list = Places::jump(doc.store(), scan);
    app.dialogs.push(Dialog::Places(list));
}

/// What `w` asks about.
enum Subject {
    Object(ObjId),
    Account(Sid, String),
}

/// Whether there is something to ask about, or why not.
pub fn can_ask(app: &App) -> Result<(), String> {
    let doc = enabled::doc(app)?;
    subject(doc, app.focus).map(|_| ())
}

fn subject(doc: &Doc, focus: Pane) -> Result<Subject, String> {
    let store = doc.store();
    let object = |object| match store.kind(object) {
        Kind::Operation | Kind::Task | Kind::Role | Kind::Group => Ok(Subject::Object(object)),
        kind @ (Kind::Application | Kind::Scope) => {
            Err(format!("Nothing in the store refers to {}: programs ask for it by its name.", kind.a()))
        }
        kind => Err(format!("Nothing refers to {}: it is not used elsewhere.", kind.a())),
    };
    if focus == Pane::Details {
        match doc.sheet.entry() {
            Some(Entry::Account(leaf)) => return account(doc, *leaf),
            Some(Entry::Link(leaf)) => {
                let target = store.target(*leaf).ok_or("This link leads nowhere.")?;
                return Ok(Subject::Object(target));
            }
            Some(Entry::Child(child)) => return object(*child),
            Some(Entry::Referrer(leaf)) => {
                if let Ok(owner) = object(store.owner(*leaf)) {
                    return Ok(owner);
                }
            }
            _ => {}
        }
    }
    match doc.selected() {
        Some(selected) => object(selected),
        None => Err(format!("{} is a folder: select an object.", doc.node().part.label())),
    }
}

fn account(doc: &Doc, leaf: LeafId) -> Result<Subject, String> {
    let text = doc.store().text(leaf).trim().to_owned();
    let sid = Sid::parse(&text).map_err(|_| format!("\"{text}\" is no SID."))?;
    Ok(Subject::Account(sid, text))
}

/// Lists where the selected object or account is used.
pub fn where_used(app: &mut App) {
    let focus = app.focus;
    let names = Arc::clone(&app.names);
    let Some(doc) = app.doc_mut() else { return };
    match subject(doc, focus) {
        Ok(Subject::Object(object)) => list_uses(app, object),
        Ok(Subject::Account(sid, text)) => {
            let scan = Scan::new(Test::Account(sid), doc.object_order(), 0);
            let list = Places::account(doc.store(), places::account_title(&text, &names), scan);
            app.dialogs.push(Dialog::Places(list));
        }
        Err(why) => app.object(why),
    }
}

/// Lists what refers to an object.
pub fn list_uses(app: &mut App, object: ObjId) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let links = store.referrers(object);
    if links.is_empty() {
        let text = format!("Nothing refers to \"{}\".", store.name(object));
        return app.object(text);
    }
    let title = format!("Where {} \"{}\" is used", store.kind(object), store.name(object));
    let list = Places::uses(store, title, &links);
    app.dialogs.push(Dialog::Places(list));
}
