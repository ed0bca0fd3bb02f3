//! Single changes and what exactly they do to a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use azedit::store::{Change, Session, Store, diff};

const A: &str = "0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a";
const B: &str = "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b";
const C: &str = "0c0c0c0c-0c0c-4c0c-8c0c-0c0c0c0c0c0c";

/// A store with one application that holds this.
fn store(content: &str) -> String {
    format!(
        "<AzAdminManager MajorVersion=\"1\" MinorVersion=\"0\"><AzApplication Guid=\"00000000-0000-4000-8000-000000000001\" \
         Name=\"App\">{content}</AzApplication></AzAdminManager>"
    )
}

fn session(text: &str) -> Session {
    Session::new(Store::open(text.as_bytes().to_vec()).unwrap())
}

/// What the file is after these changes, one after the other; what was refused ends it.
fn after(text: &str, changes: &[&str]) -> Result<String, String> {
    let mut session = session(text);
    for line in changes {
        let change = Change::parse(line).unwrap();
        session.apply(&[change], *line).map_err(|(_, error)| error.message)?;
    }
    Ok(String::from_utf8(session.store().rendering().to_bytes()).unwrap())
}

#[test]
fn who_looks_at_a_store_sees_it_as_it_was_when_the_look_began() {
    let text = store("<AzScope Name=\"S\"/>");
    let mut session = session(&text);
    let (looking, before) = (session.shared(), text.as_bytes());
    let rename = Change::parse("rename scope S T").unwrap();
    session.apply(&[rename], "rename").unwrap();
    assert_eq!(looking.rendering().to_bytes(), before);
    assert_ne!(session.store().rendering().to_bytes(), before);
    session.undo().unwrap();
    assert_eq!(session.store().rendering().to_bytes(), before);
}

#[test]
fn removing_by_name_means_the_nearest_object_of_that_name() {
    let text = store(&format!(
        "<AzTask Guid=\"{A}\" Name=\"Admin\" RoleDefinition=\"True\"/><AzScope Guid=\"{C}\" Name=\"S\">\
         <AzTask Guid=\"{B}\" Name=\"Admin\" RoleDefinition=\"True\"/><AzRole Name=\"R\">\
         <TaskLink>{A}</TaskLink><TaskLink>{B}</TaskLink></AzRole></AzScope>"
    ));
    let now = after(&text, &["remove assignment R --in S --role Admin"]).unwrap();
    assert_eq!(now, text.replace(&format!("<TaskLink>{B}</TaskLink>"), ""));
    let now = after(&text, &[&format!("remove assignment R --in S --role guid:{A}")]).unwrap();
    assert_eq!(now, text.replace(&format!("<TaskLink>{A}</TaskLink>"), ""));
}

#[test]
fn removing_by_a_name_that_several_out_of_sight_have_is_refused() {
    let text = store(&format!(
        "<AzScope Name=\"S\"><AzTask Guid=\"{A}\" Name=\"T\"/></AzScope><AzScope Name=\"U\">\
         <AzTask Guid=\"{B}\" Name=\"T\"/></AzScope><AzRole Name=\"R\"><TaskLink>{A}</TaskLink>\
         <TaskLink>{B}</TaskLink></AzRole>"
    ));
    assert!(after(&text, &["remove assignment R --task T"]).unwrap_err().contains("guid:"));
}

#[test]
fn every_link_can_be_removed_by_the_link_it_is_said_to_be() {
    let text = store(&format!(
        "<AzOperation Guid=\"{A}\" Name=\"Op\"><OperationID>1</OperationID></AzOperation>\
         <AzTask Guid=\"{B}\" Name=\"T\"><TaskLink>{A}</TaskLink><OperationLink>{C}</OperationLink>\
         <OperationLink>{A}</OperationLink></AzTask><AzRole Name=\"R\"><Member>nobody</Member></AzRole>"
    ));
    let store = Store::open(text.as_bytes().to_vec()).unwrap();
    let mut links = 0;
    for object in store.walk() {
        for leaf in store.leaves(object) {
            let Some(link) = store.link_of(leaf) else { continue };
            let owner = azedit::store::Object::of(&store, object).unwrap();
            let mut session = session(&text);
            let removed = session.apply(&[Change::Remove(owner, vec![link.clone()])], "remove");
            assert!(removed.is_ok(), "{link:?}: {removed:?}");
            assert!(!session.store().is_live_leaf(leaf), "{link:?}");
            assert_eq!(session.store().leaves(object).count(), store.leaves(object).count() - 1, "{link:?}");
            links += 1;
        }
    }
    assert_eq!(links, 4);
}

#[test]
fn a_store_never_differs_from_itself() {
    for content in [
        "<AzScope Name=\"A\"/><AzScope Name=\"A\" Description=\"second\"/>".to_owned(),
        format!("<AzScope Name=\"A\" Guid=\"{A}\"/><AzScope Name=\"B\" Guid=\"{A}\"/>"),
        format!("<AzScope Name=\"A\" Guid=\"{A}\"/><AzScope Name=\"A\" Guid=\"{A}\"/><AzScope Name=\"A\"/>"),
    ] {
        let open = || Store::open(store(&content).into_bytes()).unwrap();
        assert_eq!(diff(&open(), &open()), [], "{content}");
    }
}

#[test]
fn a_section_of_an_ascii_file_gives_way_to_references() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"us-ascii\"?>{}",
        store(
            "<AzTask Name=\"T\"><BizRuleLanguage>VBScript</BizRuleLanguage><BizRule><![CDATA[a < b]]></BizRule></AzTask>"
        )
    );
    let plain = after(&text, &["set task T rule 'b < a'"]).unwrap();
    assert_eq!(plain, text.replace("a < b", "b < a"));
    let other = after(&text, &["set task T rule 'ü < a'"]).unwrap();
    assert_eq!(other, text.replace("<![CDATA[a < b]]>", "&#xFC; &lt; a"));
    assert_eq!(
        after(&other, &["set task T rule 'a < b'"]).unwrap(),
        other.replace("&#xFC; &lt; a", "a &lt; b")
    );
}

#[test]
fn a_copy_leaves_behind_what_is_unknown() {
    let text = store(&format!(
        "<AzScope Guid=\"{A}\" Name=\"S\" xmlns:x=\"urn:x\"><AzRole Guid=\"{B}\" Name=\"R\" x:note=\"n\"/></AzScope>\
         <AzScope Guid=\"{C}\" Name=\"T\"/>"
    ));
    let now = after(&text, &["copy assignment R --in S --to T"]).unwrap();
    assert_eq!(now.matches("x:note").count(), 1);
    assert!(Store::open(now.into_bytes()).is_ok());
}

#[test]
fn deleting_twins_takes_their_links_along() {
    let text = store(&format!(
        "<AzApplicationGroup Guid=\"{C}\" Name=\"G\"><AppMemberLink>{A}</AppMemberLink></AzApplicationGroup>\
         <AzScope Guid=\"{B}\" Name=\"S\"><AzApplicationGroup Guid=\"{A}\" Name=\"one\"/>\
         <AzApplicationGroup Guid=\"{A}\" Name=\"two\"/></AzScope>"
    ));
    let gone = after(&text, &["delete scope S"]).unwrap();
    assert!(!gone.contains(A), "{gone}");
    let one = after(&text, &["delete group one --in S"]).unwrap();
    assert!(one.contains(&format!("<AppMemberLink>{A}</AppMemberLink>")), "the other is still meant: {one}");
}

#[test]
fn creating_and_deleting_gives_the_bytes_back() {
    for text in [
        store("<AzScope Name=\"S\"/>"),
        store("\r\n\t\t<AzScope Name=\"S\">\r\n\t\t\t<AzRole Name=\"R\"/>\r\n\t\t</AzScope>\r\n\t"),
        store("\n  <AzScope Name='T' />\n  <AzScope Name='S' />\n"),
    ] {
        let created = after(&text, &["create assignment N --in S --member S-1-1-0"]).unwrap();
        assert_ne!(created, text);
        assert_eq!(after(&created, &["delete assignment N --in S"]).unwrap(), text);
    }
}

#[test]
fn a_member_is_itself_however_it_is_written() {
    let text = store("<AzRole Name=\"R\"><Member> s-1-5-32-544 </Member><Member>S-1-1-0</Member></AzRole>");
    assert!(after(&text, &["add assignment R --member S-1-5-32-544"]).unwrap_err().contains("already has"));
    let now = after(&text, &["remove assignment R --member S-1-5-32-544"]).unwrap();
    assert_eq!(now, text.replace("<Member> s-1-5-32-544 </Member>", ""));
    assert!(after(&text, &["add assignment R --member S-1-5-32-545 --member S-1-5-32-545"]).is_err());
}

#[test]
fn a_name_that_several_have_is_not_chosen_among() {
    let text = store(&format!(
        "<AzTask Guid=\"{A}\" Name=\"dup\"/><AzTask Guid=\"{B}\" Name=\"dup\"/><AzRole Name=\"R\"/>"
    ));
    for change in ["delete task dup", "rename task dup other", "add assignment R --task dup"] {
        let refused = after(&text, &[change]).unwrap_err();
        assert!(refused.contains(&format!("guid:{A}, guid:{B}")), "{refused}");
    }
    let one = after(&text, &[&format!("delete task guid:{B}")]).unwrap();
    assert_eq!(one, text.replace(&format!("<AzTask Guid=\"{B}\" Name=\"dup\"/>"), ""));
}

#[test]
fn two_stores_are_not_moved_against_each_other() {
    let open = |guid: &str| {
        let text = format!(
            "<AzAdminManager MajorVersion=\"1\" Guid=\"{guid}\"><AzApplication Guid=\"{C}\" Name=\"App\"/></AzAdminManager>"
        );
        Store::open(text.into_bytes()).unwrap()
    };
    let differences = diff(&open(A), &open(B));
    let moved = differences.iter().filter(|d| matches!(d.what, azedit::store::What::Moved { .. })).count();
    assert_eq!(moved, 0, "{differences:?}");
}

#[test]
fn the_schema_is_raised_and_never_lowered() {
    let text = store("<AzApplicationGroup Guid=\"x\" Name=\"G\" GroupType=\"Basic\"/>");
    let raised = text.replace("MajorVersion=\"1\"", "MajorVersion=\"2\"");
    assert_eq!(after(&text, &["set store schema 2.0"]).unwrap(), raised);
    assert_eq!(after(&raised, &["set store schema 2"]).unwrap(), raised);
    assert_eq!(after(&text, &["set store schema 1.0"]).unwrap(), text);
    assert!(after(&raised, &["set store schema 1.0"]).unwrap_err().contains("not taken back to 1.0"));
    for nonsense in ["set store schema 3.0", "set store schema ''"] {
        assert!(after(&text, &[nonsense]).unwrap_err().contains("is no schema version"), "{nonsense}");
    }
    let strange = text.replace("MajorVersion=\"1\"", "MajorVersion=\"7\"");
    assert!(
        after(&strange, &["set store schema 2.0"]).unwrap_err().contains("\"7\", which AzMan does not know")
    );
    assert!(after(&text, &["set application App schema 2.0"]).unwrap_err().contains("has no schema"));
    let absent = text.replace(" MajorVersion=\"1\" MinorVersion=\"0\"", "");
    let written = after(&absent, &["set store schema 2.0"]).unwrap();
    assert_eq!(
        written,
        absent.replace("<AzAdminManager>", "<AzAdminManager MajorVersion=\"2\" MinorVersion=\"0\">")
    );
    // What it makes possible.
    let by_rule = ["set store schema 2.0", "create group R --type rule"];
    assert!(after(&text, &by_rule[1..]).unwrap_err().contains("need schema 2.0"));
    assert!(after(&text, &by_rule).unwrap().contains("GroupType=\"Bizrule\""));
}

#[test]
fn what_is_removed_and_added_again_stands_where_it_stood() {
    let text = store(
        "<AzRole Name=\"R\"><Member>S-1-5-21-1-2-3-1</Member><!-- Joe --> <Member kept='1'>S-1-5-21-1-2-3-2</Member>\
         <Member>S-1-5-21-1-2-3-3</Member></AzRole>",
    );
    let (remove, add) =
        ("remove assignment R --member S-1-5-21-1-2-3-2", "add assignment R --member S-1-5-21-1-2-3-2");
    assert_eq!(after(&text, &[remove, add]).unwrap(), text);
    // Twice removed, and beside one that is new.
    let with_another = format!("{add} --member S-1-5-21-1-2-3-4");
    assert_eq!(
        after(&text, &[remove, add, remove, &with_another]).unwrap(),
        text.replace("</AzRole>", "<Member>S-1-5-21-1-2-3-4</Member></AzRole>")
    );
    // Undone, it is gone again, and done again it is back.
    let mut session = session(&text);
    for line in [remove, add] {
        session.apply(&[Change::parse(line).unwrap()], line).unwrap();
    }
    let bytes = |session: &Session| String::from_utf8(session.store().rendering().to_bytes()).unwrap();
    session.undo();
    assert!(!bytes(&session).contains("3-2"), "{}", bytes(&session));
    session.redo();
    assert_eq!(bytes(&session), text);
}
