//! A store that has lost its name: a save was interrupted between the two steps that Windows may need, and what was the
//! store stands beside its place. It gets its name back when the user says so.

use std::path::PathBuf;

use super::dialog::{Answer, Choice, Confirm, Dialog};
use super::effect::{Effect, HalfSaved};
use super::filing;
use super::state::App;

/// Asks whether the store shall get its name back.
pub fn ask(app: &mut App, left: HalfSaved) {
    app.busy = None;
    let name = left.path.file_name().unwrap_or(left.path.as_os_str()).to_string_lossy().into_owned();
    let kept = left.kept.file_name().unwrap_or(left.kept.as_os_str()).to_string_lossy().into_owned();
    let lines = vec![
        format!("There is no {} now: a save of it was interrupted halfway.", left.path.display()),
        format!(
            "Beside its place is {kept}: the store as it was before that save, {} bytes, written {}, with its own \
             owner and permissions.",
            left.bytes, left.written
        ),
        "It can get its name back. Nothing is replaced by that; what that save was to write is lost, unless its \
         journal has it."
            .to_owned(),
    ];
    let answer = Answer::PutBack { path: left.path, kept: left.kept };
    // Other stores that are to be opened wait for the answer: each would take the place of the question.
    let no = Choice { answer: Answer::OpenNext, ..Choice::cancel() };
    let choices = vec![no, Choice::new('g', "Give it back and open", answer)];
    app.dialogs.push(Dialog::Confirm(Confirm::new(format!("{name} has lost its name"), lines, choices)));
}

/// Has the host give the store its name back, and read it.
pub fn put_back(app: &mut App, path: PathBuf, kept: PathBuf, effects: &mut Vec<Effect>) {
    filing::busy_opening(app, &path);
    effects.push(Effect::PutBack { path, kept });
}
