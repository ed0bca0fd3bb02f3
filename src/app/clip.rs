//! Copying and cutting: objects as the lines that make them, members as SIDs, anything as its text.
//!
//! What was copied is also kept here, so that it can be pasted where no clipboard can be read (over SSH).

use crate::hyperv::inventory::guid_text;
use crate::store::{Kind, ObjId};

use super::actions::Id;
use super::bulk::{named, plural, subjects};
use super::dialog::{Dialog, TextView};
use super::doc::Doc;
use super::effect::{DocId, Effect};
use super::enabled;
use super::layout::Pane;
use super::machines;
use super::paste;
use super::sheet::{Entry, value};
use super::state::App;
use super::tree::Part;

/// What was copied last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// The text that went to the clipboard.
    pub text: String,
    /// What it is: `2 role assignments`.
    pub what: String,
    /// What pasting moves, and its store.
    pub cut: Option<(DocId, Cut)>,
}

/// What was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// Objects.
    Objects(Vec<ObjId>),
    /// Virtual machines, by their numbers.
    Machines(Vec<u32>),
}

/// What is copied by `y`.
enum Copied {
    Objects(Vec<ObjId>),
    /// Text, and what it is.
    Text(String, String),
}

fn copied(app: &App) -> Result<Copied, String> {
    let doc = enabled::doc(app)?;
    let store = doc.store();
    let node = doc.node();
    match (app.focus, doc.sheet.entry()) {
        (Pane::Problems, _) | (Pane::Details, Some(Entry::Fact(..))) => Ok(line_text(app)),
        _ if !machines::moving::subjects(doc).is_empty() => {
            let clip = of_machines(doc, machines::moving::subjects(doc), false);
            Ok(Copied::Text(clip.text, clip.what))
        }
        (Pane::Details, Some(Entry::Account(leaf))) => {
            let marked: Vec<_> = doc.marked.lines_of(node.object).collect();
            let leaves = if marked.is_empty() { vec![*leaf] } else { marked };
            let accounts = leaves.into_iter().filter(|&leaf| store.leaf_kind(leaf).is_member());
            let sids: Vec<String> = accounts.map(|leaf| store.text(leaf).trim().to_owned()).collect();
            let what = plural(sids.len(), "account");
            Ok(Copied::Text(sids.join("\n"), what))
        }
        (Pane::Details, Some(Entry::Child(object))) if doc.marked.is_empty() => {
            Ok(Copied::Objects(vec![*object]))
        }
        (Pane::Details, Some(Entry::Link(leaf))) if doc.marked.is_empty() => match store.target(*leaf) {
            Some(target) => Ok(Copied::Objects(vec![target])),
            None => Ok(line_text(app)),
        },
        (Pane::Details, Some(Entry::Property(_) | Entry::Attribute(..))) => Ok(line_text(app)),
        _ if !doc.marked.is_empty() => Ok(Copied::Objects(subjects(doc))),
        _ => match (node.part, node.part.kind()) {
            (Part::Object, _) if store.kind(node.object) == Kind::Store => Err(format!(
                "The store is a file: {} saves it under another name. {} copies its path.",
                app.keys.named(Id::SaveAs),
                app.keys.named(Id::CopyText)
            )),
            (Part::Object, _) => Ok(Copied::Objects(vec![node.object])),
            (part, Some(kind)) => {
                let inside: Vec<ObjId> = store.listed(node.object, kind).collect();
                let empty = || format!("{} is empty: nothing to copy.", part.label());
                if inside.is_empty() { Err(empty()) } else { Ok(Copied::Objects(inside)) }
            }
            (part, None) => Err(format!("{} is a folder of folders: select one in it.", part.label())),
        },
    }
}

/// Copies what is marked or selected.
pub fn copy(app: &mut App, effects: &mut Vec<Effect>) {
    match copied(app) {
        Ok(Copied::Objects(objects)) => copy_objects(app, &objects, false, effects),
        Ok(Copied::Text(text, what)) => put(app, Clip { text, what, cut: None }, effects),
        Err(why) => app.object(why),
    }
}

/// Copies what is marked or selected; pasting in the same store moves it.
pub fn cut(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let numbers = machines::moving::subjects(doc);
    if !numbers.is_empty() {
        let clip = of_machines(doc, numbers, true);
        if let Some(doc) = app.doc_mut() {
            doc.marked.clear_objects();
        }
        return put(app, clip, effects);
    }
    let objects = subjects(doc);
    copy_objects(app, &objects, true, effects);
}

/// Virtual machines as their GUIDs.
fn of_machines(doc: &Doc, numbers: Vec<u32>, is_cut: bool) -> Clip {
    let known = numbers.iter().filter_map(|&number| doc.machines.get(number));
    let guids: Vec<String> = known.map(|one| guid_text(one.machine.guid)).collect();
    let what = machines::moving::named(&doc.machines, &numbers);
    let cut = is_cut.then_some((doc.id, Cut::Machines(numbers)));
    Clip { text: guids.join("\n"), what, cut }
}

fn copy_objects(app: &mut App, objects: &[ObjId], cut: bool, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    match paste::of_objects(store, objects, &doc.title()) {
        Ok((text, lost)) => {
            let what = named(store, objects);
            let cut = cut.then(|| (doc.id, Cut::Objects(objects.to_vec())));
            // The marks have done what they were for; those made from here on say where to paste.
            if let Some(doc) = app.doc_mut() {
                doc.marked.clear_objects();
            }
            put(app, Clip { text, what, cut }, effects);
            if !lost.is_empty() {
                app.dialogs.push(Dialog::Text(TextView::new("Not all of it can be copied", lost)));
            }
        }
        Err(why) => app.fail(format!("Not copied: {why}")),
    }
}

fn put(app: &mut App, clip: Clip, effects: &mut Vec<Effect>) {
    effects.push(Effect::Copy(clip.text.clone()));
    app.clip = Some(clip);
}

/// Copies the text of the selected line: a path, a SID, a value.
pub fn copy_text(app: &mut App, effects: &mut Vec<Effect>) {
    if let Copied::Text(text, what) = line_text(app) {
        put(app, Clip { text, what, cut: None }, effects);
    }
}

fn line_text(app: &App) -> Copied {
    let text = |text: String, what: &str| Copied::Text(text, what.to_owned());
    let Some(doc) = app.doc() else { return text(String::new(), "nothing") };
    let store = doc.store();
    let node = doc.node();
    let path = |object: ObjId| match (store.kind(object), &doc.path) {
        (Kind::Store, Some(path)) => text(path.display().to_string(), "the store's path"),
        _ => text(store.path(object), "the path"),
    };
    match (app.focus, doc.sheet.entry()) {
        (Pane::Details, Some(Entry::Account(leaf))) => text(store.text(*leaf).into_owned(), "the SID"),
        (Pane::Details, Some(Entry::Property(prop))) => {
            let now = value(store, node.object, *prop).unwrap_or_default().into_owned();
            text(now, &format!("the {}", prop.label()))
        }
        (Pane::Details, Some(Entry::Link(leaf))) => match store.target(*leaf) {
            Some(target) => path(target),
            None => text(store.text(*leaf).into_owned(), "the GUID"),
        },
        (Pane::Details, Some(Entry::Child(object))) => path(*object),
        (Pane::Details, Some(Entry::Referrer(leaf))) => path(store.owner(*leaf)),
        (Pane::Details, Some(Entry::Attribute(name, value))) => {
            text(format!("{name}=\"{value}\""), "the attribute")
        }
        (Pane::Problems, _) => {
            let finding = doc.selected_problem();
            let shown =
                finding.map(|finding| format!("{} {}", finding.code, app.names.put_into(&finding.message)));
            text(shown.unwrap_or_default(), "the problem")
        }
        (Pane::Details, Some(Entry::Fact(label, value))) => text(value.clone(), &format!("the {label}")),
        _ if doc.machine().is_some() => {
            let name = doc.machine().map_or_else(String::new, |(_, one)| one.machine.name.clone());
            text(name, "the name")
        }
        _ if node.part == Part::Object => path(node.object),
        _ => text(node.part.label().to_owned(), "the label"),
    }
}

/// The host has put the text on a clipboard (`Ok`: on which, as `to …`), or says why it could not.
pub fn answered(app: &mut App, outcome: Result<String, String>, effects: &mut Vec<Effect>) {
    let Some(clip) = &app.clip else { return };
    let what = clip.what.clone();
    let is_cut = clip.cut.is_some();
    match outcome {
        Ok(_) if is_cut => {
            app.tell(format!("Cut {what}: {} where it goes moves it.", app.keys.named(Id::Paste)));
        }
        Ok(way) => app.tell(format!("Copied {what} {way}.")),
        Err(why) => {
            let shown = Dialog::Plain(TextView::new(
                format!("Select it with the mouse: {why}."),
                clip.text.lines().map(str::to_owned).collect(),
            ));
            app.dialogs.push(shown);
            // The terminal's own selection works only while the mouse is the terminal's.
            effects.push(Effect::Mouse(false));
            let paste = app.keys.named(Id::Paste);
            app.fail(format!("Not on a clipboard: {why}. Here {paste} pastes {what} all the same."));
        }
    }
}

/// Whether `y` has something to copy.
pub fn can_copy(app: &App) -> Result<(), String> {
    // Marked objects are not looked at one by one: this is asked for every frame.
    if app.doc().is_some_and(|doc| !doc.marked.is_empty()) {
        return Ok(());
    }
    match (app.doc().map(Doc::node), app.focus) {
        (Some(node), Pane::Tree) if node.part.kind().is_some() => Ok(()),
        _ => copied(app).map(|_| ()),
    }
}

/// Kinds that the change language can move.
pub const MOVABLE: [Kind; 4] = [Kind::Task, Kind::Role, Kind::Assignment, Kind::Group];
