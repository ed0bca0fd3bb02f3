//! The program itself: help, messages, the menu, the mode, the mouse.

use crate::store::Kind;

use super::actions::Id;
use super::dialog::{Dialog, Help, Menu, TextView};
use super::effect::Effect;
use super::node::Part;
use super::state::{App, Message};

/// Opens help.
pub fn help(app: &mut App) {
    app.dialogs.push(Dialog::Help(Help::new(&app.keys)));
}

/// Opens the messages, the newest first: what was done, what could not be (`-`), what went wrong (`!`).
pub fn log(app: &mut App) {
    let line = |message: &Message| {
        let sign = match (message.is_error, message.keys_left) {
            (false, _) => ' ',
            (true, 1) => '-',
            (true, _) => '!',
        };
        format!("{sign} {}", message.text)
    };
    let mut lines: Vec<String> = app.log.iter().rev().map(line).collect();
    if lines.is_empty() {
        lines.push("No messages yet.".to_owned());
    }
    app.dialogs.push(Dialog::Text(TextView::new("Messages, the newest first", lines)));
}

/// Opens the menu for what is selected, beside a cell that was clicked or else in the middle.
pub fn open_menu(app: &mut App, at: Option<(u16, u16)>) {
    let Some(doc) = app.doc() else { return };
    let node = doc.node();
    let title = match (node.part, doc.store().kind(node.object)) {
        _ if !doc.marked.is_empty() || doc.marked.machines().len() > 0 => doc.marked.summary(),
        (Part::Machine(_), _) => doc.machine().map_or_else(String::new, |(_, one)| one.machine.name.clone()),
        (Part::Object, Kind::Store) => doc.title(),
        (Part::Object, _) => doc.store().name(node.object).into_owned(),
        (part, _) => part.label().to_owned(),
    };
    let menu = Menu::of(app, title, at);
    app.dialogs.push(Dialog::Menu(menu));
}

/// Gives the mouse to the terminal, or takes it back.
pub fn toggle_mouse(app: &mut App, effects: &mut Vec<Effect>) {
    app.mouse = !app.mouse;
    effects.push(Effect::Mouse(app.mouse));
    let key = app.keys.named(Id::Mouse);
    app.tell(if app.mouse {
        format!("The mouse is azedit's. Shift and the mouse select text. {key} gives it back.")
    } else {
        format!("The mouse is the terminal's: it selects text. {key} takes it back.")
    });
}

/// Switches between administrator and developer mode.
pub fn switch_mode(app: &mut App) {
    app.developer = !app.developer;
    app.tell(if app.developer {
        "Developer mode: applications and operations can be created, renamed and deleted."
    } else {
        "Administrator mode: applications and operations stay as they are."
    });
}
