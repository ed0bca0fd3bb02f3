//! What is typed behind the word `recipe`, on the command line and in the editor.

use std::collections::BTreeMap;

use super::{Recipe, recipe, recipes};

/// What is asked for.
#[derive(Clone, Debug)]
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

/// Words that ask for no recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Why, without a full stop.
    pub message: String,
    /// The number of the word that is wrong; that behind the last where one is missing.
    pub word: usize,
}

/// Reads the words behind `recipe`: a name, and `--question answer` as often as needed.
///
/// # Errors
/// There is no such recipe, or something among its answers is no option.
pub fn asked(words: &[String]) -> Result<Asked, Misread> {
    let misread = |message: String, word| Err(Misread { message, word });
    let name = match words.first().map(String::as_str) {
        None | Some("list") => return Ok(Asked::List),
        Some(name) => name,
    };
    let Some(recipe) = recipe(name) else {
        let names: Vec<&str> = recipes().iter().map(|recipe| recipe.name.as_str()).collect();
        return misread(format!("there is no recipe \"{name}\"; there are {}", names.join(", ")), 0);
    };
    let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rest = words.iter().enumerate().skip(1);
    while let Some((at, word)) = rest.next() {
        let Some(option) = word.strip_prefix("--") else {
            return misread(
                format!("\"{word}\" answers no question: put the question's option before it"),
                at,
            );
        };
        let (option, value) = match option.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (option, rest.next().map(|(_, value)| value.clone())),
        };
        if option != "app" && !recipe.ask.iter().any(|ask| ask.name == option) {
            let known: Vec<String> = recipe.ask.iter().map(|ask| format!("--{}", ask.name)).collect();
            let known = known.join(", ");
            return misread(
                format!("the recipe {} does not ask for --{option}; it asks for {known}", recipe.name),
                at,
            );
        }
        let Some(value) = value else { return misread(format!("--{option} needs a value"), at + 1) };
        answers.entry(option.to_owned()).or_default().push(value);
    }
    let application = answers.remove("app").and_then(|mut names| names.pop());
    Ok(Asked::Recipe { recipe, answers, application })
}
