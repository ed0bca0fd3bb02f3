//! Hyper-V hosts: asked by a generated script that runs under Windows' own scripting host.
//!
//! What runs, what it printed and the script that undoes it stay in the folder `hosts` of the state folder. What is
//! printed goes to a file and not through a pipe: whoever stops azedit, or kills it, still finds there what was done.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::host::Host as Files;
use crate::app::machines::Source;
use crate::app::work::Progress;
use crate::app::{App, DocId, Effect, HostEvent};
use crate::files::{self, StateDir, Utc};
use crate::hyperv::inventory::Inventory;
use crate::hyperv::moves::{Host, Move};
use crate::hyperv::output::{HostError, Report, Told};
use crate::hyperv::script::{self, Language, ScriptError};
use crate::report::machines::log_words;

/// How often a script is looked at that has not ended.
const LOOK: Duration = Duration::from_millis(50);
/// The most bytes of a file that is read for the machines in it.
const LONGEST: u64 = 1 << 26;

/// A Hyper-V host that is asked by scripts: this machine, or another by its name.
pub struct ScriptHost<'h> {
    name: String,
    state: Result<StateDir, String>,
    is_stopped: &'h dyn Fn() -> bool,
}

impl<'h> ScriptHost<'h> {
    /// The host of this name; `None` is this machine. `state` is the folder for what runs, or why there is none. The
    /// script is ended as soon as `is_stopped` says so.
    pub fn new(
        name: Option<&str>,
        state: Result<StateDir, String>,
        is_stopped: &'h dyn Fn() -> bool,
    ) -> ScriptHost<'h> {
        ScriptHost { name: name.unwrap_or(".").to_owned(), state, is_stopped }
    }

    /// Runs a script and gives what it printed. What ran stays only if `keep` says so: beside it lies the way back.
    fn run(&self, script: Result<String, ScriptError>, keep: bool) -> Result<String, HostError> {
        let not_run = |error: &dyn std::fmt::Display| HostError::NotRun(error.to_string());
        let script = script.map_err(|error| not_run(&error))?;
        if !cfg!(windows) {
            return Err(HostError::NotRun(
                "hosts are asked by Windows only. Carry the script there: azedit vm script -o vm.vbs; on the host: \
                 cscript //nologo vm.vbs > machines.txt; then give --inventory machines.txt here"
                    .to_owned(),
            ));
        }
        let folder = self.state.as_ref().map_err(|why| not_run(why))?.path().join("hosts");
        fs::create_dir_all(&folder).map_err(|error| not_run(&error))?;
        let path = folder.join(format!("vm-{}-{}.vbs", Utc::now().compact(), std::process::id()));
        files::create(&path, script.as_bytes()).map_err(|error| not_run(&error))?;
        let output = path.with_extension("txt");
        let printed = cscript(&path, &output, self.is_stopped);
        if !keep {
            let _ = fs::remove_file(&path);
            let _ = fs::remove_file(&output);
        }
        printed.map_err(|error| HostError::NotRun(format!("cscript could not be run: {error}")))
    }
}

/// Runs a script with its output going to a new file, and gives what stands there in the end.
fn cscript(script: &Path, output: &Path, is_stopped: &dyn Fn() -> bool) -> io::Result<String> {
    let file = File::create_new(output)?;
    // What a result is, is plain ASCII; an error of the interpreter itself stands on the other stream.
    let errors = file.try_clone()?;
    let mut child = Command::new(system_program("cscript.exe"))
        .arg("//nologo")
        .arg(script)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .spawn()?;
    wait(&mut child, is_stopped)?;
    Ok(String::from_utf8_lossy(&fs::read(output)?).into_owned())
}

fn wait(child: &mut Child, is_stopped: &dyn Fn() -> bool) -> io::Result<()> {
    while child.try_wait()?.is_none() {
        if is_stopped() {
            child.kill()?;
            child.wait()?;
            break;
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Windows' own program, never one that stands in the current folder.
pub fn system_program(name: &str) -> PathBuf {
    let windows = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
    Path::new(&windows).join("System32").join(name)
}

impl Host for ScriptHost<'_> {
    fn list(&mut self) -> Result<Inventory, HostError> {
        let output = self.run(script::listing(Language::VbScript, &self.name), false)?;
        Inventory::of_output(&output).map_err(|error| match error {
            HostError::NotAnInventory(_) => HostError::NotRun(said(&output)),
            error => error,
        })
    }

    fn move_machines(&mut self, moves: &[Move]) -> Result<Report, HostError> {
        let output = self.run(script::moving(Language::VbScript, &self.name, moves), true)?;
        Report::of_output(&output).map_err(|error| match error {
            HostError::CutOff => HostError::NotRun(said(&output)),
            error => error,
        })
    }
}

/// What a script that gave no result printed instead.
fn said(output: &str) -> String {
    let words = output.trim();
    if words.is_empty() {
        "the script printed nothing: is the Windows Script Host switched off on this machine?".to_owned()
    } else {
        format!("the script failed: {words}")
    }
}

/// Machines that are to be listed, or moved, on another thread.
pub struct Job {
    id: DocId,
    /// The file of the store, in whose log it is kept what came of moves.
    store: Option<PathBuf>,
    state: Result<StateDir, String>,
    progress: Progress,
    what: What,
}

enum What {
    List(Source),
    Move(Option<String>, Vec<Move>),
}

impl Job {
    /// What an effect asks for, if it is about machines.
    pub fn of(effect: Effect, app: &App, host: &Files) -> Option<Job> {
        let (id, progress, what) = match effect {
            Effect::Machines(id, source) => {
                (id, app.document(id)?.machines.asking.clone()?, What::List(source))
            }
            Effect::MoveMachines { id, host, moves } => {
                (id, app.busy.as_ref()?.progress.clone(), What::Move(host, moves))
            }
            _ => return None,
        };
        let store = app.document(id)?.path.clone();
        Some(Job { id, store, state: host.state().cloned().map_err(str::to_owned), progress, what })
    }

    /// Does it.
    pub fn run(self) -> HostEvent {
        let Job { id, store, state, progress, what } = self;
        let is_stopped = || progress.is_stopped();
        let keep = |report: &Report, moves: &[Move]| {
            // The moves have been made: that the log cannot take it does not undo them.
            if let (Ok(state), Some(store)) = (&state, &store) {
                let _ = files::note(state, store, &log_words(report, moves));
            }
        };
        match what {
            What::List(source) => {
                let told = match &source {
                    Source::Host(name) => {
                        ScriptHost::new(name.as_deref(), state.clone(), &is_stopped).list().map(Told::Listed)
                    }
                    Source::File(path) => read(path),
                };
                if let Ok(Told::Moved(report)) = &told {
                    keep(report, &[]);
                }
                HostEvent::Machines { id, source, progress: progress.clone(), told: Box::new(told) }
            }
            What::Move(name, moves) => {
                let mut host = ScriptHost::new(name.as_deref(), state.clone(), &is_stopped);
                let outcome = host.move_machines(&moves);
                if let Ok(report) = &outcome {
                    keep(report, &moves);
                }
                HostEvent::MachinesMoved(id, outcome)
            }
        }
    }
}

/// Reads the machines that a file tells of.
fn read(path: &Path) -> Result<Told, HostError> {
    // Asked before it is read: a wrong choice may be a file of many gigabytes.
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LONGEST) {
        return Err(HostError::NotRun("it is too long for a list of machines".to_owned()));
    }
    let opened = files::read(path).map_err(|error| HostError::NotRun(error.without_path()))?;
    Told::read(&opened.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";

    fn asked(path: &Path, store: &Path, state: &StateDir) -> Result<Told, HostError> {
        let job = Job {
            id: DocId(1),
            store: Some(store.to_owned()),
            state: Ok(state.clone()),
            progress: Progress::default(),
            what: What::List(Source::File(path.to_owned())),
        };
        match job.run() {
            HostEvent::Machines { told, .. } => *told,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_came_of_moves_is_in_the_log_and_is_no_version() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let (store, output) = (folder.path().join("store.xml"), folder.path().join("machines.txt"));
        fs::write(&store, "<x/>").unwrap();
        let line = format!(
            "{{\"azedit\":\"move\",\"guid\":\"{GUID}\",\"name\":\"Johns VM\",\"wanted\":\"S\",\"old\":\"\",\"now\":\"S\",\
             \"return\":0}}\r\n{{\"azedit\":\"end\",\"count\":1}}\r\n"
        );
        fs::write(&output, line).unwrap();
        assert!(matches!(asked(&output, &store, &state), Ok(Told::Moved(_))));
        let notes = files::notes(&state, &store).unwrap();
        let said: Vec<&str> = notes.iter().map(|note| note.what.as_str()).collect();
        assert_eq!(said, ["Johns VM: is in \"S\" now, read back from the host"]);
        assert_eq!(files::log(&state, &store).unwrap(), []);
        // A listing is nothing that was done.
        fs::write(&output, "{\"azedit\":\"host\",\"name\":\"H\"}\n{\"azedit\":\"end\",\"count\":0}\n")
            .unwrap();
        assert!(matches!(asked(&output, &store, &state), Ok(Told::Listed(_))));
        assert_eq!(files::notes(&state, &store).unwrap().len(), 1);
        assert!(asked(&folder.path().join("none.txt"), &store, &state).is_err());
    }

    #[cfg(not(windows))]
    #[test]
    fn a_host_is_asked_from_windows_only() {
        let mut host = ScriptHost::new(None, Err("no state".to_owned()), &|| false);
        assert!(host.list().unwrap_err().to_string().contains("azedit vm script"));
    }
}
