//! `edit STORE recipe NAME`: a recipe's questions as options.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::find;
use super::names::Directory;
use crate::hyperv::recipes::{self, Plan, Recipe};
use crate::hyperv::{self, APPLICATION};
use crate::store::{Guid, Store};

/// What is asked for.
pub enum Asked {
    /// The list of recipes.
    List,
    /// A recipe with its answers, by question.
    Recipe {
        /// Which one.
        recipe: &'static Recipe,
        /// The answers.
        answers: BTreeMap<String, Vec<String>>,
        /// The application, where `--app` names it.
        application: Option<String>,
    },
}

/// Reads the words behind `edit STORE`; `None`: they are a change.
///
/// # Errors
/// There is no such recipe, or something among its answers is no option.
pub fn asked(words: &[String]) -> Result<Option<Asked>, Failure> {
    let Some(("recipe", words)) = words.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
        return Ok(None);
    };
    let usage = |text: String| Failure::Usage(format!("{text}. Nothing was changed."));
    let mut words = words.iter();
    let name = match words.next().map(String::as_str) {
        None | Some("list") => return Ok(Some(Asked::List)),
        Some(name) => name,
    };
    let recipe = recipes::recipe(name).ok_or_else(|| {
        let names: Vec<&str> = recipes::recipes().iter().map(|recipe| recipe.name.as_str()).collect();
        usage(format!("there is no recipe \"{name}\"; there are {}", names.join(", ")))
    })?;
    let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix("--") else {
            return Err(usage(format!(
                "\"{word}\" answers no question: put the question's option before it"
            )));
        };
        let (option, value) = match option.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (option, words.next().cloned()),
        };
        let value = value.ok_or_else(|| usage(format!("--{option} needs a value")))?;
        answers.entry(option.to_owned()).or_default().push(value);
    }
    let application = answers.remove("app").and_then(|mut names| names.pop());
    Ok(Some(Asked::Recipe { recipe, answers, application }))
}

/// The answers with SIDs in the place of accounts' names.
///
/// # Errors
/// Nobody is known by a name.
pub fn with_sids(
    recipe: &Recipe,
    answers: &BTreeMap<String, Vec<String>>,
    directory: &mut Directory,
) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut answers = answers.clone();
    for ask in recipe.ask.iter().filter(|ask| ask.kind.is_accounts()) {
        for answer in answers.get_mut(&ask.name).into_iter().flatten() {
            let parts = answer.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
            let sids = parts.map(|part| directory.member(part).map(|sid| sid.to_string()));
            *answer = sids.collect::<Result<Vec<_>, _>>()?.join(",");
        }
    }
    Ok(answers)
}

/// What the recipe would change in a store.
///
/// # Errors
/// The store has no application that it could be about, or see [`recipes::plan`].
pub fn plan(
    store: &Store,
    recipe: &Recipe,
    answers: &BTreeMap<String, Vec<String>>,
    application: Option<&str>,
) -> Result<Plan, Failure> {
    let application = match application {
        Some(name) => find::application(store, Some(name))?,
        None => hyperv::application(store).ok_or_else(|| {
            Failure::Refused(format!(
                "the store has no application \"{APPLICATION}\"; --app names another. Nothing was changed."
            ))
        })?,
    };
    recipes::plan(store, application, recipe, answers, &mut Guid::random)
        .map_err(|why| Failure::Refused(format!("{why} Nothing was changed.")))
}
