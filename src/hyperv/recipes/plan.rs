//! From a recipe and its answers to changes of a store.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Ask, Recipe, Selection};
use crate::access::{self, Operations};
use crate::accounts::{self, Sid};
use crate::hyperv::catalogue::{self, Group};
use crate::hyperv::rules::assignments_of_everything;
use crate::store::{
    Change, Create, Guid, Kind, LeafKind, Level, Link, Name, ObjId, Object, Place, Store, limits,
};

/// What a recipe would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the undo list calls it.
    pub label: String,
    /// The changes, to be made as one step; empty where everything is there already.
    pub changes: Vec<Change>,
    /// What is there already, in sentences.
    pub notes: Vec<String>,
    /// The accounts it is about.
    pub accounts: Vec<Sid>,
}

impl Plan {
    /// The changes as lines of the change language, without the numbers that new objects get.
    pub fn lines(&self) -> Vec<String> {
        let line = |change: &Change| match change {
            Change::Create(create) => Change::Create(Create { guid: None, ..create.clone() }).to_string(),
            other => other.to_string(),
        };
        self.changes.iter().map(line).collect()
    }
}

/// What a question is answered with where nothing is said: its default, or the accounts that `HVRemote` left behind.
pub fn suggested(store: &Store, application: ObjId, ask: &Ask) -> Vec<String> {
    match ask.kind {
        Answer::TrappedAccounts => trapped(store, application).iter().map(ToString::to_string).collect(),
        _ if ask.default.is_empty() => Vec::new(),
        _ => vec![ask.default.clone()],
    }
}

/// Accounts with rights in a scope that are also named by an assignment of the default scope that gives everything.
fn trapped(store: &Store, application: ObjId) -> BTreeSet<Sid> {
    let members = |level: ObjId| {
        store.children_of(level, Kind::Assignment).flat_map(|assignment| {
            store
                .leaves_of(assignment, LeafKind::Member)
                .filter_map(|leaf| Sid::parse(store.text(leaf).trim()).ok())
        })
    };
    let own: BTreeSet<Sid> = members(application).filter(|sid| accounts::well_known(sid).is_none()).collect();
    let mut in_scopes = BTreeSet::new();
    if !own.is_empty() {
        for scope in store.children_of(application, Kind::Scope) {
            in_scopes.extend(members(scope).filter(|sid| own.contains(sid)));
        }
    }
    in_scopes.retain(|sid| !assignments_of_everything(store, application, sid).is_empty());
    in_scopes
}

/// The changes that the recipe means for this application with these answers, by question. New objects get the GUIDs
/// that `new_guid` gives.
///
/// # Errors
/// A question is not answered or wrongly, or what is there stands in the way; the sentence says what to do.
pub fn plan(
    store: &Store,
    application: ObjId,
    recipe: &Recipe,
    answers: &BTreeMap<String, Vec<String>>,
    new_guid: &mut dyn FnMut() -> Guid,
) -> Result<Plan, String> {
    let place = Place::of(store, application).ok_or_else(|| {
        format!("\"{}\" shares its name with another application.", store.name(application))
    })?;
    let mut words = answered(store, application, recipe, answers)?;
    let who = recipe.ask.iter().filter(|ask| ask.kind.takes_several());
    let accounts: Vec<Sid> = who
        .flat_map(|ask| words.get(&ask.name).into_iter().flatten())
        .filter_map(|sid| Sid::parse(sid).ok())
        .collect();
    for (name, selection) in &recipe.operations {
        words.insert(name.clone(), selected(store, application, selection)?);
    }
    let mut planner = Planner { store, application, changes: Vec::new(), notes: Vec::new() };
    for line in &recipe.lines {
        let mut change = filled(line, &words)?;
        change.place_mut().application.clone_from(&place.application);
        planner.add(change)?;
    }
    for change in &mut planner.changes {
        if let Change::Create(create) = change {
            create.guid = Some(new_guid());
        }
    }
    let about = recipe.ask.iter().find(|ask| !ask.kind.takes_several());
    let about = about.and_then(|ask| words.get(&ask.name)?.first()).map(|name| format!(" \"{name}\""));
    let label = format!("use recipe {}{}", recipe.name, about.unwrap_or_default());
    Ok(Plan { label, changes: planner.changes, notes: planner.notes, accounts })
}

/// The answers, checked, in the form in which they go into changes.
fn answered(
    store: &Store,
    application: ObjId,
    recipe: &Recipe,
    answers: &BTreeMap<String, Vec<String>>,
) -> Result<BTreeMap<String, Vec<String>>, String> {
    if let Some(unknown) = answers.keys().find(|name| !recipe.ask.iter().any(|ask| ask.name == **name)) {
        let known: Vec<String> = recipe.ask.iter().map(|ask| format!("--{}", ask.name)).collect();
        return Err(format!(
            "The recipe {} does not ask for --{unknown}; it asks for {}.",
            recipe.name,
            known.join(", ")
        ));
    }
    let mut words = BTreeMap::new();
    for ask in &recipe.ask {
        let given = answers.get(&ask.name).map(|given| given.iter().map(|text| text.trim()));
        let given: Vec<String> =
            given.into_iter().flatten().filter(|text| !text.is_empty()).map(str::to_owned).collect();
        let given = if given.is_empty() { suggested(store, application, ask) } else { given };
        let given = if ask.kind.takes_several() { sids(&given)? } else { given };
        match given.as_slice() {
            [] => return Err(format!("The recipe {} asks for --{}. {}", recipe.name, ask.name, ask.hint)),
            [_, second, ..] if !ask.kind.takes_several() => {
                return Err(format!("--{} is given twice: \"{second}\" too.", ask.name));
            }
            [name, ..] => check(store, application, ask, name)?,
        }
        words.insert(ask.name.clone(), given);
    }
    Ok(words)
}

fn check(store: &Store, application: ObjId, ask: &Ask, name: &str) -> Result<(), String> {
    match ask.kind {
        Answer::Scope if store.find(application, Kind::Scope, name).is_none() => {
            limits::check_name(Kind::Scope, name)
        }
        Answer::Name => limits::check_name(Kind::Role, name),
        Answer::Role => is_there(store, application, Kind::Role, name),
        Answer::Assignment => is_there(store, application, Kind::Assignment, name),
        Answer::Scope | Answer::Accounts | Answer::TrappedAccounts => Ok(()),
    }
}

fn is_there(store: &Store, application: ObjId, kind: Kind, name: &str) -> Result<(), String> {
    match store.find(application, kind, name) {
        Some(_) => Ok(()),
        None => Err(format!("There is no {kind} \"{name}\" in the default scope.")),
    }
}

/// The accounts as SIDs, in order and without repeats.
fn sids(given: &[String]) -> Result<Vec<String>, String> {
    let mut sids: Vec<String> = Vec::new();
    let parts = given.iter().flat_map(|text| text.split([',', ';', '\n'])).map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        let sid = Sid::parse(part).ok().or_else(|| accounts::resolve(part));
        let sid = sid.ok_or_else(|| format!("{part} is no SID and no name that is known everywhere."))?;
        if let Some(why) = accounts::never_a_member(&sid) {
            return Err(format!("{sid} can never be a member: it is {why}."));
        }
        let sid = sid.to_string();
        if !sids.contains(&sid) {
            sids.push(sid);
        }
    }
    Ok(sids)
}

/// The operations that a list means in this application, as the change language names them.
fn selected(store: &Store, application: ObjId, selection: &Selection) -> Result<Vec<String>, String> {
    let mut all: Vec<(u32, ObjId)> = store
        .of_kind(application, Kind::Operation)
        .filter_map(|id| Some((store.operation_id(id)?, id)))
        .collect();
    all.sort_unstable();
    let wanted = selection.numbers.iter().chain(selection.all_but.iter().flatten());
    for number in wanted {
        if !all.iter().any(|(known, _)| known == number) {
            let name = catalogue::operation(*number).map_or("", |operation| operation.name);
            return Err(format!(
                "The application has no operation {number} ({name}), which the recipe is about."
            ));
        }
    }
    let is_selected = |number: u32, id: ObjId| {
        let known = catalogue::operation(number);
        selection.numbers.contains(&number)
            || selection.all_but.as_ref().is_some_and(|but| !but.contains(&number))
            || selection.group.as_deref() == Some("network")
                && known.is_some_and(|known| known.group == Group::Network)
            || selection.reads && catalogue::only_reads(Some(number), &store.name(id))
    };
    let selected = all.into_iter().filter(|&(number, id)| is_selected(number, id));
    let names = selected.map(|(_, id)| Link::to(store, application, id).map(|link| link.value()));
    let names: Option<Vec<String>> = names.collect();
    names.ok_or_else(|| "Two operations of the application share a name and cannot be told apart.".to_owned())
}

/// A line with its words put in. A word is a place in a change: it is never read as an option.
fn filled(line: &str, words: &BTreeMap<String, Vec<String>>) -> Result<Change, String> {
    let mut parts: Vec<String> = Vec::new();
    let mut repeated: Option<Vec<&str>> = None;
    for part in line.split(' ') {
        let (opens, part) = part.strip_prefix('[').map_or((false, part), |rest| (true, rest));
        let (closes, part) = part.strip_suffix(']').map_or((false, part), |rest| (true, rest));
        if opens {
            repeated = Some(Vec::new());
        }
        match &mut repeated {
            Some(group) => group.push(part),
            None => parts.push(part.to_owned()),
        }
        if closes && let Some(group) = repeated.take() {
            let list = group.iter().find_map(|part| words.get(placeholder(part)?)).map_or(0, Vec::len);
            for number in 0..list {
                parts.extend(group.iter().map(|part| match placeholder(part) {
                    Some(word) => format!("{{{word}.{number}}}"),
                    None => (*part).to_owned(),
                }));
            }
        }
    }
    let mut change =
        Change::parse_words(&parts).map_err(|error| format!("{error} in the recipe's \"{line}\"."))?;
    let value = |text: &str| -> Option<String> {
        let word = placeholder(text)?;
        let (word, number) = word.split_once('.').unwrap_or((word, "0"));
        words.get(word)?.get(number.parse::<usize>().ok()?).cloned()
    };
    fill(&mut change, &value);
    Ok(change)
}

fn placeholder(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

fn fill(change: &mut Change, value: &dyn Fn(&str) -> Option<String>) {
    let in_name = |name: &mut Name| {
        if let Name::Text(text) = name
            && let Some(value) = value(text)
        {
            *name = Name::from(value.as_str());
        }
    };
    let in_text = |text: &mut String| {
        if let Some(value) = value(text) {
            *text = value;
        }
    };
    if let Level::Scope(name) = &mut change.place_mut().level {
        in_name(name);
    }
    let links = match change {
        Change::Create(create) => {
            in_text(&mut create.name);
            &mut create.links
        }
        Change::Add(object, links) | Change::Remove(object, links) => {
            in_name(&mut object.name);
            links
        }
        _ => return,
    };
    for link in links {
        match link {
            Link::Operation(name) | Link::Task(name) | Link::Role(name) | Link::Group(name) => in_name(name),
            Link::Member(text) | Link::NonMember(text) => in_text(text),
        }
    }
}

/// Compares what a recipe wants with what is there.
struct Planner<'s> {
    store: &'s Store,
    application: ObjId,
    changes: Vec<Change>,
    notes: Vec<String>,
}

impl Planner<'_> {
    fn add(&mut self, change: Change) -> Result<(), String> {
        let change = match change {
            Change::Create(create) => self.create(create)?,
            Change::Remove(object, links) => self.remove(object, links)?,
            other => Some(other),
        };
        self.changes.extend(change);
        Ok(())
    }

    /// The level that a place means; `None`: a scope that is still to be made.
    fn level(&self, place: &Place) -> Option<ObjId> {
        match &place.level {
            Level::Scope(Name::Text(name)) => self.store.find(self.application, Kind::Scope, name),
            Level::Scope(Name::Guid(guid)) => self.store.by_guid(*guid),
            _ => Some(self.application),
        }
    }

    fn create(&mut self, create: Create) -> Result<Option<Change>, String> {
        let there =
            self.level(&create.place).and_then(|level| self.store.find(level, create.kind, &create.name));
        let Some(there) = there else { return Ok(Some(Change::Create(create))) };
        match create.kind {
            Kind::Role => self.same_role(&create, there),
            Kind::Assignment => self.join(create, there),
            _ => {
                self.notes.push(format!("The {} is there already.", self.store.describe(there)));
                Ok(None)
            }
        }
    }

    /// A role definition of that name must grant what the recipe's would.
    fn same_role(&mut self, create: &Create, there: ObjId) -> Result<Option<Change>, String> {
        let store = self.store;
        let described = store.describe(there);
        if store.first(there, LeafKind::BizRule).is_some_and(|rule| !rule.trim().is_empty()) {
            return Err(format!(
                "The {described} is there already and has an authorization rule: choose another name."
            ));
        }
        let has = granted(store, self.application, there);
        let wanted: BTreeSet<ObjId> = create.links.iter().filter_map(|link| self.operation(link)).collect();
        if has != wanted {
            let named = |more: Vec<ObjId>| -> String {
                let names: Vec<String> =
                    more.iter().take(3).map(|&id| format!("\"{}\"", store.name(id))).collect();
                let rest = more.len().saturating_sub(names.len());
                let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                format!("{}{rest}", names.join(", "))
            };
            let lacks: Vec<ObjId> = wanted.difference(&has).copied().collect();
            let beyond: Vec<ObjId> = has.difference(&wanted).copied().collect();
            let what = match (lacks.is_empty(), beyond.is_empty()) {
                (false, true) => format!("lacks {}", named(lacks)),
                (true, _) => format!("grants {} too", named(beyond)),
                (false, false) => format!("lacks {} and grants {} too", named(lacks), named(beyond)),
            };
            return Err(format!("The {described} is there already, but {what}: choose another name."));
        }
        self.notes.push(format!("The {described} is there already."));
        Ok(None)
    }

    fn operation(&self, link: &Link) -> Option<ObjId> {
        match link {
            Link::Operation(Name::Text(name)) => self.store.find(self.application, Kind::Operation, name),
            Link::Operation(Name::Guid(guid)) => self.store.by_guid(*guid),
            _ => None,
        }
    }

    /// A role assignment of that name gets the members that it lacks, if it grants what the recipe's would and nothing
    /// else.
    fn join(&mut self, create: Create, there: ObjId) -> Result<Option<Change>, String> {
        let store = self.store;
        let described = store.describe(there);
        let level = store.level(there);
        let wanted: Vec<ObjId> =
            create.links.iter().filter_map(|link| self.definition(level, link)).collect();
        let linked: BTreeSet<ObjId> =
            store.leaves_of(there, LeafKind::TaskLink).filter_map(|leaf| store.target(leaf)).collect();
        let may: BTreeSet<ObjId> =
            wanted.iter().flat_map(|&role| granted(store, self.application, role)).collect();
        let grants = granted(store, self.application, there);
        // A role that is still to be made is linked by nothing yet.
        let roles = create.links.iter().filter(|link| matches!(link, Link::Role(_))).count();
        let is_linked = wanted.len() == roles && wanted.iter().all(|role| linked.contains(role));
        if !grants.is_subset(&may) {
            return Err(format!(
                "The {described} is there already and grants more than the recipe gives: choose another name."
            ));
        }
        let has_others = store
            .leaves(there)
            .any(|leaf| matches!(store.leaf_kind(leaf), LeafKind::Member | LeafKind::AppMemberLink));
        if !is_linked && has_others {
            return Err(format!(
                "The {described} is there already with other members, who would gain what the recipe gives: choose another \
                 name."
            ));
        }
        let (mut missing, mut members) = (Vec::new(), 0_usize);
        for link in create.links {
            match &link {
                Link::Member(sid) if has_member(store, there, sid) => members += 1,
                Link::Role(_) if is_linked => {}
                _ => missing.push(link),
            }
        }
        if members > 0 {
            let count =
                if members == 1 { "1 account is".to_owned() } else { format!("{members} accounts are") };
            self.notes.push(format!("{count} in the {described} already."));
        }
        if missing.is_empty() {
            return Ok(None);
        }
        let object = Object::of(store, there)
            .ok_or_else(|| format!("The {described} cannot be told from another."))?;
        Ok(Some(Change::Add(object, missing)))
    }

    fn definition(&self, level: ObjId, link: &Link) -> Option<ObjId> {
        match link {
            Link::Role(Name::Text(name)) => self.store.visible(level, Kind::Role, name),
            Link::Role(Name::Guid(guid)) => self.store.by_guid(*guid),
            _ => None,
        }
    }

    fn remove(&mut self, object: Object, mut links: Vec<Link>) -> Result<Option<Change>, String> {
        let store = self.store;
        let there = store.named_object(&object).map_err(|error| error.to_string())?;
        let before = links.len();
        links.retain(|link| match link {
            Link::Member(sid) => has_member(store, there, sid),
            _ => true,
        });
        let absent = before - links.len();
        if absent > 0 {
            let count =
                if absent == 1 { "1 account is".to_owned() } else { format!("{absent} accounts are") };
            self.notes.push(format!("{count} not in the {}.", store.describe(there)));
        }
        Ok((!links.is_empty()).then_some(Change::Remove(object, links)))
    }
}

fn has_member(store: &Store, owner: ObjId, sid: &str) -> bool {
    let mut members = store.leaves_of(owner, LeafKind::Member);
    members.any(|leaf| Sid::parse(store.text(leaf).trim()).is_ok_and(|member| member.to_string() == sid))
}

/// The operations that a definition or assignment grants, conditionally or not.
fn granted(store: &Store, application: ObjId, owner: ObjId) -> BTreeSet<ObjId> {
    let operations = Operations::of(store, application);
    let reached = access::reached(store, &operations, &[owner]);
    let set = reached.first().map(|rights| rights.any.clone()).unwrap_or_default();
    access::numbers(&set).filter_map(|at| operations.ids().get(at).copied()).collect()
}
