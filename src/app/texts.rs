//! Text files: what becomes of one that was read, and what is said of one that was written.
//!
//! Who reads or writes a text returns [`Effect::ReadText`] or [`Effect::WriteText`]; the answer comes here, because a
//! file that is there already is asked about in one way, whatever was to be written.

use std::path::{Path, PathBuf};

use super::dialog::{Answer, Choice, Confirm, Dialog, TextView};
use super::effect::{Effect, Existing, TextFailure, TextFile, TextId};
use super::state::App;

/// Takes in a text file.
pub fn read(app: &mut App, path: &Path, id: TextId, read: Result<TextFile, String>) {
    let file = match read {
        Ok(file) => file,
        Err(why) => {
            let title = format!("{} is not read", path.display());
            app.dialogs.push(Dialog::Text(TextView::new(title, vec![why.clone()])));
            return app.fail(why);
        }
    };
    match id {
        TextId::Rule => super::rules::loaded(app, path, file),
        TextId::Export | TextId::Names | TextId::Script => {}
    }
}

/// Says that a text was written; asks where it would replace a file.
pub fn written(app: &mut App, path: PathBuf, id: TextId, written: Result<String, TextFailure>) {
    match written {
        Ok(note) if id == TextId::Script => {
            let text = format!("Written: {}. {note}", path.display());
            app.tell(format!("{} {}", text.trim_end(), super::machines::scripts::carry(&path, &app.keys)));
        }
        Ok(note) => app.tell(format!("Written: {}. {note}", path.display()).trim_end().to_owned()),
        Err(TextFailure::Failed(why)) => app.fail(why),
        Err(TextFailure::Exists(text)) => {
            let title = format!("{} is there already", path.display());
            let lines = vec!["Replace puts the new text in its place, in one step.".to_owned()];
            let replace = Answer::ReplaceText { path, text, id };
            let choices = vec![Choice::cancel(), Choice::new('r', "Replace", replace)];
            app.dialogs.push(Dialog::Confirm(Confirm::new(title, lines, choices)));
        }
    }
}

/// Writes a text over a file that is there; the user said so.
pub fn replace(path: PathBuf, text: String, id: TextId, effects: &mut Vec<Effect>) {
    effects.push(Effect::WriteText { path, text, existing: Existing::Replace, id });
}
