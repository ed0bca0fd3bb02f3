//! Open stores side by side, as the nodes of a cluster have them, and bringing one into line with another.
//!
//! Everything that is compared is open: what is named by a path is opened besides. Comparing reads the stores whole, so
//! the host does it ([`Effect::Compare`], [`Effect::Align`]), on another thread where they are large.

use std::collections::BTreeSet;

use crate::hyperv::cluster::{Comparison, is_about};
use crate::store::{Kind, Merge};

use super::actions::Id;
use super::dialog::cluster::{ClusterView, Column, Request};
use super::dialog::form::PATH;
use super::dialog::merge::{MergeChoice, MergeDialog, MergeRow, Purpose as Choosing, Side};
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule, SaveLine};
use super::doc::Doc;
use super::effect::{DocId, Effect};
use super::state::App;
use super::work::{Busy, Parcel};
use super::{editing, enabled, filing, merging, moving, saving, stores};

/// Stores that have a letter.
const MOST: usize = 26;

/// What is remembered of comparing.
#[derive(Default)]
pub struct Comparing {
    /// Open stores that were left out.
    left_out: BTreeSet<DocId>,
    /// The object that was selected last.
    at: Option<(Kind, String)>,
    /// A store is being opened to be compared too; this one was shown before.
    resumes: Option<DocId>,
    /// The change of a store that is being decided.
    aligning: Option<Aligning>,
    /// What was done, for the view that comes back.
    said: Option<String>,
}

struct Aligning {
    /// The store that is changed.
    store: DocId,
    /// What the one is called that it becomes like.
    like: String,
    merge: Merge,
}

/// Compares the open stores; asks for another one where there is only one.
pub fn open(app: &mut App, effects: &mut Vec<Effect>) {
    let compared = |app: &App| -> Vec<DocId> {
        let in_it = app.docs.iter().map(|doc| doc.id).filter(|id| !app.comparing.left_out.contains(id));
        in_it.take(MOST).collect()
    };
    let mut ids = compared(app);
    if ids.len() < 2 {
        app.comparing.left_out.clear();
        ids = compared(app);
    }
    if ids.len() < 2 {
        return ask(app);
    }
    app.busy = Some(Busy::new(format!("Comparing {} stores", ids.len()), "Nothing is changed by it."));
    effects.push(Effect::Compare(ids));
}

/// Asks for the path of a store to compare with.
fn ask(app: &mut App) {
    let hint =
        "The store of another node, or a copy of it.  Tab completes, Down offers what was open before.";
    let field = Field::line(PATH, "", Rule::Path, hint);
    let intro = "It is opened beside this one; further ones are added with o.".to_owned();
    let mut form =
        Form::new("Compare with a store".to_owned(), intro, Purpose::Compare, "Compare", vec![field]);
    form.earlier = app.opened_before.iter().map(|recent| recent.path.display().to_string()).collect();
    app.dialogs.push(Dialog::Form(form));
}

/// Takes the store that the form names into the comparison.
pub fn from_form(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let path = filing::path_of(app, form)?;
    if let Some(id) = filing::open_at(app, &path).and_then(|index| app.docs.get(index)).map(|doc| doc.id) {
        if app.docs.len() == 1 {
            return Err("This is the store that is open.".to_owned());
        }
        app.comparing.left_out.remove(&id);
        open(app, effects);
        return Ok(());
    }
    if app.docs.len() >= MOST {
        return Err(format!("{MOST} stores at most are compared."));
    }
    app.comparing.resumes = app.doc().map(|doc| doc.id);
    filing::open(app, path, effects);
    Ok(())
}

/// A store was opened, or was not: goes on with what waited for it.
pub fn opened(app: &mut App, is_open: bool, effects: &mut Vec<Effect>) {
    let Some(shown) = app.comparing.resumes.take() else { return };
    // A question about the store that was opened, or that it was not, comes first.
    if is_open && app.dialogs.is_empty() {
        stores::show_document(app, shown);
        open(app, effects);
    }
}

/// Shows what differs.
pub fn compared(app: &mut App, ids: &[DocId], found: Option<&Parcel<Comparison>>) {
    app.busy = None;
    let Some(comparison) = found.and_then(Parcel::take) else {
        return app.tell("Stopped: nothing was compared.");
    };
    let said = app.comparing.said.take();
    let docs: Vec<&Doc> = ids.iter().filter_map(|&id| app.document(id)).collect();
    let shown = app.doc().map(|doc| doc.id);
    let column = ids.iter().position(|id| Some(*id) == shown).unwrap_or(0);
    let columns = docs
        .iter()
        .zip(names(&docs))
        .map(|(doc, name)| Column { id: doc.id, name, state: stores::state_words(doc) })
        .collect();
    let stood = |(kind, path): &(Kind, String)| {
        let objects = comparison.objects.iter();
        objects.take_while(|object| (&object.path, object.kind) < (path, *kind)).count()
    };
    let selected = app.comparing.at.as_ref().map_or(0, stood);
    app.dialogs.retain(|dialog| !matches!(dialog, Dialog::Cluster(_)));
    let mut view = ClusterView::new(columns, column, comparison, selected);
    view.said = said;
    app.dialogs.push(Dialog::Cluster(Box::new(view)));
}

/// What tells the stores apart: the names of their files, where these are alike with the folder, and else the whole
/// path.
fn names(docs: &[&Doc]) -> Vec<String> {
    let in_folder = |doc: &Doc| {
        let folder = doc.path.as_ref().and_then(|path| path.parent()?.file_name());
        folder.map_or_else(|| doc.title(), |folder| format!("{}/{}", folder.to_string_lossy(), doc.title()))
    };
    let whole = |doc: &Doc| doc.path.as_ref().map_or_else(|| doc.title(), |path| path.display().to_string());
    let ways: [&dyn Fn(&Doc) -> String; 3] = [&|doc| doc.title(), &in_folder, &whole];
    let mut names = Vec::new();
    for way in ways {
        names = docs.iter().map(|doc| way(doc)).collect();
        if names.iter().collect::<BTreeSet<_>>().len() == names.len() {
            break;
        }
    }
    names
}

/// Carries out what the view asks for.
pub fn act(app: &mut App, request: Request, effects: &mut Vec<Effect>) {
    let Some(Dialog::Cluster(view)) = app.dialogs.last() else { return };
    app.comparing.at = view.object().map(|object| (object.kind, object.path.clone()));
    let Some(column) = view.columns.get(view.column) else { return };
    match request {
        Request::Go => go(app, effects),
        Request::Add => ask(app),
        Request::LeaveOut if view.columns.len() < 3 => object(app, "Two stores at least are compared."),
        Request::LeaveOut => {
            app.comparing.left_out.insert(column.id);
            open(app, effects);
        }
        Request::Align if view.comparison.objects.is_empty() => {
            object(app, "There is nothing to align: no object differs.");
        }
        Request::Align => {
            let others: Vec<(usize, &Column)> =
                view.columns.iter().enumerate().filter(|(at, _)| *at != view.column).collect();
            if let [(_, other)] = others.as_slice() {
                let (store, like) = (column.id, other.id);
                return align(app, store, like, effects);
            }
            let title = format!("Align {} with", column.name);
            let letters = ('a'..='z').collect::<Vec<char>>();
            let choice = |&(at, other): &(usize, &Column)| {
                let answer = Answer::Align { store: column.id, like: other.id };
                Some(Choice::new(*letters.get(at)?, other.name.clone(), answer))
            };
            let choices = others.iter().filter_map(choice).collect();
            let lines = vec!["What changes is shown before it is made.".to_owned()];
            app.dialogs.push(Dialog::Confirm(Confirm::menu(title, lines, choices, 0)));
        }
    }
}

/// Says in the view why something cannot be done: it covers the status line.
fn object(app: &mut App, why: &str) {
    match app.dialogs.last_mut() {
        Some(Dialog::Cluster(view)) => view.said = Some(why.to_owned()),
        _ => app.object(why),
    }
}

/// Goes to the selected object in the selected store, or in the first one that has it.
fn go(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(Dialog::Cluster(view)) = app.dialogs.last() else { return };
    let Some(object) = view.object() else { return };
    let has = |at: usize| object.ids.get(at).copied().flatten().map(|id| (at, id));
    let found = has(view.column).or_else(|| (0..view.columns.len()).find_map(has));
    let Some((at, id)) = found else { return };
    let Some(there) = view.columns.get(at).map(|column| (column.id, column.name.clone())) else { return };
    let elsewhere = at != view.column;
    app.dialogs.clear();
    stores::show_document(app, there.0);
    moving::go(app, id, None);
    super::conflict::look(app, effects);
    if elsewhere {
        let name = there.1;
        app.tell(format!(
            "The other store lacks it: this is {name}. {} goes back to the comparison.",
            app.keys.named(Id::Compare)
        ));
    } else {
        app.tell(format!("{} goes back to the comparison.", app.keys.named(Id::Compare)));
    }
}

/// Finds out what brings a store into line with another.
pub fn align(app: &mut App, store: DocId, like: DocId, effects: &mut Vec<Effect>) {
    let Some(doc) = app.document(store) else { return };
    if let Some(why) = app.why_not_changed(doc) {
        let why = format!("{} is read-only: {why}.", doc.title());
        return object(app, &why);
    }
    app.busy = Some(Busy::new(format!("Aligning {}", doc.title()), "What it changes is shown first."));
    effects.push(Effect::Align { store, like });
}

/// Shows what would change, to choose among.
pub fn aligned(app: &mut App, store: DocId, like: DocId, found: Option<&Parcel<Result<Merge, String>>>) {
    app.busy = None;
    let merge = match found.and_then(Parcel::take) {
        None => return app.tell("Stopped: nothing was changed."),
        Some(Err(why)) => return object(app, &why),
        Some(Ok(merge)) => merge,
    };
    let Some(Dialog::Cluster(view)) = app.dialogs.last() else { return };
    let name = |id: DocId| {
        let column = view.columns.iter().find(|column| column.id == id);
        column.map_or_else(String::new, |column| column.name.clone())
    };
    let is_all = view.marked.is_empty() || view.marked.len() == view.comparison.objects.len();
    let chosen = view.chosen();
    let mut dialog = MergeDialog {
        title: format!("Align {} with {}", name(store), name(like)),
        purpose: Choosing::Align,
        ..MergeDialog::default()
    };
    let heading = format!("What changes, as one step that {} takes back", app.keys.named(Id::Undo));
    dialog.rows.push(MergeRow { line: SaveLine::text(heading), ..MergeRow::default() });
    let fits = |number: &usize| merge.items.get(*number).is_some_and(|item| item.unfit.is_none());
    let needs = app.document(store).map_or_else(Vec::new, |doc| merge.needs(doc.store()));
    let mut marked = Vec::new();
    for ((number, item), needs) in merge.items.iter().enumerate().zip(needs) {
        let is_marked = is_all || item.mine.iter().any(|difference| is_about(difference, &chosen));
        let fits_itself = fits(&number);
        let side = (fits_itself && is_marked).then_some(Side::Mine);
        marked.extend(side.map(|_| number));
        let needs = needs.into_iter().filter(fits).collect();
        dialog.choices.push(MergeChoice { side, needs, ..MergeChoice::default() });
        dialog.rows.extend(item.mine.iter().map(|difference| MergeRow {
            line: saving::line(&app.names, difference),
            whose: "",
            choice: fits_itself.then_some((number, Side::Mine)),
        }));
        if let Some(why) = &item.unfit {
            dialog.rows.extend(merging::stays_out(why, merging::cells(app)));
        }
    }
    if merge.items.is_empty() {
        let text = format!("{} says what {} says already.", name(store), name(like));
        dialog.rows.push(MergeRow { line: SaveLine::text(text), ..MergeRow::default() });
    }
    dialog.link_back();
    let along = dialog.choose_needed(&marked);
    dialog.along = dialog.told_chosen("What is marked", &along);
    dialog.selected = dialog.rows.iter().position(|row| row.choice.is_some()).unwrap_or(0);
    app.comparing.aligning = Some(Aligning { store, like: name(like), merge });
    app.dialogs.push(Dialog::Merge(dialog));
}

/// Makes what was chosen, as one step; then compares again.
pub fn finish(app: &mut App, mut dialog: MergeDialog, effects: &mut Vec<Effect>) {
    if let Err((why, at)) = make(app, &dialog, effects) {
        let about =
            dialog.rows.iter().position(|row| row.choice.is_some_and(|(number, _)| Some(number) == at));
        dialog.selected = about.unwrap_or(dialog.selected);
        dialog.said = Some(why);
        app.dialogs.push(Dialog::Merge(dialog));
    }
}

/// As [`finish`]. Otherwise nothing was changed: why, and the item that it is about.
fn make(
    app: &mut App,
    dialog: &MergeDialog,
    effects: &mut Vec<Effect>,
) -> Result<(), (String, Option<usize>)> {
    let plainly = |why: String| (why, None);
    let gone = || plainly("The store is not open any more.".to_owned());
    let aligning = app.comparing.aligning.as_ref().ok_or_else(gone)?;
    let (store, name) = (aligning.store, aligning.like.clone());
    let doc = app.document(store).ok_or_else(gone)?;
    if dialog.chosen() == 0 {
        return Err(plainly("Nothing is chosen: Space chooses.".to_owned()));
    }
    let mine: Vec<bool> = dialog.choices.iter().map(|choice| choice.side == Some(Side::Mine)).collect();
    let (changes, refused) = aligning.merge.changes(&mut doc.store().clone(), &mine);
    if let Some((at, why)) = refused.into_iter().next() {
        return Err((format!("Not without another change: {why}"), Some(at)));
    }
    enabled::carry_out(app, &changes).map_err(plainly)?;
    app.comparing.aligning = None;
    app.dialogs.clear();
    stores::show_document(app, store);
    if let Err(why) = editing::apply(app, &changes, &format!("align with {name}"), effects) {
        app.fail(format!("Not aligned: {why}"));
        return Ok(());
    }
    let count = match dialog.chosen() {
        1 => "1 difference".to_owned(),
        count => format!("{count} differences"),
    };
    let said = format!(
        "{count} with {name} gone, as one step that is not saved yet: Esc, then {} takes it back.",
        app.keys.named(Id::Undo)
    );
    app.comparing.said = Some(said);
    open(app, effects);
    Ok(())
}
