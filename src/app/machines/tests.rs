use proptest::prelude::*;

use super::*;
use crate::app::doc::Doc;
use crate::app::editing::{apply_and_move, redo, undo};
use crate::app::effect::{HostEvent, OpenedFile};
use crate::app::input::Input;
use crate::app::node::Node;
use crate::app::state::App;
use crate::app::update;
use crate::store::Change;

const SCOPES: [&str; 4] = ["", "A", "B", "C"];

/// A store with scopes A and B, saved, and five machines in the default scope, A, B, a scope that is not there, and
/// one whose scope is not told.
fn program() -> App {
    let bytes = include_bytes!("../../../assets/InitialStore.xml").to_vec();
    let mut app = App::new();
    let file = OpenedFile { path: None, content: bytes.into(), read_only: None, recovery: None };
    update(&mut app, Input::Host(HostEvent::Opened(file)));
    let scopes = ["A", "B"].map(|name| Change::parse(&format!("create scope {name}")).unwrap());
    apply_and_move(&mut app, &scopes, &[], "create", &mut Vec::new()).unwrap();
    let doc = app.doc_mut().unwrap();
    doc.session.mark_saved();
    let scopes = [Some(""), Some("A"), Some("B"), Some("Gone"), None];
    let machines = (0u128..).zip(scopes).map(|(number, scope)| Machine {
        guid: Uuid::from_u128(number),
        name: format!("VM {number}"),
        state: Some(2),
        scope: scope.map(str::to_owned),
    });
    let inventory = Inventory { host: None, machines: machines.collect() };
    list(doc, inventory);
    app
}

fn list(doc: &mut Doc, inventory: Inventory) {
    let before = doc.saved_scopes();
    doc.machines.take(inventory, &before, doc.session.store());
    doc.settle_machines();
}

/// Machines, their places and whether they are to be moved.
fn picture(doc: &Doc) -> Vec<(Home, Place, bool)> {
    let store = doc.store();
    doc.machines.all().map(|(_, one)| (one.home.clone(), one.place(store), one.is_pending())).collect()
}

/// What must be true whatever was done.
fn holds(doc: &Doc) {
    let store = doc.store();
    let mut seen: Vec<u32> =
        doc.machines.roster().places().flat_map(|(_, listed)| listed.iter().map(|one| one.number)).collect();
    seen.sort_unstable();
    let all: Vec<u32> = doc.machines.all().map(|(number, _)| number).collect();
    assert_eq!(seen, all, "every machine stands in one place");
    for (number, one) in doc.machines.all() {
        let node = doc.machine_node(number).unwrap();
        assert!(store.is_live(node.object));
        let target = one.place(store).name(store);
        assert_eq!(one.is_pending(), target.is_some() && target != one.machine.scope);
        let above = doc.tree.rows().iter().filter(|row| row.node == Node::of(node.object)).count();
        let rows = doc.tree.rows().iter().filter(|row| row.node == node).count();
        let is_open = doc.tree.is_open(Node::of(node.object));
        assert_eq!(rows, usize::from(above == 1 && is_open), "it has its row where its place is unfolded");
    }
    assert_eq!(doc.machines.pending(), doc.machines.all().filter(|(_, one)| one.is_pending()).count());
}

#[derive(Clone, Debug)]
enum Act {
    Move(u32, usize),
    Change(String),
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    let name = prop::sample::select(&SCOPES[1..]);
    prop_oneof![
        4 => (0u32..5, 0..SCOPES.len()).prop_map(|(number, scope)| Act::Move(number, scope)),
        1 => name.clone().prop_map(|name| Act::Change(format!("create scope {name}"))),
        1 => name.clone().prop_map(|name| Act::Change(format!("delete scope {name}"))),
        2 => (name.clone(), name).prop_map(|(a, b)| Act::Change(format!("rename scope {a} {b}"))),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

proptest! {
    #[test]
    fn undoing_everything_brings_every_machine_home(acts in prop::collection::vec(act(), 0..24)) {
        let mut app = program();
        let began = picture(app.doc().unwrap());
        for act in acts {
            match act {
                Act::Move(number, scope) => {
                    let wishes = moving::wishes(&app.doc().unwrap().machines, &[number], SCOPES[scope]);
                    apply_and_move(&mut app, &[], &wishes, "move", &mut Vec::new()).unwrap();
                }
                Act::Change(line) => {
                    let change = Change::parse(&line).unwrap();
                    // A name that is taken, or not there, is refused.
                    let _ = apply_and_move(&mut app, &[change], &[], &line, &mut Vec::new());
                }
                // The first step made the scopes.
                Act::Undo if app.doc().unwrap().session.position() == 1 => {}
                Act::Undo => undo(&mut app, &mut Vec::new()),
                Act::Redo => redo(&mut app, &mut Vec::new()),
            }
            holds(app.doc().unwrap());
        }
        let ended = picture(app.doc().unwrap());
        let mut steps = 0;
        while app.doc().unwrap().session.position() > 1 {
            undo(&mut app, &mut Vec::new());
            steps += 1;
        }
        holds(app.doc().unwrap());
        prop_assert_eq!(picture(app.doc().unwrap()), began);
        for _ in 0..steps {
            redo(&mut app, &mut Vec::new());
        }
        prop_assert_eq!(picture(app.doc().unwrap()), ended);
    }

    #[test]
    fn asking_again_changes_nothing_that_is_planned(acts in prop::collection::vec((0u32..5, 0usize..3), 0..8)) {
        let mut app = program();
        for (number, scope) in acts {
            let wishes = moving::wishes(&app.doc().unwrap().machines, &[number], SCOPES[scope]);
            apply_and_move(&mut app, &[], &wishes, "move", &mut Vec::new()).unwrap();
        }
        let doc = app.doc_mut().unwrap();
        let before = picture(doc);
        let inventory = doc.machines.inventory();
        list(doc, inventory);
        prop_assert_eq!(picture(doc), before);
    }
}

#[test]
fn a_scope_is_known_by_what_it_is_and_not_by_its_name() {
    let mut app = program();
    let rename = Change::parse("rename scope A Z").unwrap();
    apply_and_move(&mut app, &[rename], &[], "rename", &mut Vec::new()).unwrap();
    let doc = app.doc_mut().unwrap();
    let target = |doc: &Doc| doc.machines.get(1).unwrap().place(doc.store()).name(doc.store());
    assert_eq!((target(doc).as_deref(), doc.machines.pending()), (Some("Z"), 1));
    // The host is asked while the scope has its new name here and its old one in the file.
    let inventory = doc.machines.inventory();
    list(doc, inventory);
    assert_eq!((target(doc).as_deref(), doc.machines.pending()), (Some("Z"), 1));
}
