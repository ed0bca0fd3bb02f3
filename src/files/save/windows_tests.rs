//! What is different about a save on Windows: replacing in two steps where one is not to be had.

use super::super::super::beside::OLD_ENDING;
use super::super::super::{kept_beside, put_back, read};
use super::*;

/// The errors of `ReplaceFileW`: both files as they were, twice; the store has the name of the backup.
const UNMOVED: [i32; 2] = [1175, 1176];
const HALFWAY: i32 = 1177;

/// A plan in which the rename meets somebody who holds the store, and `replace` is done before each `ReplaceFileW`.
fn held(
    mut replace: impl FnMut() -> io::Result<()> + 'static,
) -> impl FnMut(&'static str) -> io::Result<()> + 'static {
    move |operation| match operation {
        "rename" | "rename, the older way" => Err(io::Error::from_raw_os_error(32)),
        "replace" => replace(),
        _ => Ok(()),
    }
}

/// What `ReplaceFileW` does before it fails halfway, and its error.
fn fail_halfway(store: &Path) -> io::Error {
    let folder = store.parent().unwrap();
    let mut paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut kept =
        paths.find(|path| path.extension().is_some_and(|ending| ending == "tmp")).unwrap().into_os_string();
    kept.push(OLD_ENDING);
    fs::rename(store, kept).unwrap();
    io::Error::from_raw_os_error(HALFWAY)
}

#[test]
fn a_store_that_is_held_is_replaced_in_two_steps() {
    let lab = Lab::new();
    let saved = with_plan(held(|| Ok(())), || lab.save()).unwrap();
    assert_eq!(lab.bytes(), NEW);
    assert!(!saved.notes.iter().any(|note| note.contains("cannot exchange files")), "{saved:?}");
    assert_eq!(lab.others(), Vec::<String>::new());
}

#[test]
fn what_failed_with_nothing_moved_is_tried_again() {
    for errno in UNMOVED {
        let lab = Lab::new();
        let mut attempts = 0;
        let plan = held(move || {
            attempts += 1;
            if attempts == 1 { Err(io::Error::from_raw_os_error(errno)) } else { Ok(()) }
        });
        with_plan(plan, || lab.save()).unwrap();
        assert_eq!(lab.bytes(), NEW);
        assert_eq!(lab.others(), Vec::<String>::new());

        let lab = Lab::new();
        let plan = held(move || Err(io::Error::from_raw_os_error(errno)));
        let error = with_plan(plan, || lab.save()).unwrap_err();
        assert_eq!((error.exit_code(), lab.bytes().as_slice()), (6, OLD), "{error}");
        assert_eq!(lab.others(), Vec::<String>::new());
    }
}

#[test]
fn a_store_that_lost_its_name_gets_it_back() {
    let lab = Lab::new();
    let store = lab.store();
    let error = with_plan(held(move || Err(fail_halfway(&store))), || lab.save()).unwrap_err();
    assert_eq!((error.exit_code(), lab.bytes().as_slice()), (6, OLD), "{error}");
    assert_eq!(lab.others(), Vec::<String>::new());
}

#[test]
fn without_a_way_back_the_next_start_finds_it() {
    let lab = Lab::new();
    let store = lab.store();
    let mut plan = held(move || Err(fail_halfway(&store)));
    let plan = move |operation| match operation {
        "restore name" => Err(io::Error::from_raw_os_error(5)),
        operation => plan(operation),
    };
    let error = with_plan(plan, || lab.save()).unwrap_err();
    assert_eq!(error.exit_code(), 7, "{error}");
    assert!(!lab.store().exists());
    let kept = kept_beside(&lab.store()).unwrap();
    assert_eq!(fs::read(&kept).unwrap(), OLD);
    let missing = read(&lab.store()).unwrap_err().to_string();
    assert!(missing.contains(kept.file_name().unwrap().to_str().unwrap()), "{missing}");
    put_back(&kept, &lab.store()).unwrap();
    assert_eq!(lab.bytes(), OLD);
    assert!(!kept.exists());
}

#[test]
fn where_files_have_one_name_only_they_are_replaced_in_two_steps_or_renamed() {
    for also_no_replace in [false, true] {
        let lab = Lab::new();
        let plan = move |operation| match operation {
            "link" => Err(io::Error::from_raw_os_error(1)),
            "replace" if also_no_replace => Err(io::Error::from_raw_os_error(50)),
            _ => Ok(()),
        };
        let saved = with_plan(plan, || lab.save()).unwrap();
        let told = saved.notes.iter().any(|note| note.contains("cannot exchange files"));
        assert_eq!((lab.bytes().as_slice(), told), (NEW, also_no_replace), "{saved:?}");
        assert_eq!(lab.others(), Vec::<String>::new());
    }
}

fn hide(path: &Path) {
    assert!(std::process::Command::new("attrib").arg("+h").arg(path).status().unwrap().success());
}

fn is_hidden(path: &Path) -> bool {
    use std::os::windows::fs::MetadataExt;
    const FILE_ATTRIBUTE_HIDDEN: u32 = 2;
    fs::metadata(path).unwrap().file_attributes() & FILE_ATTRIBUTE_HIDDEN != 0
}

/// As `ReplaceFileW` may put an access list together anew: what is different afterwards is set again.
#[test]
fn what_the_last_step_changed_of_the_attributes_is_set_again() {
    let lab = Lab::new();
    let store = lab.store();
    let act = move || {
        hide(&store);
        Ok(())
    };
    with_plan(at("settle", 1, act), || lab.save()).unwrap();
    assert!(!is_hidden(&lab.store()));
    // And it could have been: nothing else takes the attribute away.
    hide(&lab.store());
    assert!(is_hidden(&lab.store()));
}
