//! `edit STORE recipe NAME`: a recipe's questions as options.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::find;
use super::names::Directory;
use crate::hyperv::recipes::{self, Asked, Plan, Recipe};
use crate::hyperv::{self, APPLICATION};
use crate::store::{Guid, Store};

/// Reads the words behind `edit STORE`; `None`: they are a change.
///
/// # Errors
/// See [`recipes::asked`].
pub fn asked(words: &[String]) -> Result<Option<Asked>, Failure> {
    match words.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("recipe", words)) => recipes::asked(words)
            .map(Some)
            .map_err(|misread| Failure::Usage(format!("{}. Nothing was changed.", misread.message))),
        _ => Ok(None),
    }
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
