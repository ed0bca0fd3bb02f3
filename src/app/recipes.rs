//! Recipes in the editor: a list, a form with the questions, a preview of lines and gains, one step.

use std::collections::BTreeMap;

use crate::accounts::Sid;
use crate::hyperv::inventory::guid_text;
use crate::hyperv::recipes::{self, Answer as Asks, Ask, Outcome, Plan, Recipe};
use crate::hyperv::{self, APPLICATION};
use crate::store::{Change, Kind, ObjId};

use super::dialog::field::accounts_in;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule};
use super::doc::Doc;
use super::effect::Effect;
use super::machines::{Wish, moving};
use super::state::App;
use super::{editing, enabled};

/// Why no recipe can be used.
pub fn can_use(app: &App) -> Result<(), String> {
    enabled::change(app)?;
    application(app, None).map(|_| ())
}

/// The application that recipes are for, or the one of this name.
pub fn application(app: &App, named: Option<&str>) -> Result<ObjId, String> {
    let store = enabled::doc(app)?.store();
    match named {
        Some(name) => store
            .find(store.root(), Kind::Application, name)
            .ok_or_else(|| format!("This store has no application \"{name}\".")),
        None => hyperv::application(store).ok_or_else(|| {
            format!("Recipes are for the application \"{APPLICATION}\", which this store does not have.")
        }),
    }
}

/// Opens the list of recipes.
pub fn menu(app: &mut App) {
    let letters = 'a'..='z';
    let choices = letters
        .zip(recipes::recipes())
        .map(|(letter, recipe)| Choice::new(letter, recipe.title.as_str(), Answer::Recipe(&recipe.name)))
        .collect();
    let lines = vec![format!("For {APPLICATION}. What a recipe changes is shown before it is made.")];
    app.dialogs.push(Dialog::Confirm(Confirm::menu("Use a recipe", lines, choices, 0)));
}

/// Opens the form with a recipe's questions.
pub fn ask(app: &mut App, name: &str) {
    let (Some(recipe), Ok(application), Some(doc)) =
        (recipes::recipe(name), application(app, None), app.doc())
    else {
        return;
    };
    let field = |ask: &'static Ask| {
        let suggested = recipes::suggested(doc.store(), application, ask).join(", ");
        let rule = match ask.kind {
            Asks::Accounts | Asks::TrappedAccounts => Rule::Accounts,
            _ => Rule::Needed(&ask.label),
        };
        Field::line(&ask.label, &suggested, rule, &ask.hint)
    };
    let mut fields: Vec<Field> = recipe.ask.iter().map(field).collect();
    if scope_asked(recipe).is_some() && !doc.machines.is_empty() {
        fields.insert(fields.len().min(1), machines_field(doc));
    }
    let intro = format!("For {APPLICATION}. Nothing is changed before you have seen what.");
    let form = Form::new(recipe.title.clone(), intro, Purpose::Recipe(&recipe.name), "Preview", fields);
    app.dialogs.push(Dialog::Form(form));
}

/// The label of the field for the machines that go along.
const MACHINES: &str = "Machines";

/// The question for the scope that a recipe makes: machines can go there in the same step.
fn scope_asked(recipe: &Recipe) -> Option<&Ask> {
    recipe.ask.iter().find(|ask| ask.kind == Asks::Scope)
}

/// The name of that scope.
fn scope_answered(recipe: &Recipe, answers: &BTreeMap<String, Vec<String>>) -> String {
    let answer = scope_asked(recipe).and_then(|ask| answers.get(&ask.name)?.first());
    answer.map_or_else(String::new, |scope| scope.trim().to_owned())
}

/// Which machines go along; those that are marked or selected are suggested.
fn machines_field(doc: &Doc) -> Field {
    let word = |number: &u32| {
        let machine = &doc.machines.get(*number)?.machine;
        let is_told_apart =
            doc.machines.inventory().find(&machine.name).is_ok() && !machine.name.contains(',');
        Some(if is_told_apart { machine.name.clone() } else { guid_text(machine.guid) })
    };
    let suggested: Vec<String> = moving::subjects(doc).iter().filter_map(word).collect();
    let hint = "The virtual machines that move into it, by names or GUIDs with commas; none is right too.";
    Field::line(MACHINES, &suggested.join(", "), Rule::Free, hint)
}

/// Shows what the filled-in form would change.
pub fn from_form(app: &mut App, form: &Form, name: &str) -> Result<(), String> {
    let recipe = recipes::recipe(name).ok_or("There is no such recipe.")?;
    let application = application(app, None)?;
    let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ask in &recipe.ask {
        let typed = form.value(&ask.label);
        let answer = if ask.kind.is_accounts() { accounts_in(&typed, &app.names)? } else { vec![typed] };
        answers.insert(ask.name.clone(), answer);
    }
    let doc = enabled::doc(app)?;
    let machines = moving::listed(&doc.machines, &form.value(MACHINES))?;
    let dialog = preview(app, recipe, application, &answers, &machines)?;
    app.dialogs.push(Dialog::Confirm(dialog));
    Ok(())
}

/// Shows what would let an account connect that has rights in a scope alone.
pub fn ask_to_connect(app: &mut App, sid: &Sid) -> Result<(), String> {
    let recipe = recipes::recipe("connect").ok_or("There is no such recipe.")?;
    let application = application(app, None)?;
    let answers = BTreeMap::from([("account".to_owned(), vec![sid.to_string()])]);
    let dialog = preview(app, recipe, application, &answers, &[])?;
    app.dialogs.push(Dialog::Confirm(dialog));
    Ok(())
}

/// What a recipe would change with these answers, and who would gain or lose what. The machines of these numbers go
/// along.
pub fn preview(
    app: &mut App,
    recipe: &Recipe,
    application: ObjId,
    answers: &BTreeMap<String, Vec<String>>,
    machines: &[u32],
) -> Result<Confirm, String> {
    let mut new_guid = app.new_guid;
    let doc = app.doc_mut().ok_or("No store is open.")?;
    let plan = recipes::plan(doc.store(), application, recipe, answers, &mut new_guid)?;
    let wishes = moving::wishes(&doc.machines, machines, &scope_answered(recipe, answers));
    if plan.changes.is_empty() && wishes.is_empty() {
        return Err(format!("Nothing to change. {}", plan.notes.join(" ")));
    }
    let outcome = Outcome::of(doc.store(), application, &plan.accounts, &plan.changes);
    let before = outcome.look(doc.store());
    let after = doc
        .session
        .attempt(&plan.changes, |store, _| outcome.look(store))
        .map_err(|(_, error)| error.to_string())?;
    let sentences = Outcome::sentences(&before, &after);
    let gains = sentences.iter().map(|line| app.names.put_into(line).into_owned()).collect();
    Ok(shown(recipe, plan, gains, wishes))
}

fn shown(recipe: &Recipe, plan: Plan, gains: Vec<String>, wishes: Vec<Wish>) -> Confirm {
    let mut lines = vec!["What changes, as one step:".to_owned()];
    lines.extend(plan.lines().into_iter().map(|line| format!("  {}", short(&line))));
    lines.extend(wishes.iter().map(|wish| format!("  move virtual machine \"{}\" into it", wish.name)));
    if !plan.notes.is_empty() {
        lines.push(String::new());
        lines.extend(plan.notes);
    }
    lines.extend([String::new(), "What anyone gains or loses:".to_owned()]);
    if gains.is_empty() {
        lines.push("  Nobody gains or loses anything.".to_owned());
    }
    lines.extend(gains.into_iter().map(|line| format!("  {line}")));
    let answer = Answer::UseRecipe { label: plan.label, changes: plan.changes, wishes };
    Confirm::new(
        format!("Preview: {}", recipe.title),
        lines,
        vec![Choice::cancel(), Choice::new('y', "Make these changes", answer)],
    )
}

/// A line without the application, which is always the same here.
fn short(line: &str) -> String {
    line.replacen(&format!(" --app '{APPLICATION}'"), "", 1)
}

/// Makes the changes and moves the machines; the form or line below goes with them.
pub fn make(app: &mut App, label: &str, changes: &[Change], wishes: &[Wish], effects: &mut Vec<Effect>) {
    match editing::apply_and_move(app, changes, wishes, label, effects) {
        Ok(()) => _ = app.dialogs.pop(),
        Err(why) => app.fail(why),
    }
}
