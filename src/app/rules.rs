//! Authorization rules: their editor, and the files that they are read from and written to.

use std::path::Path;

use super::changes;
use super::dialog::{Dialog, Field, Form, Purpose, Rule, RuleEditor, RuleFile};
use super::effect::{Effect, Existing, TextFile, TextId};
use super::enabled;
use super::sheet::{Prop, value};
use super::state::App;
use crate::store::Kind;

/// Opens the editor for the rule of what is selected.
pub fn edit(app: &mut App) {
    let Some(doc) = app.doc() else { return };
    let Some(object) = doc.selected() else { return };
    let store = doc.store();
    let of = |prop| value(store, object, prop).unwrap_or_default();
    let title = format!("Rule of {} \"{}\"", store.kind(object), store.name(object));
    let (text, language, path) = (of(Prop::Rule), of(Prop::RuleLanguage), of(Prop::RulePath));
    let editor = RuleEditor::new(title, object, &text, language.trim(), &path);
    app.dialogs.push(Dialog::Rule(editor));
}

/// The editor that is on top, or below a form.
fn editor(app: &mut App) -> Option<&mut RuleEditor> {
    app.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::Rule(rule) => Some(rule),
        _ => None,
    })
}

/// Keeps what was edited, as one step, and closes the editor.
pub fn keep(app: &mut App, mut editor: RuleEditor, effects: &mut Vec<Effect>) {
    if let Err(why) = carry_out(app, &editor, effects) {
        editor.error = Some(why);
        app.dialogs.push(Dialog::Rule(editor));
    }
}

fn carry_out(app: &mut App, editor: &RuleEditor, effects: &mut Vec<Effect>) -> Result<(), String> {
    let store = enabled::doc(app)?.store();
    let object = editor.object;
    let set = |prop, text: &str| changes::set(store, object, prop, text);
    let has = |prop| value(store, object, prop).is_some_and(|text| !text.is_empty());
    let mut changes = Vec::new();
    if editor.text.text().is_empty() {
        if editor.is_path_changed() && !has(Prop::Rule) && !editor.path.text().trim().is_empty() {
            return Err("There is no text yet: Ctrl+R reads it from the path.".to_owned());
        }
        // No text is no rule: its language and path go with it. A group of this type always has a language.
        for prop in [Prop::Rule, Prop::RuleLanguage, Prop::RulePath] {
            if has(prop) && !(prop == Prop::RuleLanguage && store.kind(object) == Kind::Group) {
                changes.push(set(prop, "")?);
            }
        }
    } else {
        // AzMan wants to know the language before the text.
        if editor.is_language_changed() {
            changes.push(set(Prop::RuleLanguage, &editor.language)?);
        }
        if editor.is_text_changed() {
            changes.push(set(Prop::Rule, editor.text.text())?);
        }
        if editor.is_path_changed() {
            changes.push(set(Prop::RulePath, editor.path.text().trim())?);
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let label = changes::label("set rule of", store, object);
    super::editing::apply(app, &changes, &label, effects)
}

/// Asks for a file, or reads the one that the rule came from.
pub fn file(app: &mut App, what: RuleFile, effects: &mut Vec<Effect>) {
    let Some(editor) = editor(app) else { return };
    let path = editor.path.text().trim().to_owned();
    let (title, intro, purpose, verb) = match what {
        RuleFile::Reload if path.is_empty() => {
            return app.object("This rule names no file it was imported from: Ctrl+O asks for one.");
        }
        RuleFile::Reload => {
            return match (app.locate)(&path) {
                Ok(path) => effects.push(Effect::ReadText { path, id: TextId::Rule }),
                Err(why) => app.fail(why),
            };
        }
        RuleFile::Read => (
            "Read the rule from a file",
            "Its text takes the place of this one; Ctrl+Z brings it back.",
            Purpose::ReadRule,
            "Read",
        ),
        RuleFile::Write => (
            "Write the rule to a file",
            "As UTF-8. A file that is there is not replaced unasked.",
            Purpose::WriteRule,
            "Write",
        ),
    };
    let field = Field::line("Path", &path, Rule::Needed("A path"), "");
    app.dialogs.push(Dialog::Form(Form::new(title.to_owned(), intro.to_owned(), purpose, verb, vec![field])));
}

/// Reads the rule from the file that the form names.
pub fn read(app: &App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let path = super::filing::path_of(app, form)?;
    effects.push(Effect::ReadText { path, id: TextId::Rule });
    Ok(())
}

/// Writes the rule to the file that the form names.
pub fn write(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let path = super::filing::path_of(app, form)?;
    let Some(editor) = editor(app) else { return Ok(()) };
    let text = editor.text.text().to_owned();
    effects.push(Effect::WriteText { path, text, existing: Existing::Keep, id: TextId::Rule });
    Ok(())
}

/// Puts what a file holds into the rule that is being edited, and the file's path where AzMan keeps it.
pub fn loaded(app: &mut App, path: &Path, file: TextFile) {
    let locate = app.locate;
    let Some(editor) = editor(app) else { return };
    editor.text.replace_all(&file.text);
    editor.error = None;
    // The path as it was typed stays, where it means this file.
    if locate(editor.path.text().trim()).as_deref() != Ok(path) {
        editor.path = super::line::Line::new(&path.to_string_lossy());
    }
    let guessed = file.guessed.unwrap_or_default();
    app.tell(format!("Read from {}. {guessed}", path.display()).trim_end().to_owned());
}
