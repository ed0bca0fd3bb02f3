//! Who accounts are: what was shown without a name is asked of the host, and so is what was typed and is not known.
//!
//! Nothing waits for an answer. An account is shown by its SID until its name comes; what was typed or pasted stays where
//! it is until then ([`waiting`]). Only what a frame showed, what was typed, and what was asked
//! for by name is asked about, so a store of a million members costs no more than the lines that are seen of it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::accounts::{Account, Map, Names, Question, Reply, Sid, Unnamed, Unresolved, write_map};

use super::dialog::field::account_words;
use super::dialog::form::PATH;
use super::dialog::{Answer, Choice, Confirm, Dialog, Field, Form, Purpose, Rule, Value};
use super::effect::{Effect, Existing, TextId};
use super::state::App;
use super::waiting::{self, Waiting};

/// At most so many questions go out with one frame or one action.
const AT_ONCE: usize = 10_000;

/// What has been asked about accounts.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    /// There is somebody to ask: the host says so at the start.
    pub can_ask: bool,
    /// Asked and not answered yet.
    asked: HashSet<Question>,
    /// What waits for names.
    pub waiting: Option<Waiting>,
}

/// Asks who the accounts are that the last frame showed by their SIDs.
pub fn of_seen(app: &mut App) -> Vec<Effect> {
    let strangers = std::mem::take(&mut app.seen.strangers);
    let mut effects = Vec::new();
    ask(app, strangers.into_iter().map(Question::Sid), &mut effects);
    effects
}

fn ask(app: &mut App, questions: impl Iterator<Item = Question>, effects: &mut Vec<Effect>) {
    if !app.naming.can_ask {
        return;
    }
    let asked = &mut app.naming.asked;
    let new: Vec<Question> =
        questions.filter(|question| asked.insert(question.clone())).take(AT_ONCE).collect();
    if !new.is_empty() {
        effects.push(Effect::Ask(new));
    }
}

/// Takes in an answer.
pub fn told(app: &mut App, question: &Question, reply: Reply, effects: &mut Vec<Effect>) {
    app.naming.asked.remove(question);
    let names = Arc::make_mut(&mut app.names);
    match (question, reply) {
        (Question::Sid(sid), Err(why)) => names.has_none(*sid, why),
        (Question::Sid(_), Ok(accounts)) => {
            let sids: HashSet<Sid> = accounts.iter().map(|account| account.sid).collect();
            for account in accounts {
                names.learn(account);
            }
            relabel(app, &sids);
        }
        (Question::Name(name), reply) => waiting::named(app, name, reply.and_then(first), effects),
        (Question::Local, Ok(accounts)) => {
            for account in &accounts {
                names.learn(account.clone());
            }
            super::choosing::local(app, &accounts);
        }
        (Question::Local, Err(why)) => app.tell(format!("The machine's own accounts are not listed: {why}.")),
    }
    super::denied::names_came(app);
}

fn first(accounts: Vec<Account>) -> Result<Account, Unnamed> {
    accounts.into_iter().next().ok_or(Unnamed::Unknown)
}

/// The picker on top shows the names that came.
fn relabel(app: &mut App, sids: &HashSet<Sid>) {
    let App { dialogs, names, .. } = app;
    let Some(Dialog::Picker(picker)) = dialogs.last_mut() else { return };
    for tick in &mut picker.ticks {
        let Value::Account(text) = &tick.value else { continue };
        if tick.label == *text
            && let Ok(sid) = Sid::parse(text)
            && sids.contains(&sid)
            && let Some(name) = names.name(&sid)
        {
            tick.label = name.into_owned();
            tick.detail = format!("{}{text}", tick.detail);
        }
    }
}

/// The words of a form's fields for accounts that stand for nobody who is known.
pub fn unknown_in(form: &Form, names: &Names) -> Vec<String> {
    let fields = form.fields.iter().filter(|field| field.rule == Rule::Accounts);
    let words = fields.flat_map(|field| account_words(&field.text()).map(str::to_owned).collect::<Vec<_>>());
    words.filter(|word| names.resolve(word) == Err(Unresolved::Unknown)).collect()
}

/// Asks who has these names, which are not known yet.
pub fn ask_who(app: &mut App, unknown: Vec<String>, effects: &mut Vec<Effect>) {
    ask(app, unknown.into_iter().map(Question::Name), effects);
}

/// Asks for the machine's own users and groups.
pub fn ask_local(app: &mut App, effects: &mut Vec<Effect>) {
    ask(app, std::iter::once(Question::Local), effects);
}

/// Opens the menu of what can be done about names.
pub fn menu(app: &mut App) {
    let mut choices = vec![
        Choice::new('l', "Load a map of names", Answer::LoadNames),
        Choice::new('w', "Write a map of the names that are known", Answer::WriteNames),
    ];
    if app.naming.can_ask {
        let all = "Ask who every account of this store is";
        choices.push(Choice::new('a', all, Answer::AskAll));
        choices.push(Choice::new('g', "Ask again who those without a name are", Answer::AskAgain));
    }
    let known = app.names.accounts().len();
    let told = match known {
        0 => "No names are known but those that are the same everywhere.".to_owned(),
        1 => "1 account is known by name, besides those that are the same everywhere.".to_owned(),
        _ => format!("{known} accounts are known by name, besides those that are the same everywhere."),
    };
    app.dialogs.push(Dialog::Confirm(Confirm::menu("Names of accounts", vec![told], choices, 0)));
}

/// Forgets what was asked in vain. What is on the screen is asked about again with the next frame.
pub fn ask_again(app: &mut App, effects: &mut Vec<Effect>) {
    Arc::make_mut(&mut app.names).ask_again();
    app.naming.asked.clear();
    effects.push(Effect::AskAgain);
    app.tell("Asking again.");
}

/// Asks who every account of the shown store is.
pub fn ask_all(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc() else { return };
    let store = doc.store();
    let leaves =
        store.walk().flat_map(|id| store.leaves(id)).filter(|&leaf| store.leaf_kind(leaf).is_member());
    let sids = leaves.filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok());
    let strangers: HashSet<Sid> = sids.filter(|sid| app.names.is_stranger(sid)).collect();
    let count = strangers.len().min(AT_ONCE);
    ask(app, strangers.into_iter().map(Question::Sid), effects);
    app.tell(match count {
        0 => "Every account of this store is known, or was asked about.".to_owned(),
        1 => "Asking who 1 account is.".to_owned(),
        _ => format!("Asking who {count} accounts are."),
    });
}

/// Asks which map to read.
pub fn ask_load(app: &mut App) {
    let hint = "SID, tab, name in each line, as azedit sid --map writes it. Tab completes.";
    let field = Field::line(PATH, "", Rule::Path, hint);
    let intro = "Names are shown beside the SIDs, and can be typed and searched for.".to_owned();
    let title = "Load a map of names".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::LoadNames, "Load", vec![field])));
}

/// Asks where to write a map.
pub fn ask_write(app: &mut App) {
    if app.names.accounts().len() == 0 {
        return app
            .object("No names are known but those that are the same everywhere: there is nothing to write.");
    }
    let beside = app.doc().and_then(|doc| doc.path.as_ref()).map(|path| path.with_extension("names.tsv"));
    let suggested = beside.map_or_else(|| "names.tsv".to_owned(), |path| path.display().to_string());
    let hint = "Beside the store, with this name, it is read whenever the store is opened.";
    let field = Field::line(PATH, &suggested, Rule::Path, hint);
    let count = app.names.accounts().len();
    let intro = if count == 1 {
        "1 account and its name.".to_owned()
    } else {
        format!("{count} accounts and their names.")
    };
    let title = "Write a map of names".to_owned();
    app.dialogs.push(Dialog::Form(Form::new(title, intro, Purpose::WriteNames, "Write", vec![field])));
}

/// Reads the map that a form named.
pub fn load(path: PathBuf, effects: &mut Vec<Effect>) {
    effects.push(Effect::ReadNames { path, asked: true });
}

/// Writes the map where a form said.
pub fn write(app: &App, path: PathBuf, effects: &mut Vec<Effect>) {
    let text = write_map(app.names.accounts());
    effects.push(Effect::WriteText { path, text, existing: Existing::Keep, id: TextId::Names });
}

/// A map was read, or was not. Of one that lay beside a store only what is wrong is said.
pub fn map_read(app: &mut App, path: &std::path::Path, read: Result<Map, String>, asked: bool) {
    let map = match read {
        Ok(map) => map,
        Err(why) => return app.fail(why),
    };
    let names = Arc::make_mut(&mut app.names);
    let count = map.accounts.into_iter().map(|account| names.learn(account)).filter(|is_new| *is_new).count();
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !map.notes.is_empty() {
        let lines = map.notes.clone();
        let title = format!("{file} contradicts itself");
        app.dialogs.push(Dialog::Text(super::dialog::TextView::new(title, lines)));
    }
    if asked {
        let told = match count {
            0 => "nothing new".to_owned(),
            1 => "1 name".to_owned(),
            count => format!("{count} names"),
        };
        app.tell(format!("Loaded {told} from {file}."));
    }
}
