//! Recipes: what administrators do again and again, as change-sets with their questions.
//!
//! A recipe is a data file, assets/recipes/NAME.toml:
//!
//! - `name`, `title`, `help`: what it is called, in words, and what it does.
//! - `[[ask]]`: its questions: `name` (the option of the command line), `label` (the field of the editor's form), `kind`
//!   (see [`Answer`]), `default`, `hint`. A question without a default must be answered.
//! - `[operations]`: lists of operations under names: `numbers`, `all_but` some, those of a `group` of the catalogue,
//!   and those that only look (`reads`). Numbers are looked up in the store; one that it lacks ends the recipe.
//! - `lines`: the changes in the change language. `{word}` stands for an answer or a list; what is in brackets is
//!   repeated for each value. Answers are put into the parsed change, not into its text, so that no name can be taken
//!   for an option.
//!
//! [`plan()`] makes changes of them for a store: what is there already is not made again.

mod asked;
mod outcome;
mod plan;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use asked::{Asked, Misread, asked};
pub use outcome::{Outcome, Rights};
pub use plan::{Plan, plan, suggested};

/// A recipe, as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The word of the command line.
    pub name: String,
    /// What it does, in a few words.
    pub title: String,
    /// What it does, and what is to be known about it.
    pub help: String,
    /// Its questions.
    pub ask: Vec<Ask>,
    operations: BTreeMap<String, Selection>,
    lines: Vec<String>,
}

/// A question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The option of the command line, without its dashes.
    pub name: String,
    /// The field of a form.
    pub label: String,
    /// What answers it.
    pub kind: Answer,
    /// The answer where none is given; empty: there must be one.
    #[serde(default)]
    pub default: String,
    /// What it takes.
    pub hint: String,
}

/// What answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Answer {
    /// The name of a scope, which is made unless it is there.
    #[serde(rename = "new scope")]
    Scope,
    /// Accounts: SIDs or names that are the same on every host.
    #[serde(rename = "accounts")]
    Accounts,
    /// The same; offered are those that `HVRemote` left in the default scope.
    #[serde(rename = "trapped accounts")]
    TrappedAccounts,
    /// A role definition of the default scope that is there.
    #[serde(rename = "role")]
    Role,
    /// A role assignment of the default scope that is there.
    #[serde(rename = "assignment")]
    Assignment,
    /// A name for something.
    #[serde(rename = "name")]
    Name,
}

impl Answer {
    /// Whether accounts are asked for.
    pub const fn is_accounts(&self) -> bool {
        matches!(self, Answer::Accounts | Answer::TrappedAccounts)
    }
}

impl Answer {
    /// Whether several answers may be given.
    pub fn takes_several(self) -> bool {
        matches!(self, Answer::Accounts | Answer::TrappedAccounts)
    }
}

/// Operations of the application: all that one of these says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Selection {
    #[serde(default)]
    numbers: Vec<u32>,
    all_but: Option<Vec<u32>>,
    group: Option<String>,
    #[serde(default)]
    reads: bool,
}

const FILES: [&str; 8] = [
    include_str!("../../assets/recipes/own-scope.toml"),
    include_str!("../../assets/recipes/no-snapshots.toml"),
    include_str!("../../assets/recipes/console-user.toml"),
    include_str!("../../assets/recipes/network-admin.toml"),
    include_str!("../../assets/recipes/observer.toml"),
    include_str!("../../assets/recipes/full-admin.toml"),
    include_str!("../../assets/recipes/undo-hvremote.toml"),
    include_str!("../../assets/recipes/connect.toml"),
];

static RECIPES: LazyLock<Vec<Recipe>> =
    LazyLock::new(|| FILES.iter().filter_map(|text| read(text).ok()).collect());

/// By way of a table, which themes and the configuration are read into too: reading straight into a [`Recipe`] would be
/// 30 KB more of program.
fn read(text: &str) -> Result<Recipe, toml::de::Error> {
    text.parse::<toml::Table>()?.try_into()
}

/// Every recipe.
pub fn recipes() -> &'static [Recipe] {
    &RECIPES
}

/// The recipe with this name.
pub fn recipe(name: &str) -> Option<&'static Recipe> {
    RECIPES.iter().find(|recipe| recipe.name == name)
}

/// The recipes with their questions, a paragraph for each.
pub fn list() -> String {
    let option = |ask: &Ask| {
        let several = if ask.kind.takes_several() { "…" } else { "" };
        let option = format!("--{} {}{several}", ask.name, ask.label.to_uppercase());
        if ask.default.is_empty() { option } else { format!("[{option}]") }
    };
    let one = |recipe: &Recipe| {
        let options: Vec<String> = recipe.ask.iter().map(option).collect();
        format!("{} {}\n    {}. {}\n", recipe.name, options.join(" "), recipe.title, recipe.help)
    };
    RECIPES.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_recipe() {
        for text in FILES {
            let recipe = read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert!(recipe.help.ends_with('.') && !recipe.title.ends_with('.'), "{}", recipe.name);
            for ask in &recipe.ask {
                assert!(ask.hint.ends_with('.') && ask.label.len() < 13, "{}", ask.name);
            }
            // Every question and every list is used, and nothing else is.
            let known: Vec<&String> =
                recipe.ask.iter().map(|ask| &ask.name).chain(recipe.operations.keys()).collect();
            let lines = recipe.lines.concat();
            for word in &known {
                assert!(lines.contains(&format!("{{{word}}}")), "{word} in {}", recipe.name);
            }
            for used in lines.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                assert!(known.iter().any(|word| *word == used), "{used} in {}", recipe.name);
            }
        }
        assert_eq!(recipes().len(), FILES.len());
    }
}
