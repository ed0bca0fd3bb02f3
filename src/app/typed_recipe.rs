//! A recipe typed in the palette: the words are those of `azedit edit STORE recipe NAME …`.

use crate::accounts::Names;
use crate::hyperv::recipes::{self, Answer, Asked, Recipe};
use crate::hyperv::{self};
use crate::store::{Kind, ObjId, Store, Token, tokens};

use super::command::{Fault, place_of};
use super::dialog::field::account_words;
use super::waiting;

/// The word that a line about a recipe begins with.
pub const WORD: &str = "recipe";
/// What the word does, for the list.
pub const HELP: &str = "a change-set for Hyper-V";

/// Whether a line is about a recipe: the word, and behind it nothing yet or the beginning of a name. So "recipes" still
/// finds the action.
pub fn is_one(line: &str) -> bool {
    let (words, _) = tokens(line);
    let is_name = |word: &str| {
        "list".starts_with(word) || recipes::recipes().iter().any(|recipe| recipe.name.starts_with(word))
    };
    match (words.first().map(|word| word.text.as_str()), words.get(1)) {
        (Some(WORD), None) => line.len() > WORD.len(),
        (Some(WORD), Some(word)) => words.len() > 2 || is_name(&word.text),
        _ => false,
    }
}

/// What a line asks for, with SIDs in the place of the names that are known; and the names that nobody here knows.
///
/// # Errors
/// Where it is wrong, or what is missing in it.
pub fn read(line: &str, names: &Names) -> Result<(Asked, Vec<String>), Fault> {
    let (words, wrong) = tokens(line);
    let end = line.len()..line.len();
    if let Some(wrong) = wrong {
        let span = words.last().map_or(end, |word| word.span.clone());
        return Err(Fault { message: format!("{}.", wrong.message.trim_end_matches('.')), span });
    }
    let texts: Vec<String> = words.iter().skip(1).map(|word| word.text.clone()).collect();
    let mut asked = recipes::asked(&texts).map_err(|misread| {
        let place = words.get(misread.word.saturating_add(1)).map(|word| word.span.clone());
        let mut letters = misread.message.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        Fault { message: format!("{first}{}.", letters.as_str()), span: place.unwrap_or(end.clone()) }
    })?;
    if let Asked::Recipe { recipe, answers, .. } = &asked {
        let is_open = |ask: &&recipes::Ask| {
            ask.default.is_empty() && ask.kind != Answer::TrappedAccounts && !answers.contains_key(&ask.name)
        };
        if let Some(ask) = recipe.ask.iter().find(is_open) {
            let message = format!("The recipe {} asks for --{}. {}", recipe.name, ask.name, ask.hint);
            return Err(Fault { message, span: end });
        }
    }
    let unknown = with_sids(&mut asked, names)
        .map_err(|(message, word)| Fault { message, span: place_of(line, &word) })?;
    Ok((asked, unknown))
}

/// Puts SIDs in the place of names that are known. What nobody here knows; or what cannot be, and the answer it is in.
fn with_sids(asked: &mut Asked, names: &Names) -> Result<Vec<String>, (String, String)> {
    let Asked::Recipe { recipe, answers, .. } = asked else { return Ok(Vec::new()) };
    let mut unknown = Vec::new();
    for ask in recipe.ask.iter().filter(|ask| ask.kind.is_accounts()) {
        for answer in answers.get_mut(&ask.name).into_iter().flatten() {
            let mut sids = Vec::new();
            for word in account_words(answer) {
                match waiting::resolve(names, word).map_err(|why| (why, answer.clone()))? {
                    Some(sid) => sids.push(sid.to_string()),
                    None => unknown.push(word.to_owned()),
                }
            }
            *answer = sids.join(",");
        }
    }
    Ok(unknown)
}

/// What may stand behind these words, of which the first is [`WORD`]: each with what it is. `option` is the one whose
/// value is typed behind a sign.
pub fn next(words: &[Token], option: Option<&str>, store: &Store) -> Vec<(String, String)> {
    let Some(name) = words.get(1) else {
        let all = recipes::recipes().iter();
        return all.map(|recipe| (recipe.name.clone(), recipe.title.clone())).collect();
    };
    let Some(recipe) = recipes::recipe(&name.text) else { return Vec::new() };
    // Options and values take turns.
    let mut open = option;
    let mut given: Vec<&str> = Vec::new();
    for word in words.iter().skip(2) {
        let text = word.text.as_str();
        match (open.take(), text.split_once('=')) {
            (Some(_), _) => {}
            (None, Some((option, _))) => given.push(option),
            (None, None) => {
                given.push(text);
                open = Some(text);
            }
        }
    }
    if let Some(option) = open.or(option) {
        return values(recipe, option, store);
    }
    let is_free = |ask: &&recipes::Ask| {
        ask.kind.takes_several() || !given.iter().any(|option| option.strip_prefix("--") == Some(&ask.name))
    };
    recipe.ask.iter().filter(is_free).map(|ask| (format!("--{}", ask.name), ask.hint.clone())).collect()
}

fn values(recipe: &Recipe, option: &str, store: &Store) -> Vec<(String, String)> {
    let named = |level: ObjId, kind: Kind| -> Vec<(String, String)> {
        let objects = store.listed(level, kind).take(super::completing::LOOKED_AT);
        objects.map(|id| (store.name(id).into_owned(), kind.word().to_owned())).collect()
    };
    if option == "--app" {
        return named(store.root(), Kind::Application);
    }
    let ask = recipe.ask.iter().find(|ask| option.strip_prefix("--") == Some(&ask.name));
    let (Some(ask), Some(application)) = (ask, hyperv::application(store)) else { return Vec::new() };
    match ask.kind {
        Answer::Scope => named(application, Kind::Scope),
        Answer::Role => named(application, Kind::Role),
        Answer::Assignment => named(application, Kind::Assignment),
        Answer::Accounts | Answer::Name if ask.default.is_empty() => Vec::new(),
        Answer::Accounts | Answer::Name | Answer::TrappedAccounts => {
            let suggested = recipes::suggested(store, application, ask);
            suggested.into_iter().map(|text| (text, ask.label.clone())).collect()
        }
    }
}
