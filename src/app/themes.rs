//! Choosing a theme, and what is said of what the configuration and the themes have wrong.

use super::dialog::{Dialog, TextView, ThemeList};
use super::effect::{Effect, ThemeLine, Worn};
use super::state::App;

/// Opens the list, as soon as the host has made it.
pub fn choose(_app: &mut App, effects: &mut Vec<Effect>) {
    effects.push(Effect::Themes);
}

/// Shows the list.
pub fn listed(app: &mut App, themes: Vec<ThemeLine>) {
    app.dialogs.push(Dialog::Themes(ThemeList::new(themes, &app.theme)));
}

/// A theme is worn: notes its name, and what is wrong in it while it is only tried on.
pub fn worn(app: &mut App, worn: Worn) {
    app.theme = worn.name;
    match app.dialogs.last_mut() {
        Some(Dialog::Themes(list)) => list.faults = worn.faults,
        _ => worn.faults.into_iter().for_each(|fault| app.fail(fault)),
    }
}

/// Closes the list with this theme worn. To keep it for good is the user's to write: his file may hold comments.
pub fn close(app: &mut App, name: String, keep: bool, effects: &mut Vec<Effect>) {
    app.dialogs.pop();
    if keep {
        let file = app.config.as_ref().map_or_else(String::new, |path| format!(" in {}", path.display()));
        app.tell(format!("Until you leave. To keep it: theme = \"{name}\"{file}"));
    } else if name != app.theme {
        effects.push(Effect::Wear(name));
    }
}

/// Shows what is wrong in the configuration, the key map or the theme. Nothing of it keeps anybody from working.
pub fn report_faults(app: &mut App, faults: &[String]) {
    let count = match faults {
        [] => return,
        [_] => "1 fault".to_owned(),
        many => format!("{} faults", many.len()),
    };
    let mut lines = vec!["What is wrong is left out; the rest is used.".to_owned(), String::new()];
    lines.extend(faults.iter().cloned());
    app.dialogs.push(Dialog::Text(TextView::new(format!("Configuration: {count}"), lines)));
    for fault in faults {
        app.fail(format!("{fault}."));
    }
}
