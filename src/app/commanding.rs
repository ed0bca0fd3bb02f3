//! What the palette does.

use crate::hyperv::recipes::Asked;
use crate::store::Change;

use super::actions::Id;
use super::command::{self, Here, Meant};
use super::dialog::{Confirm, Dialog, Palette};
use super::effect::Effect;
use super::state::App;
use super::{editing, enabled, recipes, typed_recipe, waiting};

/// Lines and actions that are remembered.
const REMEMBERED: usize = 100;

/// Opens the palette.
pub fn open(app: &mut App) {
    app.dialogs.push(Dialog::Palette(Palette::default()));
}

/// An action was run from the palette: it stands first the next time.
pub fn ran(app: &mut App, id: Id) {
    app.recent.retain(|other| *other != id);
    app.recent.insert(0, id);
    app.recent.truncate(REMEMBERED);
}

/// Carries out the typed line as one step. Where that cannot be, the palette stays and says why.
pub fn submit(app: &mut App, mut palette: Palette, effects: &mut Vec<Effect>) {
    let line = palette.list.filter.text().trim().to_owned();
    let outcome = if typed_recipe::is_one(palette.list.filter.text()) {
        recipe(app, &line)
    } else {
        carry_out(app, &line, effects)
    };
    match outcome {
        Ok(Done::Unknown(unknown)) => {
            let text = palette.list.filter.text();
            match waiting::ask_for_line(app, text, unknown, effects) {
                Ok(asking) => palette.asking = Some(asking),
                Err(why) => palette.refused = Some(why),
            }
            app.dialogs.push(Dialog::Palette(palette));
        }
        Ok(done) => {
            app.typed.retain(|other| *other != line);
            app.typed.insert(0, line);
            app.typed.truncate(REMEMBERED);
            if let Done::Preview(preview) = done {
                // Esc goes back to the line.
                app.dialogs.push(Dialog::Palette(palette));
                app.dialogs.push(Dialog::Confirm(preview));
            }
        }
        Err(why) => {
            palette.refused = why;
            app.dialogs.push(Dialog::Palette(palette));
        }
    }
}

/// What came of a line.
enum Done {
    /// All of it was carried out.
    All,
    /// What it would do is shown first.
    Preview(Confirm),
    /// Nothing yet: nobody here knows these names.
    Unknown(Vec<String>),
}

/// What a line about a recipe asks: the list of them, or what one would change.
fn recipe(app: &mut App, line: &str) -> Result<Done, Option<String>> {
    enabled::change(app)?;
    let (asked, unknown) = typed_recipe::read(line, &app.names).map_err(|_| None)?;
    match asked {
        _ if !unknown.is_empty() => Ok(Done::Unknown(unknown)),
        Asked::List => {
            recipes::can_use(app)?;
            recipes::menu(app);
            Ok(Done::All)
        }
        Asked::Recipe { recipe, answers, application } => {
            let application = recipes::application(app, application.as_deref())?;
            Ok(Done::Preview(recipes::preview(app, recipe, application, &answers, &[])?))
        }
    }
}

/// `Err(None)`: the palette says already what is wrong with the line.
fn carry_out(app: &mut App, line: &str, effects: &mut Vec<Effect>) -> Result<Done, Option<String>> {
    enabled::change(app)?;
    let doc = enabled::doc(app)?;
    let meant = command::read(line, doc.store(), Here::of(doc), &app.names).map_err(|_| None)?;
    let Meant { mut change, unknown, .. } = meant;
    if !unknown.is_empty() {
        return Ok(Done::Unknown(unknown));
    }
    enabled::carry_out(app, std::slice::from_ref(&change))?;
    if let Change::Create(create) = &mut change {
        // The journal makes the same object again.
        create.guid.get_or_insert_with(app.new_guid);
    }
    editing::apply(app, &[change], line, effects)?;
    Ok(Done::All)
}
