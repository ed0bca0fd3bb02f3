//! The mouse. What a click means is what was seen under it ([`Seen`](super::seen::Seen)).

use super::actions::Id;
use super::dialog::Dialog;
use super::effect::Effect;
use super::finding;
use super::input::{Button, Key, KeyPress, MouseEvent, MouseKind};
use super::layout::Pane;
use super::moving;
use super::program;
use super::seen::Target;
use super::state::App;
use super::update::{key, run};

/// Lines that one notch of the wheel scrolls.
const WHEEL: isize = 3;

/// Takes in what the mouse did.
pub fn mouse(app: &mut App, event: MouseEvent, effects: &mut Vec<Effect>) {
    let target = app.seen.at(event.column, event.row);
    match event.kind {
        _ if matches!(app.dialogs.last(), Some(Dialog::Access(_))) => {
            super::access_view::pointing::mouse(app, event.kind, target, effects);
        }
        MouseKind::ScrollUp => wheel(app, target, WHEEL.saturating_neg(), effects),
        MouseKind::ScrollDown => wheel(app, target, WHEEL, effects),
        MouseKind::Drag(Button::Left) if app.dragging => drag(app, event.column),
        MouseKind::Up(_) => app.dragging = false,
        MouseKind::Down(button) => {
            app.age_message();
            app.dragging = false;
            match (button, target) {
                (Button::Left, Some(target)) => click(app, target, effects),
                (Button::Right, target) => menu(app, target, (event.column, event.row), effects),
                _ => {}
            }
        }
        MouseKind::Double(Button::Left) => {
            if let Some(target) = target {
                double(app, target, effects);
            }
        }
        MouseKind::Double(_) | MouseKind::Drag(_) | MouseKind::ScrollLeft | MouseKind::ScrollRight => {}
    }
}

fn wheel(app: &mut App, target: Option<Target>, notch: isize, effects: &mut Vec<Effect>) {
    if !app.dialogs.is_empty() {
        let press = KeyPress::plain(if notch < 0 { Key::Up } else { Key::Down });
        return super::update::dialog_key(app, press, effects);
    }
    if app.search.is_some() || app.edit().is_some() {
        return;
    }
    let pane = match target {
        Some(Target::Pane(pane)) => pane,
        Some(Target::Row(_) | Target::Arrow(_)) => Pane::Tree,
        Some(Target::Detail(_)) => Pane::Details,
        Some(Target::Problem(_)) => Pane::Problems,
        _ => return,
    };
    if pane == Pane::Tree {
        let height = usize::from(app.layout().tree.height);
        if let Some(doc) = app.doc_mut() {
            doc.tree.scroll(notch, height);
        }
        return;
    }
    let focus = std::mem::replace(&mut app.focus, pane);
    moving::step(app, notch);
    app.focus = focus;
}

fn drag(app: &mut App, column: u16) {
    app.tree_width = Some(column.saturating_sub(app.layout().frame.x).saturating_sub(1));
}

/// A click selects, presses, or begins to drag.
fn click(app: &mut App, target: Target, effects: &mut Vec<Effect>) {
    if let Target::Key(press) = target {
        return key(app, press, effects);
    }
    if !app.dialogs.is_empty() {
        return dialog_click(app, target, effects);
    }
    if !leave_typing(app, effects) {
        return;
    }
    match target {
        Target::Divider => app.dragging = true,
        Target::Crumb(node) => moving::jump(app, node),
        Target::Pane(pane) => app.focus = pane,
        Target::Arrow(index) => {
            select(app, Target::Row(index));
            let Some(doc) = app.doc_mut() else { return };
            let store = doc.session.store();
            if !doc.tree.unfold(store) {
                doc.tree.fold(store);
            }
        }
        _ => select(app, target),
    }
}

/// What is typed is kept, as with Enter. False: it cannot be kept, and what is wrong is said beside it.
fn leave_typing(app: &mut App, effects: &mut Vec<Effect>) -> bool {
    if app.search.is_some() {
        finding::key(app, Key::Enter.into());
    }
    if app.edit().is_some() {
        super::editing::commit_edit(app, effects);
    }
    app.edit().is_none()
}

fn select(app: &mut App, target: Target) {
    let Some(doc) = app.doc_mut() else { return };
    let pane = match target {
        Target::Row(index) => {
            doc.tree.select(index);
            Pane::Tree
        }
        Target::Detail(index) => {
            doc.sheet.select_index(index);
            Pane::Details
        }
        Target::Problem(index) => {
            doc.problems.selected = index.min(doc.problems.count.saturating_sub(1));
            Pane::Problems
        }
        _ => return,
    };
    app.focus = pane;
}

/// A double click is Enter on what is under it; the first click has selected it.
fn double(app: &mut App, target: Target, effects: &mut Vec<Effect>) {
    if !app.dialogs.is_empty() {
        match target {
            Target::Line(_) => key(app, Key::Enter.into(), effects),
            _ => click(app, target, effects),
        }
        return;
    }
    match target {
        Target::Row(_) | Target::Detail(_) | Target::Problem(_) if leave_typing(app, effects) => {
            select(app, target);
            run(app, Id::Enter, effects);
        }
        Target::Row(_) | Target::Detail(_) | Target::Problem(_) => {}
        // A button or an arrow that is clicked fast is clicked twice.
        _ => click(app, target, effects),
    }
}

fn menu(app: &mut App, target: Option<Target>, at: (u16, u16), effects: &mut Vec<Effect>) {
    if !app.dialogs.is_empty() {
        // Beside a menu, the right button closes it, as everywhere.
        if matches!(app.dialogs.last(), Some(Dialog::Menu(_))) {
            app.dialogs.pop();
        }
        return;
    }
    let target = match target {
        Some(Target::Arrow(index)) => Some(Target::Row(index)),
        other => other,
    };
    if let Some(target @ (Target::Row(_) | Target::Detail(_) | Target::Problem(_))) = target
        && leave_typing(app, effects)
    {
        select(app, target);
        // The details are those of the row that was clicked.
        if let Some(doc) = app.doc_mut() {
            doc.settle_sheet();
        }
        program::open_menu(app, Some(at));
    }
}

/// A click in the dialog on top.
fn dialog_click(app: &mut App, target: Target, effects: &mut Vec<Effect>) {
    let App { dialogs, docs, current, .. } = app;
    let store = docs.get(*current).map(super::doc::Doc::store);
    let Some(dialog) = dialogs.last_mut() else { return };
    match (dialog, target) {
        (Dialog::Confirm(confirm), Target::Line(index)) => {
            confirm.focus = index;
            key(app, Key::Enter.into(), effects);
        }
        (Dialog::Menu(menu), Target::Line(index)) => {
            menu.selected = index;
            key(app, Key::Enter.into(), effects);
        }
        (Dialog::Picker(picker), Target::Line(index)) => picker.list.selected = index,
        (Dialog::Picker(picker), Target::Tick(index)) => {
            picker.list.selected = index;
            key(app, Key::Insert.into(), effects);
        }
        (Dialog::Paste(paste), Target::Tick(question)) => {
            paste.selected = question;
            key(app, Key::Char(' ').into(), effects);
        }
        (Dialog::Cluster(view), Target::Line(index)) => view.selected = index,
        (Dialog::Stores(stores), Target::Line(index)) => stores.list.selected = index,
        (Dialog::Help(help), Target::Line(index)) => help.list.selected = index,
        (Dialog::Places(places), Target::Line(index)) => places.list.selected = index,
        (Dialog::Palette(palette), Target::Line(index)) => {
            palette.list.selected = index;
            palette.has_row = true;
        }
        (Dialog::Form(form), Target::Field(index)) => form.go_to(index, store),
        (Dialog::Form(form), Target::Choice(field, word)) => {
            form.go_to(field, store);
            form.choose(field, word);
        }
        _ => {}
    }
}
