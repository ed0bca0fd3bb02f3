//! The mouse in the access view: a click selects what was seen under it, the wheel turns lines and, sideways, columns.

use crate::app::dialog::access::{AccessView, Face, Over};
use crate::app::effect::Effect;
use crate::app::input::{Button, Key, MouseKind};
use crate::app::seen::Target;
use crate::app::state::App;
use crate::app::update::key;

use super::parts;

/// Lines that one notch of the wheel turns.
const WHEEL: usize = 3;

/// Takes in what the mouse did.
pub fn mouse(app: &mut App, kind: MouseKind, target: Option<Target>, effects: &mut Vec<Effect>) {
    match kind {
        MouseKind::ScrollUp => (0..WHEEL).for_each(|_| turn(app, Key::Up, effects)),
        MouseKind::ScrollDown => (0..WHEEL).for_each(|_| turn(app, Key::Down, effects)),
        MouseKind::ScrollLeft => turn(app, Key::Left, effects),
        MouseKind::ScrollRight => turn(app, Key::Right, effects),
        MouseKind::Down(Button::Left) => {
            app.age_message();
            match target {
                Some(Target::Key(press)) => key(app, press, effects),
                Some(target) => _ = select(app, target),
                None => {}
            }
        }
        MouseKind::Double(Button::Left) => match target {
            // A button that is clicked fast is clicked twice.
            Some(Target::Key(press)) => key(app, press, effects),
            // Of changes on offer the one that is clicked is not made: that takes its key or button.
            Some(target) if select(app, target) && !is_offered(app) => key(app, Key::Enter.into(), effects),
            _ => {}
        },
        _ => {}
    }
}

fn turn(app: &mut App, to: Key, effects: &mut Vec<Effect>) {
    let Some((view, _)) = parts(app) else { return };
    let is_sideways = matches!(to, Key::Left | Key::Right);
    match &view.over {
        // In the line of a list they move what is typed in.
        Some(_) if is_sideways => return,
        Some(_) => {}
        None => view.on_path = None,
    }
    key(app, to.into(), effects);
}

fn is_offered(app: &mut App) -> bool {
    parts(app).is_some_and(|(view, _)| matches!(view.over, Some(Over::Offers(_))))
}

/// Selects what was clicked. False: nothing there can be.
fn select(app: &mut App, target: Target) -> bool {
    let Some((view, _)) = parts(app) else { return false };
    match (&mut view.over, target) {
        (Some(Over::Chooser(chooser)), Target::Line(at)) => chooser.place.at = at,
        (Some(Over::Offers(offers)), Target::Line(at)) => (offers.place.at, offers.top) = (at, 0),
        (Some(_), _) => return false,
        (None, Target::Line(line)) => stand(view, Some(line), None),
        (None, Target::Cell(line, column)) => stand(view, Some(line), Some(column)),
        (None, Target::Column(column)) => {
            stand(view, None, Some(column));
            // What is said of a column is said of a line in it: there is nothing to enter.
            return false;
        }
        (None, Target::Way(at)) => {
            let is_link = view.path.get(at).is_some_and(|line| line.link.is_some());
            view.on_path = Some(at).filter(|_| is_link);
            return is_link;
        }
        _ => return false,
    }
    true
}

fn stand(view: &mut AccessView, line: Option<usize>, column: Option<usize>) {
    let number = view.face.number();
    view.on_path = None;
    if let (Some(place), Some(line)) = (view.lines.get_mut(number), line) {
        place.at = line;
    }
    if let (Some(place), Some(column)) = (view.columns.get_mut(number), column)
        && matches!(view.face, Face::Roles | Face::Members)
    {
        place.at = column;
    }
}
