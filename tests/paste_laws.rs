//! What is copied as text and pasted into another store is what it was, up to GUIDs and what was decided.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    clippy::cast_possible_truncation
)]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use azedit::accounts::{Sid, resolve};
use azedit::app::changes::level_for;
use azedit::app::paste::{self, Choices, Fill, Pasted, Plan, Question};
use azedit::store::{Change, Guid, Kind, LeafKind, Name, ObjId, Session, Store};
use proptest::prelude::*;
use support::{Random, change, open, stores};

/// Members that are copied are SIDs, or what the store had in their place.
fn no_names(word: &str) -> Result<Sid, String> {
    resolve(word).ok_or_else(|| format!("{word} is nobody."))
}

fn session(bytes: &[u8]) -> Session {
    Session::new(open(bytes))
}

/// A store of the list after some random changes.
fn mixed(random: &mut Random) -> Session {
    let all = stores();
    let (_, bytes) = random.pick(&all).unwrap();
    let mut session = session(bytes);
    let steps = random.below(12);
    change(&mut session, random, steps);
    session
}

/// An object as it is compared: without GUIDs, its links by kind and name.
#[derive(Debug, PartialEq, Eq)]
struct Picture {
    kind: Kind,
    name: String,
    attributes: BTreeMap<String, String>,
    texts: BTreeMap<LeafKind, String>,
    members: BTreeSet<(LeafKind, String)>,
    links: BTreeSet<(LeafKind, Kind, String)>,
    children: BTreeMap<(Kind, String), Picture>,
}

/// How a name of the copied store reads in the other: what was renamed, mapped or left out.
type Names<'n> = dyn Fn(Kind, &str, ObjId) -> Option<String> + 'n;

fn picture(store: &Store, id: ObjId, name: &str, names: &Names<'_>) -> Picture {
    let mut attributes: BTreeMap<String, String> = store.attributes(id).into_iter().collect();
    attributes.remove("Guid");
    attributes.remove("Name");
    // The kind says it; files spell it in several ways.
    attributes.remove("RoleDefinition");
    if let Some(group_type) = attributes.get_mut("GroupType") {
        group_type.make_ascii_lowercase();
    }
    // A line says neither whether an empty text stands there nor what the format does not name.
    attributes
        .retain(|key, value| !value.is_empty() && store.kind(id).attribute_order().contains(&key.as_str()));
    let mut texts = BTreeMap::new();
    let (mut members, mut links) = (BTreeSet::new(), BTreeSet::new());
    for leaf in store.leaves(id) {
        let kind = store.leaf_kind(leaf);
        if kind.is_single() {
            let text = store.text(leaf).into_owned();
            if !text.trim().is_empty() {
                let is_word = matches!(kind, LeafKind::OperationId | LeafKind::BizRuleLanguage);
                texts.entry(kind).or_insert(if is_word { text.trim().to_owned() } else { text });
            }
        } else if kind.is_member() {
            // A name that stands in a file where a SID belongs becomes one.
            let text = store.text(leaf);
            let sid = Sid::parse(text.trim()).ok().or_else(|| resolve(text.trim()));
            members.extend(sid.map(|sid| (kind, sid.to_string())));
        } else if let Some(target) = store.target(leaf) {
            let (of, called) = (store.kind(target), store.name(target));
            links.extend(names(of, &called, target).map(|name| (kind, of, name)));
        }
    }
    // A group by rule that has no rule yet is given the language that azman.msc gives it.
    if store.kind(id) == Kind::Group && !texts.contains_key(&LeafKind::BizRule) {
        texts.remove(&LeafKind::BizRuleLanguage);
    }
    let children = store
        .children(id)
        .map(|child| {
            let name = store.name(child).into_owned();
            ((store.kind(child), name.clone()), picture(store, child, &name, names))
        })
        .collect();
    Picture { kind: store.kind(id), name: name.to_owned(), attributes, texts, members, links, children }
}

/// What became of one attempt.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Outcome {
    /// No line can say it, or there is no place for it.
    Unsaid,
    /// The other store's rules refuse it: schema 1.0 and rules, a name too long with its `Copy of`.
    Refused,
    Same,
}

fn run(seed: u64) -> Outcome {
    let mut random = Random(seed);
    let from = mixed(&mut random);
    let mut to = mixed(&mut random);
    let objects: Vec<ObjId> = from.store().walk().filter(|&id| id != from.store().root()).collect();
    let Some(&top) = random.pick(&objects) else { return Outcome::Unsaid };
    let Ok((text, _)) = paste::of_objects(from.store(), &[top], "from.xml") else { return Outcome::Unsaid };
    let lines = match paste::read(&text, &mut no_names) {
        Ok(Pasted::Lines(lines)) => lines,
        // A member in the file that is no SID.
        Err(why) if why.contains("is no SID") => return Outcome::Refused,
        other => panic!("{other:?}\n{text}"),
    };
    let places: Vec<ObjId> = to
        .store()
        .walk()
        .filter(|&id| matches!(to.store().kind(id), Kind::Store | Kind::Application | Kind::Scope))
        .collect();
    let &place = random.pick(&places).unwrap();
    let Ok(level) = level_for(to.store(), from.store().kind(top), place) else { return Outcome::Unsaid };
    let mut choices = Choices::default();
    let first = paste::plan(to.store(), &lines, &[place], &choices, Guid::random).unwrap();
    decide(&first, to.store(), &mut random, &mut choices);
    let plan = paste::plan(to.store(), &lines, &[place], &choices, Guid::random).unwrap();
    let before: HashSet<ObjId> = to.store().walk().collect();
    let bytes = to.store().rendering().to_bytes();
    for change in &plan.changes {
        assert_eq!(Change::parse(&change.to_string()).as_ref(), Ok(change), "{change}");
    }
    if plan.changes.is_empty() {
        assert!(plan.questions.iter().any(|question| matches!(question, Question::Clash { .. })), "{text}");
        return Outcome::Refused;
    }
    if let Err((at, error)) = to.apply(&plan.changes, "paste") {
        // Files hold what no change makes: members that can never be one, queries of basic groups, circles.
        let allowed = [
            "schema",
            "at most",
            "circle",
            "takes no",
            "can never be a member",
            "Only a group of type ldap",
            "has no list of members",
            "is not of type rule",
            "no language of rules",
        ];
        assert!(
            allowed.iter().any(|word| error.message.contains(word)),
            "{}\n{}\nfrom\n{text}",
            error.message,
            plan.changes[at]
        );
        assert_eq!(to.store().rendering().to_bytes(), bytes);
        return Outcome::Refused;
    }
    compare(&from, top, &to, level, &plan, &before, &text);
    to.undo();
    assert_eq!(to.store().rendering().to_bytes(), bytes, "undo restores the bytes");
    Outcome::Same
}

/// Decides some of the questions otherwise than the plan does.
fn decide(plan: &Plan, store: &Store, random: &mut Random, choices: &mut Choices) {
    for question in &plan.questions {
        let Question::Missing { key, make, .. } = question else { continue };
        match random.below(4) {
            0 => _ = choices.fills.insert(key.clone(), Fill::Leave),
            1 if make.is_some() => _ = choices.fills.insert(key.clone(), Fill::Create),
            2 => {
                let other: Vec<ObjId> = store.walk().filter(|&id| store.kind(id) == key.0).collect();
                if let Some(&other) = random.pick(&other) {
                    choices.fills.insert(key.clone(), Fill::Map(other));
                }
            }
            _ => {}
        }
    }
}

fn compare(
    from: &Session,
    top: ObjId,
    to: &Session,
    level: ObjId,
    plan: &Plan,
    before: &HashSet<ObjId>,
    text: &str,
) {
    let (store, kind) = (to.store(), from.store().kind(top));
    // What was pasted is the last of its kind that is new there: what others need is made before it.
    let pasted = store.children_of(level, kind).filter(|id| !before.contains(id)).last();
    let Some(pasted) = pasted else { panic!("nothing of the kind was made\n{text}") };
    let new_name = store.name(pasted).into_owned();
    let old_name = from.store().name(top).into_owned();
    assert!(new_name == old_name || new_name.starts_with("Copy "), "{new_name}");
    let fill = |kind: Kind, name: &str| {
        plan.questions.iter().find_map(|question| match question {
            Question::Missing { key, choice, .. } if key.0 == kind && key.1 == name => Some(*choice),
            _ => None,
        })
    };
    // Operations of one number are one operation.
    let names = |kind: Kind, name: &str, target: ObjId| -> Option<String> {
        if from.store().is_within(target, top) {
            return Some(if target == top { new_name.clone() } else { name.to_owned() });
        }
        match fill(kind, name) {
            Some(Fill::Leave) => None,
            Some(Fill::Map(other)) => Some(store.name(other).into_owned()),
            _ => Some(name.to_owned()),
        }
    };
    let expected = picture(from.store(), top, &new_name, &names);
    let renamed = |_: Kind, name: &str, target: ObjId| {
        // What others need may have had to take another name than it had.
        let is_new = !before.contains(&target) && !store.is_within(target, pasted);
        let copied = name.split_once(" of ").filter(|(copy, _)| is_new && copy.starts_with("Copy"));
        Some(copied.map_or(name, |(_, plain)| plain).to_owned())
    };
    assert_eq!(picture(store, pasted, &new_name, &renamed), expected, "\n{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_pasted_is_what_was_copied(seed in any::<u64>()) {
        run(seed);
    }
}

#[test]
fn most_of_what_is_copied_can_be_pasted() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..300 {
        let word = match run(seed) {
            Outcome::Unsaid => "unsaid",
            Outcome::Refused => "refused",
            Outcome::Same => "same",
        };
        *counts.entry(word).or_default() += 1;
    }
    assert!(counts["same"] > 180, "{counts:?}");
}

#[test]
fn what_the_target_lacks_comes_along_with_what_it_links_to_itself() {
    let mut from = session(include_bytes!("../assets/InitialStore.xml"));
    for line in [
        "create operation Fly --id 900",
        "create task Travel --operation Fly",
        "create role Pilot --task Travel",
        "create scope S",
        "create assignment Crew --in S --role Pilot --member S-1-1-0",
    ] {
        from.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    let crew = from.store().walk().find(|&id| from.store().name(id) == "Crew").unwrap();
    let (text, _) = paste::of_objects(from.store(), &[crew], "from.xml").unwrap();
    let Ok(Pasted::Lines(lines)) = paste::read(&text, &mut no_names) else { panic!("{text}") };
    let mut to = session(include_bytes!("../assets/InitialStore.xml"));
    let application = to.store().children_of(to.store().root(), Kind::Application).next().unwrap();
    let plan = paste::plan(to.store(), &lines, &[application], &Choices::default(), Guid::random).unwrap();
    let asked: Vec<&str> = plan.questions.iter().map(|question| question.key().1.as_str()).collect();
    assert_eq!(asked, ["Pilot", "Travel", "Fly"]);
    to.apply(&plan.changes, "paste").unwrap();
    let path = |name: &str| {
        let id = to.store().walk().find(|&id| to.store().name(id) == name).unwrap();
        to.store().path(id)
    };
    assert_eq!(path("Crew"), "Hyper-V services/assignments/Crew", "not to the scope it came from");
    assert_eq!(path("Fly"), "Hyper-V services/operations/Fly");
    // Without the definition, what that needs is not asked about.
    let mut choices = Choices::default();
    choices.fills.insert((Kind::Role, "Pilot".to_owned()), Fill::Leave);
    let other = session(include_bytes!("../assets/InitialStore.xml"));
    let plan = paste::plan(other.store(), &lines, &[application], &choices, Guid::random).unwrap();
    assert_eq!((plan.questions.len(), plan.changes.len()), (1, 1));
}

#[test]
fn a_subtree_keeps_its_guids_in_another_store_and_gets_new_ones_in_its_own() {
    let mut from = session(include_bytes!("../assets/InitialStore.xml"));
    for line in ["create scope S", "create role R --in S", "create assignment A --in S --role R"] {
        from.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    let scope = from.store().walk().find(|&id| from.store().kind(id) == Kind::Scope).unwrap();
    let (text, _) = paste::of_objects(from.store(), &[scope], "from.xml").unwrap();
    let Ok(Pasted::Lines(lines)) = paste::read(&text, &mut no_names) else { panic!("{text}") };
    let guids = |session: &Session, name: &str| {
        let plan = {
            let store = session.store();
            let application = store.children_of(store.root(), Kind::Application).next().unwrap();
            paste::plan(store, &lines, &[application], &Choices::default(), Guid::random).unwrap()
        };
        let creates = plan.changes.iter().filter_map(|change| match change {
            Change::Create(create) => Some(create),
            _ => None,
        });
        let made: Vec<_> = creates.map(|create| (create.name.clone(), create.guid.unwrap())).collect();
        assert_eq!(made[0].0, name);
        made.into_iter().map(|(_, guid)| guid).collect::<Vec<_>>()
    };
    let there: Vec<Guid> = from.store().walk().filter_map(|id| from.store().guid(id)).collect();
    let elsewhere = guids(&session(include_bytes!("../assets/InitialStore.xml")), "S");
    assert!(elsewhere.iter().all(|guid| there.contains(guid)));
    let here = guids(&from, "Copy of S");
    assert!(here.iter().all(|guid| !there.contains(guid)));
}

#[test]
fn names_that_meet_at_one_place_are_told_apart_and_links_follow() {
    let mut session = session(include_bytes!("../assets/InitialStore.xml"));
    for line in [
        "create scope A",
        "create scope B",
        "create role R --in A",
        "create role R --in B",
        "create assignment X --in A --role R",
        "create assignment Y --in B --role R",
        "create scope C",
    ] {
        session.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    let store = session.store();
    let in_ab: Vec<ObjId> = store
        .walk()
        .filter(|&id| ["X", "Y", "R"].contains(&&*store.name(id)) && store.scope(id).is_some())
        .collect();
    let (text, _) = paste::of_objects(store, &in_ab, "x").unwrap();
    let Ok(Pasted::Lines(lines)) = paste::read(&text, &mut no_names) else { panic!("{text}") };
    let c = store.walk().find(|&id| store.kind(id) == Kind::Scope && store.name(id) == "C").unwrap();
    let plan = paste::plan(store, &lines, &[c], &Choices::default(), Guid::random).unwrap();
    session.apply(&plan.changes, "paste").unwrap();
    let store = session.store();
    let role_of = |name: &str| {
        let id = store.children_of(c, Kind::Assignment).find(|&id| store.name(id) == name).unwrap();
        store.name(store.target(store.leaves(id).next().unwrap()).unwrap()).into_owned()
    };
    assert_eq!((role_of("X"), role_of("Y")), ("R".to_owned(), "Copy of R".to_owned()));
    let names = plan.changes.iter().filter_map(|change| match change {
        Change::Create(create) => create.links.first(),
        _ => None,
    });
    assert!(names.filter(|link| matches!(link, azedit::store::Link::Role(Name::Guid(_)))).count() > 0);
}
