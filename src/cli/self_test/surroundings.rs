//! The machine around azedit: system, console, clipboard, live store, scripting host.

use std::path::Path;

use super::{Checks, Outcome};
use crate::cli::{load, machine};
use crate::store::Store;
use crate::term;

/// The system with its version, as far as it says: `Windows Server 2012 R2 Standard, 6.3, build 9600`.
pub(super) fn system() -> String {
    let read = |path: &str| std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    machine::system()
        .or_else(|| read("/proc/sys/kernel/osrelease").map(|release| format!("Linux {release}")))
        .unwrap_or_else(|| std::env::consts::OS.to_owned())
}

/// Looks at console, clipboard and live store. Only the clipboard is changed, and only if `clipboard` says so.
pub(super) fn check(clipboard: bool, checks: &mut Checks) {
    match term::facts() {
        Ok(facts) => checks.add("console", "the console", Outcome::Pass(facts.join("; "))),
        Err(why) => checks.add("console", "the console", Outcome::Skipped(why)),
    }
    let outcome = if clipboard {
        match term::clipboard_round_trip() {
            Ok(()) => Outcome::Pass("written, read back, and as it was again".to_owned()),
            Err(why) => Outcome::Fail(why),
        }
    } else {
        Outcome::Skipped("--clipboard tries it; it is written for a moment".to_owned())
    };
    checks.add("clipboard", "the clipboard", outcome);
    checks.add("Hyper-V", "the live store", live());
}

/// What the registry names is read, and is a store.
fn live() -> Outcome {
    let url = match machine::live_store() {
        Ok(live) => live.url,
        Err(why) => return Outcome::Skipped(why),
    };
    let read = load::file(url.as_ref()).map_err(|failure| failure.to_string()).and_then(|file| {
        let bytes = crate::files::read(&file).map_err(|error| error.to_string())?.bytes;
        let length = bytes.len();
        Store::open(bytes).map(|_| length).map_err(|error| error.message)
    });
    match read {
        Ok(length) => Outcome::Pass(format!("named by the registry, read, {length} bytes")),
        Err(why) => Outcome::Fail(why),
    }
}

/// Runs a script that says a word.
pub(super) fn scripts(folder: &Path, checks: &mut Checks) {
    if !cfg!(windows) {
        let why = "hosts are asked by Windows only".to_owned();
        return checks.add("Hyper-V", "cscript", Outcome::Skipped(why));
    }
    let script = folder.join("word.vbs");
    let said = std::fs::write(&script, "WScript.Echo \"azedit\"\r\n").and_then(|()| {
        std::process::Command::new(term::system_program("cscript.exe")).arg("//nologo").arg(&script).output()
    });
    let outcome = match said {
        Ok(output) if output.stdout.trim_ascii() == b"azedit" => Outcome::Pass("ran a script".to_owned()),
        Ok(output) => Outcome::Fail(format!(
            "it ran, and said {:?} (is the Windows Script Host switched off?)",
            String::from_utf8_lossy(&output.stdout).trim()
        )),
        Err(error) => Outcome::Fail(error.to_string()),
    };
    checks.add("Hyper-V", "cscript", outcome);
}
