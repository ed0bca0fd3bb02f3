//! Virtual machines in the save dialog: what of them moves, why, and when.

use super::lines::{move_line, move_way};
use crate::app::dialog::{Dialog, SaveDialog, SaveLine};
use crate::app::doc::Doc;
use crate::app::editing::apply_and_move;
use crate::app::effect::Effect;
use crate::app::machines::{Source, Wish};
use crate::app::state::App;
use crate::hyperv::moves::Why;

/// The section about machines.
pub(super) fn lines(doc: &Doc, dialog: &SaveDialog) -> Vec<SaveLine> {
    if dialog.moves.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![SaveLine::text("Virtual machines, when the store is saved")];
    for (number, one) in dialog.moves.iter().enumerate() {
        lines.push(SaveLine { order: Some(number), ..move_line(one) });
        lines.push(said('>', move_way(one)));
        if let Some(why) = &one.failed {
            lines.push(said('!', format!("not moved the last time: {why}")));
        }
    }
    for held in &dialog.held {
        let sentence = format!(
            "Scope \"{}\" stays in the file until its machines have moved; then the store is saved again without it.",
            held.name
        );
        lines.push(said('·', sentence));
    }
    if !matches!(doc.machines.source, Some(Source::Host(_))) {
        let sentence = "The host is not asked from here: a script that moves them there is offered then.";
        lines.push(said('·', sentence.to_owned()));
    }
    lines.push(SaveLine::text(""));
    lines
}

fn said(sign: char, text: String) -> SaveLine {
    SaveLine { sign, text, ..SaveLine::default() }
}

/// Takes a move out of what is done now, or puts it back in.
pub(super) fn toggle(dialog: &mut SaveDialog, order: usize) {
    let Some(one) = dialog.moves.get_mut(order) else { return };
    if one.fits {
        one.is_ticked = !one.is_ticked;
    } else {
        dialog.said = Some("Not by itself: the scope that it goes to is not saved.".to_owned());
    }
}

/// Takes a move back, as one step.
pub(super) fn take_back(app: &mut App, mut dialog: SaveDialog, order: usize, effects: &mut Vec<Effect>) {
    let Some(one) = dialog.moves.get(order) else { return };
    let refused = match one.why {
        Why::Asked => None,
        Why::Renamed | Why::Deleted => Some("It goes with its scope: take that change back."),
        Why::Missing => Some("Nobody sent it there: Space leaves it where it is."),
    };
    if let Some(why) = refused {
        dialog.said = Some(why.to_owned());
        return app.dialogs.push(Dialog::Save(dialog));
    }
    let order = one.order.clone();
    let label = format!("take back move of \"{}\"", order.name);
    let wish = Wish { guid: order.guid, name: order.name, to: order.from.clone(), from: order.from };
    let outcome = apply_and_move(app, &[], &[wish], &label, effects);
    let outcome = match super::shown(app) {
        Some((doc, known)) => outcome.and_then(|()| {
            dialog.said = Some("Taken back; undo brings it again.".to_owned());
            super::fill(doc, &mut dialog, known)
        }),
        None => outcome,
    };
    super::show_again(app, dialog, outcome);
}
