//! A folder of its own for each test, and azedit run in it.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a run of azedit gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The run must have ended with this code; the whole run is shown if it did not.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Standard output or standard error must hold this text.
    #[track_caller]
    pub fn says(self, text: &str) -> Run {
        assert!(self.out.contains(text) || self.err.contains(text), "{text:?} is not in {self:#?}");
        self
    }

    /// Standard output as the one JSON document that it must be.
    #[track_caller]
    pub fn json(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self:#?}"));
        assert_eq!(value["format"], 1, "{self:#?}");
        value
    }
}

/// A temporary folder with stores in it, and a state folder that no other test uses.
pub struct Place {
    folder: TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place { folder: TempDir::new().unwrap() }
    }

    /// A place with a copy of one of tests/stores.
    pub fn with(store: &str) -> Place {
        let place = Place::new();
        place.copy(store);
        place
    }

    /// A place with a copy of the built-in sample, `InitialStore.xml`.
    pub fn with_sample() -> Place {
        let place = Place::new();
        place.write("InitialStore.xml", include_bytes!("../../assets/InitialStore.xml"));
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn copy(&self, store: &str) {
        self.write(
            Path::new(store).file_name().unwrap().to_str().unwrap(),
            &std::fs::read(stores().join(store)).unwrap(),
        );
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// azedit, to be run in the folder.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azedit"));
        command.args(arguments).current_dir(self.folder.path()).env("AZEDIT_STATE_DIR", self.path(".state"));
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        self.run_with(arguments, b"")
    }

    /// Runs azedit with this standard input.
    pub fn run_with<S: AsRef<OsStr>>(&self, arguments: &[S], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Wine 8 now and then starts no process and calls it an internal error; azedit has not begun then.
        let is_wine = |error: &io::Error| cfg!(windows) && error.raw_os_error() == Some(1359);
        let mut starts = (0..5).map(|_| command.spawn());
        let started = starts.find(|start| !start.as_ref().is_err_and(is_wine));
        let mut child = started.expect("Wine starts processes").unwrap();
        // A command that does not read its input may be gone before it is written.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The folder tests/stores.
pub fn stores() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores")
}

/// The names of the stores in tests/stores that can be read, in order.
pub fn readable_stores() -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(stores())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "xml"))
        .collect();
    names.sort();
    assert!(names.len() > 15, "{names:?}");
    names
}

/// Files that azedit wrote, kept until other parsers have judged them all at once: libxml2 and expat, where they are
/// installed. With `AZEDIT_REQUIRE_TOOLS=1` they must be.
pub struct Written {
    folder: TempDir,
    files: Vec<PathBuf>,
}

impl Written {
    pub fn new() -> Written {
        Written { folder: TempDir::new().unwrap(), files: Vec::new() }
    }

    /// Keeps the file as it is now.
    pub fn keep(&mut self, place: &Place, name: &str) {
        let file = self.folder.path().join(format!("{}-{name}", self.files.len()));
        std::fs::copy(place.path(name), &file).unwrap();
        self.files.push(file);
    }

    /// Fails unless every file was accepted by each parser.
    #[track_caller]
    pub fn are_accepted(&self) {
        assert!(!self.files.is_empty());
        let expat = "import sys, xml.parsers.expat\n\
                     for name in sys.argv[1:]:\n \
                     xml.parsers.expat.ParserCreate().ParseFile(open(name, 'rb'))";
        for (program, arguments) in [("xmllint", vec!["--noout"]), ("python3", vec!["-c", expat])] {
            match Command::new(program).args(&arguments).args(&self.files).output() {
                Ok(output) => assert!(
                    output.status.success(),
                    "{program} refuses: {}",
                    String::from_utf8_lossy(&output.stderr)
                ),
                Err(error) => {
                    let required = std::env::var_os("AZEDIT_REQUIRE_TOOLS").is_some_and(|value| value == "1");
                    assert!(!required, "{program}: {error}");
                }
            }
        }
    }
}

/// Other parsers must accept this one file.
#[track_caller]
pub fn strict_parsers_accept(place: &Place, name: &str) {
    let mut written = Written::new();
    written.keep(place, name);
    written.are_accepted();
}
