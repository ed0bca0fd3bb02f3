//! Scripts between stores: what `script` and `creation` say, applied, is what they were made from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use std::collections::BTreeSet;

use azedit::store::{Change, Difference, Kind, Session, Step, Store, changes, creation, diff, script};
use proptest::prelude::*;
use support::{Random, changed, open, stores};

fn key(difference: &Difference) -> String {
    format!("{:?} {:?} {:?}", difference.kind, difference.name, difference.what)
}

/// Applies the script to `from` and holds the result against `to`. Gives the steps.
fn check(from: &[u8], to: &[u8]) -> Vec<Step> {
    let (old, new) = (open(from), open(to));
    let steps = script(&old, &new).unwrap();
    let lines: Vec<Change> = changes(&steps)
        .iter()
        .map(|change| Change::parse(&change.to_string()).unwrap_or_else(|error| panic!("{change}: {error}")))
        .collect();
    let text = || lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let mut session = Session::new(open(from));
    if let Err((at, error)) = session.apply(&lines, "script") {
        panic!("line {}: {error}\n{}", at + 1, text());
    }
    let unsaid: BTreeSet<String> =
        steps.iter().filter(|s| s.unsaid.is_some()).map(|s| key(&s.difference)).collect();
    for left in diff(session.store(), &new) {
        assert!(unsaid.contains(&key(&left)), "{left:?} is lost\n{}\nunsaid: {unsaid:#?}", text());
    }
    // Every difference has its step.
    let named: BTreeSet<String> = steps.iter().map(|s| key(&s.difference)).collect();
    for difference in diff(&old, &new) {
        assert!(named.contains(&key(&difference)), "{difference:?}");
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_script_turns_one_store_into_the_other(seed in any::<u64>(), which in any::<prop::sample::Index>()) {
        let stores = stores();
        let (_, bytes) = which.get(&stores);
        let mut random = Random(seed);
        // Both have changes of their own over what they have in common.
        let base = changed(bytes, &mut random, 10);
        let from = changed(&base, &mut random, 12);
        let to = changed(&base, &mut random, 25);
        check(&from, &to);
        check(&base, &to);
        check(&to, &base);
    }
}

#[test]
fn nearly_everything_can_be_said() {
    let (mut said, mut unsaid) = (0, 0);
    for (number, (_, bytes)) in stores().iter().enumerate() {
        let mut random = Random(77 + number as u64);
        let to = changed(bytes, &mut random, 80);
        for step in check(bytes, &to) {
            if step.unsaid.is_some() { unsaid += 1 } else { said += 1 }
        }
    }
    assert!(said > 300, "{said} said");
    assert!(unsaid * 20 < said, "{unsaid} of {said} cannot be said");
}

#[test]
fn every_store_can_be_made_of_any_other() {
    let stores = stores();
    for pair in stores.windows(2) {
        check(&pair[0].1, &pair[1].1);
        check(&pair[1].1, &pair[0].1);
    }
}

#[test]
fn a_creation_makes_the_object_again() {
    let (mut made, mut refused) = (0, 0);
    for (number, (path, bytes)) in stores().iter().enumerate() {
        let mut random = Random(7000 + number as u64);
        let bytes = changed(bytes, &mut random, 20);
        let store = open(&bytes);
        for id in store
            .walk()
            .skip(1)
            .filter(|&id| matches!(store.kind(id), Kind::Scope | Kind::Role | Kind::Group))
        {
            let own_guids = || {
                let mut todo = vec![id];
                while let Some(id) = todo.pop() {
                    if store.guid(id).is_none_or(|guid| store.by_guid(guid) != Some(id)) {
                        return false;
                    }
                    todo.extend(store.children(id));
                }
                true
            };
            let unknown = !azedit::store::unknown_within(&store, id).is_empty();
            if !store.links_from_outside(id).is_empty() || unknown || !own_guids() {
                continue;
            }
            let Ok(lines) = creation(&store, id) else { continue };
            let object = azedit::store::Object::of(&store, id).unwrap();
            let mut session = Session::new(open(&bytes));
            session.apply(&[Change::Delete(object)], "delete").unwrap();
            if session.apply(&lines, "again").is_err() {
                // A file may hold what no change may make: a member that can be none, a text that is too long.
                refused += 1;
                continue;
            }
            let left = diff(session.store(), &store);
            // What a file leaves out and azman.msc writes empty, and what a file repeats or spells otherwise.
            let left: Vec<_> = left
                .iter()
                .filter(|d| {
                    use azedit::store::What;
                    !matches!(&d.what, What::Attribute { .. } | What::Text { .. } | What::Linked { .. })
                })
                .collect();
            assert!(left.is_empty(), "{}: {left:#?}\n{lines:#?}", path.display());
            made += 1;
        }
    }
    assert!(made > 50 && refused * 10 < made, "{made} made, {refused} refused");
}

const A: &str = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a";
const B: &str = "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b";
const C: &str = "0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c";

fn store(content: &str) -> Vec<u8> {
    format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Guid=\"00000000-0000-4000-8000-000000000001\" \
         Name=\"App\">{content}</AzApplication></AzAdminManager>"
    )
    .into_bytes()
}

fn lines(from: &str, to: &str) -> (Vec<String>, usize) {
    let steps = check(&store(from), &store(to));
    let unsaid = steps.iter().filter(|step| step.unsaid.is_some()).count();
    (changes(&steps).iter().map(ToString::to_string).collect(), unsaid)
}

#[test]
fn names_and_numbers_can_be_exchanged() {
    let operations = |a: &str, b: &str, x: u32, y: u32| {
        format!(
            "<AzOperation Guid=\"{A}\" Name=\"{a}\"><OperationID>{x}</OperationID></AzOperation>\
             <AzOperation Guid=\"{B}\" Name=\"{b}\"><OperationID>{y}</OperationID></AzOperation>"
        )
    };
    let (said, unsaid) = lines(&operations("one", "two", 1, 2), &operations("two", "one", 2, 1));
    assert_eq!(unsaid, 0, "{said:#?}");
    // A chain needs no name in between.
    let (said, unsaid) = lines(&operations("one", "two", 1, 2), &operations("two", "three", 2, 3));
    assert_eq!((said.len(), unsaid), (4, 0), "{said:#?}");
}

#[test]
fn what_no_change_says_is_named() {
    for (from, to, unsaid) in [
        // The one attribute that two kinds share.
        (
            format!("<AzTask Guid=\"{A}\" Name=\"T\" RoleDefinition=\"True\"/>"),
            format!("<AzTask Guid=\"{A}\" Name=\"T\"/>"),
            1,
        ),
        // Absent and empty.
        (
            format!("<AzRole Guid=\"{A}\" Name=\"R\" Description=\"d\"/>"),
            format!("<AzRole Guid=\"{A}\" Name=\"R\"/>"),
            1,
        ),
        // What the format does not name.
        (
            format!("<AzRole Guid=\"{A}\" Name=\"R\"/>"),
            format!("<AzRole Guid=\"{A}\" Name=\"R\"><Odd/></AzRole>"),
            1,
        ),
        (
            format!("<AzRole Guid=\"{A}\" Name=\"R\"/>"),
            format!("<AzRole Guid=\"{A}\" Name=\"R\" odd=\"1\"/>"),
            0,
        ),
        (String::new(), format!("<AzRole Guid=\"{A}\" Name=\"R\" odd=\"1\"><Odd/></AzRole>"), 1),
        // A link to nothing.
        (
            format!("<AzRole Guid=\"{A}\" Name=\"R\"/>"),
            format!("<AzRole Guid=\"{A}\" Name=\"R\"><TaskLink>{B}</TaskLink></AzRole>"),
            1,
        ),
        // Two of one name.
        (String::new(), format!("<AzRole Guid=\"{A}\" Name=\"R\"/><AzRole Guid=\"{B}\" Name=\"R\"/>"), 1),
        // No GUID: the new one gets one, so that it is another object.
        (String::new(), "<AzRole Name=\"R\"/>".to_owned(), 2),
        // It stays, and so does what holds it.
        (
            format!(
                "<AzScope Guid=\"{A}\" Name=\"S\"><AzRole Guid=\"{B}\" Name=\"R\"><TaskLink>{C}</TaskLink></AzRole></AzScope>"
            ),
            format!("<AzRole Guid=\"{B}\" Name=\"R\"><TaskLink>{C}</TaskLink></AzRole>"),
            2,
        ),
    ] {
        let (said, count) = lines(&from, &to);
        assert_eq!(count, unsaid, "{from} → {to}\n{said:#?}");
    }
}

#[test]
fn a_new_object_is_one_line_with_its_links() {
    let operation = format!(
        "<AzOperation Guid=\"{A}\" Name=\"Op\" Description=\"\"><OperationID>1</OperationID></AzOperation>"
    );
    let to = format!(
        "<AzTask Guid=\"{B}\" Name=\"R\" Description=\"\" BizRuleImportedPath=\"\" RoleDefinition=\"True\">\
         <OperationLink>{A}</OperationLink></AzTask>{operation}<AzRole Guid=\"{C}\" Name=\"As\"><TaskLink>{B}</TaskLink>\
         <Member>S-1-1-0</Member></AzRole>"
    );
    let (said, unsaid) = lines("", &to);
    assert_eq!(unsaid, 0);
    assert_eq!(
        said,
        [
            format!("create operation Op --app App --guid {A} --description '' --id 1"),
            format!("create role R --app App --guid {B} --description '' --operation Op"),
            format!("create assignment As --app App --guid {C} --role R --member S-1-1-0"),
        ]
    );
    let (said, _) = lines(
        &to,
        &to.replace("<Member>S-1-1-0</Member>", "<Member>S-1-5-11</Member><Member>S-1-5-7</Member>"),
    );
    assert_eq!(
        said,
        [
            "remove assignment As --app App --member S-1-1-0",
            "add assignment As --app App --member S-1-5-11 --member S-1-5-7",
        ]
    );
}

#[test]
fn a_raised_schema_comes_before_what_it_allows() {
    let store = |versions: &str, content: &str| {
        let text = format!(
            "<AzAdminManager{versions}><AzApplication Guid=\"{A}\" Name=\"App\">{content}</AzApplication></AzAdminManager>"
        );
        Store::open(text.into_bytes()).unwrap()
    };
    let group = format!(
        "<AzApplicationGroup Guid=\"{B}\" Name=\"G\" Description=\"\" GroupType=\"Bizrule\"><BizRuleLanguage>VBScript</BizRuleLanguage></AzApplicationGroup>"
    );
    let two = " MajorVersion=\"2\" MinorVersion=\"0\"";
    for from in ["", " MajorVersion=\"1\" MinorVersion=\"0\"", " MajorVersion=\"1\""] {
        let (from, to) = (store(from, ""), store(two, &group));
        let mut session = azedit::store::Session::new(from);
        for step in azedit::store::script(session.store(), &to).unwrap() {
            session.apply(&step.changes, "script").unwrap_or_else(|(_, error)| panic!("{error}"));
        }
        assert_eq!(azedit::store::diff(session.store(), &to), []);
    }
    // There is no way back, and that is said.
    let steps =
        azedit::store::script(&store(two, ""), &store(" MajorVersion=\"1\" MinorVersion=\"0\"", "")).unwrap();
    assert!(steps.iter().all(|step| step.changes.is_empty()) && !steps.is_empty(), "{steps:?}");
}
