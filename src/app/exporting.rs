//! Export list: what is on the screen as a file or on the clipboard.

use crate::accounts::Names;
use crate::report::list::{Format, List};
use crate::store::{Kind, LeafKind, ObjId, Store};

use super::clip::Clip;
use super::dialog::{Dialog, Field, Form, Purpose, Rule};
use super::doc::Doc;
use super::effect::{Effect, Existing, TextId};
use super::enabled;
use super::layout::Pane;
use super::state::App;
use super::tree::{Node, Part};

/// The lists, as the form calls them, in the order of the panes.
const LISTS: [(&str, Pane); 3] =
    [("Details", Pane::Details), ("Tree", Pane::Tree), ("Problems", Pane::Problems)];
const LIST_NAMES: &[&str] = &["Details", "Tree", "Problems"];
const FORMAT_NAMES: &[&str] = &["CSV", "JSON", "Markdown"];
const TARGETS: &[&str] = &["File", "Clipboard"];

/// Asks what to write, how and where.
pub fn ask(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    // What the details list is what is selected in the tree, and mostly meant.
    let list =
        LISTS.iter().position(|(_, pane)| *pane == app.focus && app.focus == Pane::Problems).unwrap_or(0);
    let stem = doc.title();
    let stem = stem.rsplit_once('.').map_or(stem.as_str(), |(stem, _)| stem);
    let what = match doc.node().part {
        Part::Object => doc.store().name(doc.node().object).into_owned(),
        part => part.label().to_owned(),
    };
    let is_plain = |c: &char| c.is_alphanumeric() || " -_.".contains(*c);
    let name: String = format!("{stem} {what}").trim_end().chars().filter(is_plain).take(60).collect();
    let fields = vec![
        Field::choice(
            "List",
            LIST_NAMES,
            list,
            "What is in the selected place, the unfolded tree, or all problems.",
        ),
        Field::choice(
            "Format",
            FORMAT_NAMES,
            0,
            "CSV for spreadsheets, JSON for programs, Markdown for documents.",
        ),
        Field::choice("To", TARGETS, 0, "The clipboard needs no path."),
        Field::line("Path", &name, Rule::Free, "Without an ending it gets that of the format."),
    ];
    let title = "Export list".to_owned();
    let intro = "Writes what the screen lists, whole and not only what is seen.".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::Export, "Export", fields)));
}

/// Carries out the filled-in form.
pub fn export(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let doc = enabled::doc(app)?;
    let wanted = form.value("List");
    let pane = LISTS.iter().find(|(name, _)| *name == wanted).map_or(Pane::Details, |(_, pane)| *pane);
    let list = match pane {
        Pane::Details => of_details(doc, &app.names),
        Pane::Tree => of_tree(doc),
        Pane::Problems => of_problems(doc, &app.names),
    };
    if list.rows.is_empty() {
        return Err("This list is empty: nothing to export.".to_owned());
    }
    let wanted = form.value("Format");
    let format = Format::ALL.into_iter().find(|(_, name, _)| *name == wanted);
    let (format, _, ending) = format.unwrap_or((Format::Csv, "CSV", "csv"));
    let count = list.rows.len();
    let text = list.without_empty_columns().text(format);
    if form.value("To") == "Clipboard" {
        effects.push(Effect::Copy(text.clone()));
        let what =
            if count == 1 { "the list, 1 row,".to_owned() } else { format!("the list, {count} rows,") };
        app.clip = Some(Clip { text, what, cut: None });
        return Ok(());
    }
    let typed = form.value("Path");
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("A path is needed.".to_owned());
    }
    let mut path = (app.locate)(typed)?;
    if path.extension().is_none() {
        path.set_extension(ending);
    }
    effects.push(Effect::WriteText { path, text, existing: Existing::Keep, id: TextId::Export });
    Ok(())
}

/// What stands in the selected place: objects in it, its links, members and non-members.
fn of_details(doc: &Doc, names: &Names) -> List {
    let store = doc.store();
    let node = doc.node();
    let mut list =
        List { columns: vec!["kind", "name", "number", "sid", "description", "path"], rows: Vec::new() };
    if let Some(kind) = node.part.kind() {
        list.rows.extend(store.listed(node.object, kind).map(|id| object_row(store, id)));
        return list;
    }
    for kind in Kind::ALL {
        list.rows.extend(store.listed(node.object, kind).map(|id| object_row(store, id)));
    }
    for leaf in store.leaves(node.object) {
        let kind = store.leaf_kind(leaf);
        let text = store.text(leaf).trim().to_owned();
        match (kind, store.target(leaf)) {
            (LeafKind::Member | LeafKind::NonMember, _) => list.rows.push(vec![
                kind.word().to_owned(),
                names.name_of(&text).unwrap_or_default().into_owned(),
                String::new(),
                text,
                String::new(),
                String::new(),
            ]),
            (_, Some(target)) => list.rows.push(object_row(store, target)),
            _ => {}
        }
    }
    list
}

fn object_row(store: &Store, id: ObjId) -> Vec<String> {
    vec![
        store.kind(id).word().to_owned(),
        store.name(id).into_owned(),
        store.first(id, LeafKind::OperationId).unwrap_or_default().trim().to_owned(),
        String::new(),
        store.description(id).unwrap_or_default().into_owned(),
        store.path(id),
    ]
}

/// The unfolded rows.
fn of_tree(doc: &Doc) -> List {
    let store = doc.store();
    let row = |depth: u8, Node { object, part }: Node| {
        let (kind, name) = match part {
            Part::Object if store.kind(object) == Kind::Store => ("store", doc.title()),
            Part::Object => (store.kind(object).word(), store.name(object).into_owned()),
            Part::Machine(number) => {
                let one = doc.machines.get(number);
                ("virtual machine", one.map_or_else(String::new, |one| one.machine.name.clone()))
            }
            part => ("folder", part.label().to_owned()),
        };
        vec![depth.to_string(), kind.to_owned(), name, store.path(object)]
    };
    List {
        columns: vec!["depth", "kind", "name", "path"],
        rows: doc.tree.rows().iter().map(|shown| row(shown.depth, shown.node)).collect(),
    }
}

fn of_problems(doc: &Doc, names: &Names) -> List {
    let store = doc.store();
    let row = |finding: &crate::check::Finding| {
        let line = store.position(finding.object).map(|position| position.line.to_string());
        vec![
            finding.code.to_owned(),
            finding.severity.word().to_owned(),
            names.put_into(&finding.message).into_owned(),
            store.path(finding.object),
            line.unwrap_or_default(),
        ]
    };
    List {
        columns: vec!["code", "severity", "message", "object", "line"],
        rows: doc.findings.iter().flat_map(crate::check::Findings::all).map(row).collect(),
    }
}
