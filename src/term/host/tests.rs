use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::time::Duration;

use super::*;
use crate::app::work::Progress;
use crate::app::{self, Effect, Input, input};
use crate::files::with_plan;
use crate::term::clipboard::Surroundings;

/// The editor without a terminal, its files in a folder of their own.
struct Lab {
    folder: tempfile::TempDir,
    app: App,
    host: Host,
}

impl Lab {
    fn new() -> Lab {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("s.xml"), SAMPLE).unwrap();
        let (app, host) = start(folder.path());
        let mut lab = Lab { folder, app, host };
        lab.open();
        lab
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("s.xml")
    }

    fn open(&mut self) {
        self.perform(vec![Effect::Open(self.store())]);
    }

    /// Kills the editor and starts it again.
    fn killed(&mut self) -> &mut Lab {
        (self.app, self.host) = start(self.folder.path());
        self.open();
        self
    }

    fn keys(&mut self, sequence: &str) -> &mut Lab {
        for input in input::keys(sequence).unwrap() {
            let effects = app::update(&mut self.app, input);
            self.perform(effects);
        }
        self
    }

    /// As the event loop does it.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut batches = VecDeque::from([effects]);
        while let Some(effects) = batches.pop_front() {
            let mut answers = Vec::new();
            for effect in effects {
                answers.extend(match effect {
                    Effect::Open(path) => Some(self.host.open(path, &Progress::default())),
                    Effect::Save(id) => Some(self.host.save(&self.app, id, &Progress::default())),
                    Effect::Recent(_) | Effect::ReadNames { .. } => None,
                    Effect::Look(id) => self.host.look(&self.app, id),
                    Effect::Journal(id, step) => self.host.journal(&self.app, id, step),
                    other => panic!("{other:?}"),
                });
            }
            answers.extend(self.host.settle());
            batches.extend(answers.into_iter().map(|answer| app::update(&mut self.app, Input::Host(answer))));
        }
    }

    /// What the journals would give back now.
    fn recovered(&mut self) -> Vec<String> {
        self.killed();
        let recovery = self.app.doc().unwrap().recovery.clone();
        let steps = recovery.map(|recovery| recovery.steps).unwrap_or_default();
        let label = |step| match step {
            JournalStep::Apply { label, .. } => label,
            other => format!("{other:?}"),
        };
        steps.into_iter().map(label).collect()
    }

    fn scope(&mut self, name: &str) -> &mut Lab {
        self.keys(&format!("Home Down Down c s \"{name}\" Enter"))
    }

    fn complaints(&self) -> usize {
        self.app.log.iter().filter(|line| line.text.contains("No recovery journal from here on")).count()
    }
}

fn start(folder: &Path) -> (App, Host) {
    let state = StateDir::locate(Some(&folder.join("state"))).unwrap();
    (
        App::new(),
        Host::new(Ok(state), Clipboard::new(Surroundings { is_remote: true, ..Surroundings::default() })),
    )
}

/// Makes the operations of this name fail.
fn failing<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    let plan = move |operation: &str| -> io::Result<()> {
        if operation == name { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    };
    with_plan(plan, work)
}

#[test]
fn after_a_step_that_was_not_kept_the_journal_takes_none_until_it_begins_anew() {
    let mut lab = Lab::new();
    lab.scope("A");
    failing("append to journal", || _ = lab.scope("B"));
    assert_eq!(lab.complaints(), 1);
    lab.scope("C").keys("u");
    failing("append to journal", || _ = lab.keys("u"));
    assert_eq!(lab.complaints(), 1, "said once");
    assert_eq!(lab.recovered(), ["create scope \"A\""]);

    lab.keys("r");
    failing("append to journal", || _ = lab.scope("B"));
    lab.keys("s s").scope("D");
    assert_eq!(lab.recovered(), ["create scope \"D\""]);
}

#[test]
fn a_step_that_is_too_long_ends_the_journal_too() {
    let mut lab = Lab::new();
    lab.scope("A");
    let id = lab.app.doc().unwrap().id;
    let long = JournalStep::Apply { label: "x".repeat(5 << 20), lines: Vec::new() };
    lab.perform(vec![Effect::Journal(id, long), Effect::Journal(id, JournalStep::Undo)]);
    assert_eq!(lab.complaints(), 1);
    assert_eq!(lab.recovered(), ["create scope \"A\""]);
}

#[test]
fn what_is_replayed_stays_in_the_old_journal_when_the_new_one_fails() {
    let mut lab = Lab::new();
    lab.scope("A").scope("B");
    let both = ["create scope \"A\"", "create scope \"B\""];
    for operation in ["create journal", "append to journal", "sync journal"] {
        assert_eq!(lab.recovered(), both);
        failing(operation, || _ = lab.keys("r"));
        assert_eq!(lab.app.doc().unwrap().unsaved_steps(), 2);
    }
    assert_eq!(lab.recovered(), both);
    lab.keys("r").keys("s s");
    assert_eq!(lab.recovered(), [""; 0]);
}

#[test]
fn lines_wait_two_seconds_from_the_first_of_them_on() {
    let mut lab = Lab::new();
    assert_eq!(lab.host.sync_time(), None);
    let begun = Instant::now();
    lab.scope("A");
    let time = lab.host.sync_time().unwrap();
    assert!(time <= Instant::now() + Duration::from_secs(2) && time >= begun);
    lab.scope("B");
    assert_eq!(lab.host.sync_time(), Some(time), "more work is no reason to wait longer");
    assert_eq!(lab.host.sync_due(time), []);
    assert_eq!(lab.host.sync_time(), None);
    lab.scope("C");
    let time = lab.host.sync_time().unwrap();
    assert_eq!(failing("sync journal", || lab.host.sync_due(time)).len(), 1, "a failure is said");
}

#[test]
fn a_new_file_that_the_disk_did_not_confirm_is_saved() {
    let mut lab = Lab::new();
    lab.app = App::new();
    let path = lab.folder.path().join("new.xml");
    lab.keys(&format!("n \"{}\" Enter s", path.display()));
    failing("sync folder", || _ = lab.keys("s"));
    let doc = lab.app.doc().unwrap();
    assert!(doc.on_disk && !doc.is_unsaved() && doc.unconfirmed);
    assert_eq!(doc.path.as_ref(), Some(&path));
    assert_eq!(std::fs::read(&path).unwrap(), doc.store().rendering().to_bytes());
    assert!(lab.app.log.last().unwrap().text.contains("the disk did not confirm it"), "{:?}", lab.app.log);
}

#[test]
fn another_writer_is_noticed_once_and_our_own_save_is_not() {
    let mut lab = Lab::new();
    let look = |lab: &mut Lab| {
        let id = lab.app.doc().unwrap().id;
        match lab.host.look(&lab.app, id) {
            None => None,
            Some(HostEvent::Looked(of, on_disk)) if of == id => Some(on_disk),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(look(&mut lab), None);
    lab.keys("Home Down Down c s \"Ours\" Enter s s");
    assert_eq!(look(&mut lab), None, "saved by us");
    let ours = std::fs::read(lab.store()).unwrap();
    // Touched, and the same: nobody need know.
    std::fs::write(lab.store(), &ours).unwrap();
    assert_eq!(look(&mut lab), None);
    std::fs::write(lab.store(), SAMPLE).unwrap();
    let Some(crate::app::OnDisk::Changed { disk, message }) = look(&mut lab) else { panic!("not noticed") };
    assert!(disk.as_deref() == Some(SAMPLE));
    assert!(
        message.starts_with("s.xml was changed by someone else at ") && message.ends_with(" UTC."),
        "{message}"
    );
    assert_eq!(look(&mut lab), None, "told once");
    std::fs::remove_file(lab.store()).unwrap();
    assert_eq!(look(&mut lab), Some(crate::app::OnDisk::Gone));
    assert_eq!(look(&mut lab), None, "told once");
    std::fs::write(lab.store(), &ours).unwrap();
    assert_eq!(look(&mut lab), Some(crate::app::OnDisk::Same));
    assert_eq!(look(&mut lab), None);
}
