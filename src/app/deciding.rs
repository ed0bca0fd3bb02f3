//! What follows when a dialog is answered or done with.

use super::actions::Id;
use super::dialog::past::Past;
use super::dialog::{Answer, Dialog, Form, PickFor, Picker, Purpose, Tick};
use super::effect::Effect;
use super::state::{AfterSave, App};
use super::update::run;
use super::{
    answers, assigning, bulk, choosing, comparing, conflict, creating, denied, editing, exporting, filing,
    history, linking, machines, merging, naming, pasting, recipes, rules, saving, stores, versions, waiting,
};

/// Carries out what was answered to a question.
pub fn answered(app: &mut App, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Cancel => {}
        Answer::Merge(id) => {
            if let Some(theirs) = app.document_mut(id).and_then(|doc| doc.theirs.take()) {
                merging::ask(app, id, theirs);
            }
        }
        Answer::Align { store, like } => comparing::align(app, store, like, effects),
        Answer::ChooseSteps => merging::ask_recovery(app),
        Answer::KeepMine => conflict::keep(app),
        Answer::Apply { label, changes } => {
            if let Err(why) = editing::apply(app, &changes, &label, effects) {
                app.fail(why);
            }
        }
        Answer::AddAccounts(sids) => pasting::add_accounts(app, &sids, effects),
        Answer::WhereUsed(object) => super::jumping::list_uses(app, object),
        Answer::RemoveLines(lines) => bulk::remove_lines(app, &lines, effects),
        Answer::AssignRoles => assigning::pick(app),
        Answer::Create(kind) => editing::create(app, kind),
        Answer::Recipes => run(app, Id::Recipes, effects),
        Answer::Recipe(name) => recipes::ask(app, name),
        Answer::UseRecipe { label, changes, wishes } => {
            recipes::make(app, &label, &changes, &wishes, effects);
        }
        Answer::Machines(way) => machines::listing::by(app, way, effects),
        Answer::SaveAndQuit => stores::save_next_and_quit(app, effects),
        Answer::DiscardAndQuit => stores::leave(app, effects),
        Answer::SaveAndClose => {
            app.after_save = AfterSave::Close;
            filing::ask_save(app);
        }
        Answer::DiscardAndClose => {
            if let Some(id) = app.doc().map(|doc| doc.id) {
                stores::close(app, id, effects);
            }
        }
        Answer::Show(id) => {
            stores::show_document(app, id);
            conflict::look(app, effects);
        }
        Answer::Close(id) => {
            stores::show_document(app, id);
            stores::ask_close(app, effects);
        }
        Answer::Reload => filing::reload(app, effects),
        Answer::Replay => answers::replay(app, effects),
        Answer::DiscardRecovery => answers::discard_recovery(app, effects),
        Answer::RecoverLater => {
            if app.why_unwritable().is_none() {
                app.tell(format!(
                    "Nothing can be changed until the earlier run's work is decided: {} asks again.",
                    app.keys.named(Id::Reload)
                ));
            }
        }
        Answer::OpenNext => filing::open_next(app, effects),
        Answer::PutBack { path, kept } => super::halfway::put_back(app, path, kept, effects),
        Answer::ReplaceText { path, text, id } => super::texts::replace(path, text, id, effects),
        Answer::Submit => submit(app, effects),
        Answer::StopWaiting => app.naming.waiting = None,
        Answer::LoadNames => naming::ask_load(app),
        Answer::WriteNames => naming::ask_write(app),
        Answer::AskAll => naming::ask_all(app, effects),
        Answer::AskAgain => naming::ask_again(app, effects),
        Answer::DropForm => {
            app.dialogs.pop();
            app.after_save = AfterSave::Stay;
        }
    }
}

/// Carries out what a dialog that is done with was for; it stays open when that fails.
pub fn submit(app: &mut App, effects: &mut Vec<Effect>) {
    // A version is looked at over the list of them.
    if matches!(app.dialogs.last(), Some(Dialog::Past(list)) if list.past != Past::Steps) {
        return versions::read(app, false, effects);
    }
    match app.dialogs.pop() {
        Some(Dialog::Form(form)) => submit_form(app, form, effects),
        Some(Dialog::Picker(picker)) => {
            if let Err(why) = picked(app, &picker, effects) {
                app.fail(why);
                app.dialogs.push(Dialog::Picker(picker));
            }
        }
        Some(Dialog::Past(steps)) => history::go(app, steps.selected, effects),
        Some(Dialog::Merge(dialog)) => merging::finish(app, dialog, effects),
        Some(Dialog::Palette(palette)) => super::commanding::submit(app, palette, effects),
        Some(Dialog::Rule(editor)) => rules::keep(app, editor, effects),
        Some(Dialog::Paste(dialog)) => pasting::finish(app, dialog, effects),
        Some(Dialog::Save(dialog)) if dialog.restores => {
            effects.extend(app.restoring.as_ref().map(|restoring| Effect::Restore(restoring.id)));
        }
        Some(Dialog::Save(dialog)) => saving::save(app, &dialog, effects),
        _ => {}
    }
}

/// Carries out what was picked.
fn picked(app: &mut App, picker: &Picker, effects: &mut Vec<Effect>) -> Result<(), String> {
    match &picker.purpose {
        PickFor::Links { owners, link } => linking::finish(app, picker, owners, *link, effects),
        PickFor::NewAssignments(level) => assigning::finish(app, picker, *level, effects),
        PickFor::Members(owners) => linking::finish_members(app, picker, owners, effects),
        PickFor::Accounts => {
            choosing::finish(app, picker);
            Ok(())
        }
        PickFor::CopyTo(_) | PickFor::MoveTo(_) => pasting::picked_places(app, picker, effects),
        PickFor::Machines(numbers) => machines::moving::picked(app, picker, numbers, effects),
        PickFor::Map(question) => {
            if let Some(target) = picker.chosen().and_then(Tick::object) {
                pasting::mapped(app, *question, target);
            }
            Ok(())
        }
    }
}

fn submit_form(app: &mut App, mut form: Form, effects: &mut Vec<Effect>) {
    let below = app.dialogs.len();
    let right = form.check(app.doc().map(super::doc::Doc::store));
    let unknown = if right { naming::unknown_in(&form, &app.names) } else { Vec::new() };
    if !unknown.is_empty() {
        waiting::ask_for_form(app, &mut form, unknown, effects);
        return app.dialogs.push(Dialog::Form(form));
    }
    let outcome = if right { carry_out(app, &form, effects) } else { Err(String::new()) };
    match outcome {
        Err(why) => {
            form.error = Some(why).filter(|why| !why.is_empty());
            app.dialogs.push(Dialog::Form(form));
        }
        // It stays below what it leads to: Esc goes back to it.
        Ok(()) if matches!(form.purpose, Purpose::Recipe(_) | Purpose::Explain) => {
            app.dialogs.insert(below, Dialog::Form(form));
        }
        Ok(()) => {}
    }
}

fn carry_out(app: &mut App, form: &Form, effects: &mut Vec<Effect>) -> Result<(), String> {
    let (change, label) = match form.purpose {
        Purpose::Create(kind, parent) => creating::from_form(app, form, kind, parent)?,
        Purpose::AddAttribute(object) => creating::attribute_from_form(app, form, object)?,
        Purpose::Recipe(name) => return recipes::from_form(app, form, name),
        Purpose::Explain => return denied::from_form(app, form, effects),
        Purpose::ReadRule => return rules::read(app, form, effects),
        Purpose::WriteRule => return rules::write(app, form, effects),
        Purpose::AddMembers(_) | Purpose::AddNonMembers(_) => {
            let (changes, label) = linking::from_form(app, form)?;
            return editing::apply(app, &changes, &label, effects);
        }
        Purpose::LoadNames => {
            naming::load(filing::path_of(app, form)?, effects);
            return Ok(());
        }
        Purpose::WriteNames => {
            naming::write(app, filing::path_of(app, form)?, effects);
            return Ok(());
        }
        Purpose::MachinesOf | Purpose::MachinesIn => {
            return machines::listing::from_form(app, form, effects);
        }
        Purpose::MachinesListing | Purpose::MachinesMoving => {
            return machines::scripts::write(app, form, effects);
        }
        Purpose::Export => return exporting::export(app, form, effects),
        Purpose::AddToMarked { .. } | Purpose::DescribeMarked => {
            let (changes, label) = linking::from_form(app, form)?;
            return bulk::apply_here(app, &changes, &label, effects);
        }
        Purpose::Open => {
            let path = filing::path_of(app, form)?;
            filing::open(app, path, effects);
            return Ok(());
        }
        Purpose::Compare => return comparing::from_form(app, form, effects),
        Purpose::NewStore => {
            let path = filing::path_of(app, form)?;
            return filing::begin_new(app, form, path, effects);
        }
        Purpose::SaveAs => {
            let path = filing::path_of(app, form)?;
            return filing::save_as(app, path, effects);
        }
    };
    editing::apply(app, &[change], &label, effects)
}
