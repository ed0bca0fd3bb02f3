//! How much room a dialog has on this screen: what is drawn is cut by it, and what scrolls stays in it.

use super::dialog::form::{LABEL, WIDTH};
use super::dialog::{Dialog, cluster};
use super::state::App;

/// Lines that are said of the selected denial.
const DENIALS_BELOW: usize = 9;

/// Lines that say what differs about the selected object of stores side by side.
pub fn cluster_below(app: &App) -> usize {
    usize::from(app.size.1 / 4).clamp(3, 12)
}

/// Widest dialog, frame included; longer lines are hard to read.
pub const WIDEST_DIALOG: u16 = 100;

/// Cells that a line of the widest dialog has: a blank and the frame are on each side.
pub fn dialog_width(app: &App) -> usize {
    usize::from(WIDEST_DIALOG.min(app.size.0.saturating_sub(2)).saturating_sub(4))
}

/// A window of so many columns has room for two lists side by side.
const WIDE: u16 = 100;

/// Whether there is room for two lists side by side.
pub fn is_wide(app: &App) -> bool {
    app.size.0 >= WIDE
}

/// Cells that a line of a list has in a dialog with two of them, which stand side by side where there is room: three
/// cells are between them.
pub fn save_width(app: &App) -> usize {
    if is_wide(app) { usize::from(app.size.0).saturating_sub(6 + 3) / 2 } else { dialog_width(app) }
}

/// Cells that a field of a form has on a screen of this size.
pub fn form_width(size: (u16, u16)) -> usize {
    usize::from(WIDTH.min(size.0.saturating_sub(2)).saturating_sub(4).saturating_sub(LABEL))
}

/// Lines of the list or text that the dialog on top shows. The dialog has the whole height but for a line above and
/// below; what stands around its list is its frame, its intro or filter, and its buttons.
pub fn dialog_page(app: &App) -> usize {
    let around = match app.dialogs.last() {
        Some(Dialog::Picker(_)) => 7,
        // The frame, what was read, two blank lines, the buttons, and what is said of the selected line.
        Some(Dialog::Denials(_)) => 6 + DENIALS_BELOW,
        // The frame, the stores, their letters, the object's path, what differs about it, the buttons.
        Some(Dialog::Cluster(view)) => {
            let names = view.columns.len().min(cluster::NAMES);
            names.saturating_add(cluster_below(app)).saturating_add(5)
        }
        // What is wrong with a line takes two lines more than a gap.
        Some(Dialog::Palette(_)) => 8,
        Some(Dialog::Menu(_)) => 4,
        Some(Dialog::Help(_) | Dialog::Stores(_) | Dialog::Places(_)) => 6,
        Some(Dialog::Save(save)) => save.around(),
        Some(Dialog::Plain(_)) => 0,
        _ => 5,
    };
    usize::from(app.size.1).saturating_sub(2).saturating_sub(around).max(1)
}
