//! `edit STORE recipe`.

use super::support::Place;

const JOE: &str = "S-1-5-21-1-2-3-1002";

#[test]
fn a_recipe_is_made_once() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    let words = ["edit", store, "recipe", "own-scope", "--scope", "Lab", "--account", JOE];
    place.run(&words).exits(0).says("+ scope").says("Saved and on disk");
    place.run(&["can", store, JOE, "315", "--scope", "Lab"]).exits(0);
    place.run(&["can", store, JOE, "315"]).exits(1);
    place.run(&["can", store, JOE, "105"]).exits(0);
    let again = place.read(store);
    place.run(&words).exits(0).says("is there already").says("Nothing to change");
    assert_eq!(place.read(store), again);
    place.run(&["check", store, "--fail-on", "warning"]).exits(0);
    place.run(&["log", store]).says("recipe own-scope");
}

#[test]
fn edits_own_options_stand_anywhere() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    let before = place.read(store);
    place
        .run(&["edit", store, "recipe", "full-admin", "--account", JOE, "--dry-run"])
        .exits(0)
        .says("+ member")
        .says("this was a dry run");
    place
        .run(&["edit", store, "--dry-run", "recipe", "observer", "--account=S-1-5-11"])
        .exits(0)
        .says("--allow");
    assert_eq!(place.read(store), before);
    place.run(&["edit", store, "recipe", "observer", "--account", "Everyone"]).exits(4).says("broad");
    assert_eq!(place.read(store), before);
}

#[test]
fn what_is_not_answered_is_asked_for() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    place.run(&["edit", store, "recipe", "own-scope"]).exits(4).says("asks for --scope");
    place.run(&["edit", store, "recipe", "own-scopes"]).exits(2).says("there are own-scope, no-snapshots");
    place.run(&["edit", store, "recipe", "own-scope", "Lab"]).exits(2).says("answers no question");
    place.run(&["edit", store, "recipe", "own-scope", "--scope"]).exits(2).says("needs a value");
    let list = place.run(&["edit", store, "recipe", "list"]).exits(0).out;
    for name in [
        "own-scope",
        "no-snapshots",
        "console-user",
        "network-admin",
        "observer",
        "full-admin",
        "undo-hvremote",
    ] {
        assert!(
            list.contains(&format!("{name} --")) || list.contains(&format!("{name} [--")),
            "{name} in {list}"
        );
        place.run(&["edit", "--help"]).exits(0).says(name);
    }
    place.run(&["new", "other.xml"]).exits(0);
    place
        .run(&["edit", "other.xml", "recipe", "observer", "--account", JOE])
        .exits(4)
        .says("no application \"Hyper-V services\"");
    place.run_with(&["edit", store, "--script", "-"], b"recipe observer --account S-1-5-18").exits(4);
}

#[test]
fn hyper_vs_findings_are_found_explained_and_mended() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    place.run(&["edit", store, "recipe", "own-scope", "--scope", "Lab", "--account", JOE]).exits(0);
    place
        .run(&["edit", store, "add", "assignment", "Administrator", "--member", JOE])
        .exits(0)
        .says("HV-103");
    place.run(&["check", store, "--fail-on", "warning"]).exits(1).says("HV-103").says("--fix mends it");
    let sarif = place.run(&["check", store, "--format", "sarif"]).out;
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let result = sarif["runs"][0]["results"].as_array().unwrap();
    let found = result.iter().find(|result| result["ruleId"] == "HV-103").unwrap();
    let index = usize::try_from(found["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(rules[index]["id"], "HV-103");
    place.run(&["check", store, "--fix", "--fail-on", "warning"]).exits(0);
    place.run(&["can", store, JOE, "315"]).exits(1);
    for number in 101..=112 {
        place.run(&["check", "--explain", &format!("hv-{number}")]).exits(0).says(&format!("HV-{number} ("));
    }
}

#[test]
fn who_saves_is_asked_before_losing_the_last_way_in() {
    let place = Place::with_sample();
    let store = "InitialStore.xml";
    place.run(&["edit", store, "recipe", "full-admin", "--account", JOE]).exits(0);
    let remove = ["edit", store, "remove", "assignment", "Administrator", "--member", JOE];
    let before = place.read(store);
    place.run(&[&remove[..], &["--me", JOE]].concat()).exits(4).says("own-access");
    assert_eq!(place.read(store), before);
    place.run(&[&remove[..], &["--me", JOE, "--me", "S-1-5-32-544", "--dry-run"]].concat()).exits(0);
    place.run(&[&remove[..], &["--me", JOE, "--allow", "own-access"]].concat()).exits(0);
}

#[test]
fn the_help_names_every_recipe() {
    let place = Place::with_sample();
    let list = place.run(&["edit", "InitialStore.xml", "recipe", "list"]).exits(0).out;
    let help = place.run(&["help", "edit"]).exits(0).out;
    let names =
        list.lines().filter(|line| line.contains(" --account")).filter_map(|line| line.split(' ').next());
    let missing: Vec<_> = names.clone().filter(|name| !help.contains(name)).collect();
    assert!(names.count() > 7 && missing.is_empty(), "{missing:?}");
}
