//! The Windows program on a console of Wine's, in tmux: what an administrator types and sees, and how the console is
//! left.
//!
//! `.ci/windows test` builds the program and names it in `AZEDIT_WINDOWS_EXE`. Wine's console takes escape sequences and
//! passes them on without reading them, so the editor's output goes through `cat` there; the way without sequences is
//! forced, and needs nothing of the kind. Both must show the same.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use azedit::store::Store;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

const SAMPLE: &[u8] = include_bytes!("../assets/InitialStore.xml");
const JOHN: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";
const JOE: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";

/// How the editor writes to the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Cells,
    Sequences,
}

struct Tools {
    exe: PathBuf,
    wine: String,
}

/// What the tests need, or `None` with the reason said. Where they must run, that is a failure.
fn tools(test: &str) -> Option<Tools> {
    let there = |tool: &str| Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
    let missing = |tool: &str| !there(tool).is_ok_and(|output| output.status.success());
    let wine = std::env::var("AZEDIT_WINE").unwrap_or_else(|_| "/usr/lib/wine/wine64".to_owned());
    let why = match std::env::var_os("AZEDIT_WINDOWS_EXE") {
        None => "AZEDIT_WINDOWS_EXE does not name the Windows program",
        Some(_) if missing("tmux") => "there is no tmux",
        Some(_) if missing(&wine) => "there is no Wine",
        Some(exe) => return Some(Tools { exe: PathBuf::from(exe), wine }),
    };
    assert!(std::env::var_os("AZEDIT_REQUIRE_WINE").is_none(), "{test} cannot run: {why}");
    eprintln!("{test} is skipped: {why}");
    None
}

/// A console of 80 × 24 with a program on it.
struct Console {
    /// Where its tmux listens. No two ever share one: a server that was told to end still answers for a while, and takes
    /// the next client down with it.
    socket: PathBuf,
    home: tempfile::TempDir,
}

impl Console {
    /// Starts the editor on a copy of the sample, in a folder of its own.
    fn open(tools: &Tools, way: Way) -> Self {
        let console = Self::new();
        std::fs::write(console.home.path().join("Store.xml"), SAMPLE).unwrap();
        let command = format!("{} '{}' Store.xml", tools.wine, tools.exe.display());
        console.start(way, &command);
        console
    }

    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { socket: home.path().join("tmux"), home }
    }

    /// Runs a command in a new terminal.
    fn start(&self, way: Way, command: &str) {
        self.start_in(way, command, ("80", "24"));
    }

    fn start_in(&self, way: Way, command: &str, (columns, rows): (&str, &str)) {
        let (kind, pipe) = match way {
            Way::Cells => ("legacy", ""),
            Way::Sequences => ("vt", "| cat"),
        };
        // `TERM` as an SSH server sets it, whatever the console can do.
        let variables = format!(
            "TERM=xterm-256color AZEDIT_CONSOLE={kind} AZEDIT_STATE_DIR=state AZEDIT_TEST_PANIC=F12 \
             APPDATA=none WINEDEBUG=-all"
        );
        let shell = format!(
            "cd '{}'; {variables} {command} {pipe}; echo ended; sleep 600",
            self.home.path().display()
        );
        self.tmux(&["-u", "-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows, &shell]);
    }

    fn tmux(&self, words: &[&str]) -> String {
        let output = Command::new("tmux").arg("-S").arg(&self.socket).args(words).output().unwrap();
        assert!(output.status.success(), "tmux {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"]).trim_end().to_owned()
    }

    /// Waits until the console shows this.
    #[track_caller]
    fn sees(&self, text: &str) -> &Self {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits until the line that says where the selection is ends like this.
    #[track_caller]
    fn selected(&self, name: &str) -> &Self {
        self.until(name, |screen| screen.lines().nth(1).is_some_and(|line| line.trim_end().ends_with(name)))
    }

    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> &Self {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return self;
            }
            assert!(Instant::now() < deadline, "{what:?} is not shown:\n{screen}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Presses keys by tmux's names for them, no faster than fingers: what follows within 10 ms is pasted.
    fn keys(&self, keys: &str) -> &Self {
        std::thread::sleep(Duration::from_millis(40));
        let keys: Vec<&str> = keys.split(' ').collect();
        self.tmux(&[&["send-keys"], &keys[..]].concat());
        self
    }

    /// Types a text and waits until a line shows it behind its label. An Enter may follow only then: in one go with
    /// the text it would be pasted.
    #[track_caller]
    fn types(&self, label: &str, text: &str) -> &Self {
        self.tmux(&["send-keys", "-l", text]);
        let is_there = |line: &str| line.split_once(label).is_some_and(|(_, value)| value.contains(text));
        self.until(text, |screen| screen.lines().any(is_there))
    }

    /// Selects the application's line.
    #[track_caller]
    fn application(&self) -> &Self {
        self.keys("<").selected("Store.xml").keys("j j").selected("Hyper-V services")
    }

    /// Ends the editor without a word to it.
    fn kill(&self) {
        let is_ours = |process: &Path| {
            let command = std::fs::read(process.join("cmdline")).unwrap_or_default();
            let names = |text: &[u8]| command.windows(text.len()).any(|part| part == text);
            // The shell that started it names it as well.
            names(b"azedit.exe")
                && !names(b"echo ended")
                && std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == self.home.path())
        };
        let processes = std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
        for process in processes.filter(|process| is_ours(process)) {
            let number = process.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(Command::new("kill").args(["-KILL", &number]).status().unwrap().success());
        }
    }

    /// Closes the window over whatever runs in it. How the client takes the end of its server is tmux's affair.
    fn close(&self) {
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output();
    }

    /// The editor is gone and the shell goes on.
    #[track_caller]
    fn ends(&self) -> &Self {
        self.sees("ended")
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // After a failed test nothing must stay.
        self.close();
    }
}

/// Scenario C, steps 1, 2 and 4: a scope for each of two users, an assignment in each, and what both need by default.
fn two_users(t: &Console) {
    t.sees("Hyper-V services").application();
    for (scope, changes) in [("Johns VM Scope", "1 change "), ("Joes VM Scope", "2 changes")] {
        t.keys("c").sees("Role definition ").keys("s").sees("Create scope");
        t.types("Name", scope).keys("Enter").sees(changes).selected(scope);
    }
    let assignments = [("Johns VM Scope", JOHN, ["3", "4", "5"]), ("Joes VM Scope", JOE, ["6", "7", "8"])];
    for (scope, user, changes) in assignments {
        t.keys("/").sees("Enter Keep").types("/", scope).keys("Enter");
        t.until("the search is over", |screen| !screen.contains("Enter Keep")).selected(scope);
        assign(t, "Administrator", "admin", user, changes);
    }
    t.application().keys("c").sees("Role definition ").keys("r").sees("Create role definition");
    t.types("Name", "Service Access").keys("Enter").sees("9 changes");
    t.keys("o")
        .sees("Operations of role definition")
        .types("Find", "read service")
        .keys("IC")
        .sees("+[x] Read");
    t.keys("C-u").sees("Network").types("Find", "reconfigureservice").keys("Down Space").sees("+[x] Reconf");
    t.keys("Enter").sees("10 changes").application();
    assign(t, "Service Access", "service", &format!("{JOHN},{JOE}"), ["11", "12", "13"]);
}

/// Creates a role assignment, links it to the one role definition that these letters find, and gives it members.
#[track_caller]
fn assign(t: &Console, name: &str, letters: &str, members: &str, changes: [&str; 3]) {
    let [created, linked, filled] = changes.map(|count| format!("{count} changes"));
    t.keys("c").sees("Role assignment ").keys("a").sees("Create role assignment");
    t.types("Name", name).keys("Enter").sees(&created).selected(name);
    t.keys("r").sees("Role definitions of").types("Find", letters);
    t.keys("Down Space").sees("+[x]").keys("Enter").sees(&linked);
    t.keys("a").sees("Add members to").tmux(&["send-keys", "-l", members]);
    t.sees(members.rsplit(',').next().unwrap_or_default());
    t.keys("C-s").sees(&filled);
}

fn names_and_members(store: &[u8]) -> (Vec<String>, usize) {
    let opened = Store::open(store.to_vec()).unwrap();
    let names = opened.walk().map(|id| opened.path(id)).collect();
    let text = String::from_utf8_lossy(store).into_owned();
    (names, text.matches(JOHN).count() + text.matches(JOE).count())
}

fn is_well_formed(store: &Path) -> bool {
    match Command::new("xmllint").arg("--noout").arg(store).status() {
        Ok(status) => status.success(),
        Err(error) => {
            assert!(std::env::var_os("AZEDIT_REQUIRE_TOOLS").is_none(), "xmllint: {error}");
            true
        }
    }
}

/// The same keys, the same pictures, whichever way they get onto the console; and what is then in the file.
#[test]
fn a_store_is_edited_and_saved_on_either_kind_of_console() {
    let Some(tools) = tools("a_store_is_edited_and_saved_on_either_kind_of_console") else { return };
    for way in [Way::Cells, Way::Sequences] {
        let t = Console::open(&tools, way);
        t.sees("Hyper-V services").sees("no problems");
        insta::assert_snapshot!("opened", t.screen());
        two_users(&t);
        t.application().keys("s").sees("Save Store.xml");
        insta::assert_snapshot!("before_saving", t.screen());
        let saved = t.keys("s").sees("Saved and on disk.").screen();
        // The message below names the folder and the time.
        insta::assert_snapshot!("saved", saved.split_once(" Saved").unwrap().0);
        t.keys("q").ends();
        let path = t.home.path().join("Store.xml");
        assert!(is_well_formed(&path));
        let (names, members) = names_and_members(&std::fs::read(&path).unwrap());
        assert_eq!(members, 4);
        for name in [
            "Hyper-V services/scopes/Johns VM Scope/assignments/Administrator",
            "Hyper-V services/scopes/Joes VM Scope/assignments/Administrator",
            "Hyper-V services/roles/Service Access",
            "Hyper-V services/assignments/Service Access",
        ] {
            assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
        }
        assert!(
            !t.home.path().join("state/journals").read_dir().is_ok_and(|mut files| files.next().is_some())
        );
    }
}

/// A console without sequences has 16 colours: the selection is reversed, names are bright, frames dark.
#[test]
fn cells_have_the_colours_of_the_theme() {
    let Some(tools) = tools("cells_have_the_colours_of_the_theme") else { return };
    let t = Console::open(&tools, Way::Cells);
    t.sees("Hyper-V services").sees("no problems").application();
    insta::assert_snapshot!("in_colour", t.tmux(&["capture-pane", "-p", "-e"]).replace('\u{1b}', "^"));
}

/// The last cell of the last row, and every other, in each of the sizes that a window may have.
#[test]
fn nothing_scrolls_in_any_size() {
    let Some(tools) = tools("nothing_scrolls_in_any_size") else { return };
    for (columns, rows) in [("40", "10"), ("132", "50")] {
        let t = Console::new();
        let command = format!("{} '{}' --sample --glyphs ascii", tools.wine, tools.exe.display());
        t.start_in(Way::Cells, &command, (columns, rows));
        t.sees("Hyper-V services").sees("no problems");
        let screen = t.screen();
        let lines: Vec<&str> = screen.lines().collect();
        assert!(lines.first().is_some_and(|line| line.starts_with(" azedit")), "{screen}");
        assert_eq!(lines.len().to_string(), rows, "{screen}");
        let edges = lines.iter().filter(|line| line.chars().count().to_string() == columns).count();
        assert!(edges >= lines.len() - 4, "{screen}");
        t.keys("q").ends();
    }
}

/// How the console stood before, while the editor ran, and after it.
struct Report(Vec<String>);

impl Report {
    fn line(&self, when: &str) -> &str {
        let prefix = format!("{when}: ");
        self.0
            .iter()
            .find_map(|line| line.strip_prefix(&prefix))
            .unwrap_or_else(|| panic!("{when} in {:?}", self.0))
    }

    /// The input modes that were seen while the editor ran.
    fn during(&self) -> Vec<u32> {
        let modes = self.0.iter().filter_map(|line| line.strip_prefix("during: input 0x"));
        modes.map(|mode| u32::from_str_radix(mode, 16).unwrap()).collect()
    }
}

/// Starts the editor under `tests/wine/state.c`, lets `act` end it, and gives what was written down.
fn state(tools: &Tools, test: &str, way: Way, act: impl FnOnce(&Console)) -> Option<Report> {
    let t = Console::new();
    let program = t.home.path().join("state.exe");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wine/state.c");
    let mut compiler = Command::new("x86_64-w64-mingw32-gcc");
    compiler.args(["-municode", "-O1", "-o"]).arg(&program).arg(source);
    if !compiler.status().is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("AZEDIT_REQUIRE_WINE").is_none(), "there is no mingw");
        eprintln!("{test} is skipped: there is no mingw");
        return None;
    }
    t.start(way, &format!("{} state.exe report.txt '{}' --sample", tools.wine, tools.exe.display()));
    t.sees("Hyper-V services").sees("no problems");
    act(&t);
    t.ends();
    let report = std::fs::read_to_string(t.home.path().join("report.txt")).unwrap();
    Some(Report(report.lines().map(str::to_owned).collect()))
}

const PROCESSED_LINE_ECHO: u32 = 7;
const MOUSE: u32 = 0x10;
const QUICK_EDIT: u32 = 0x40;

/// Modes, code pages, cursor, colours and title are what they were, and none of them is a usual one.
#[test]
fn the_console_is_given_back_as_it_was_found() {
    let name = "the_console_is_given_back_as_it_was_found";
    let Some(tools) = tools(name) else { return };
    for way in [Way::Cells, Way::Sequences] {
        // Whoever does not handle the event ends with 0 under Wine 8, with 0xc000013a under Wine 10 and on Windows.
        let event: &[&str] = &["code 0", "code 0xc000013a"];
        for (end, codes) in [("quit", &["code 0"][..]), ("panic", &["code 0x65"]), ("event", event)] {
            let report = state(&tools, name, way, |t| match end {
                "quit" => _ = t.keys("q"),
                "panic" => _ = t.keys("F12"),
                _ => std::fs::write(t.home.path().join("report.txt.event"), "").unwrap(),
            });
            let Some(report) = report else { return };
            assert_eq!(report.line("before"), report.line("after"), "{end}, {way:?}");
            assert!(report.line("before").contains("pages 850 437 cursor 42 1 colours 0x1e title mine"));
            let code = report.0.last().map_or("", String::as_str);
            assert!(codes.contains(&code), "{end}, {way:?}: {code}");
            let [running, ..] = report.during()[..] else { panic!("{:?}", report.0) };
            assert_eq!(running & (PROCESSED_LINE_ECHO | QUICK_EDIT), 0, "{end}, {way:?}: {running:#x}");
            assert_ne!(running & MOUSE, 0);
        }
    }
}

/// `%` gives the mouse to the terminal, which then selects with it, and takes it back.
#[test]
fn quick_edit_is_off_while_the_mouse_is_ours() {
    let name = "quick_edit_is_off_while_the_mouse_is_ours";
    let Some(tools) = tools(name) else { return };
    let report = state(&tools, name, Way::Cells, |t| {
        t.keys("%").sees("mouse");
        let written = || std::fs::read_to_string(t.home.path().join("report.txt")).unwrap();
        t.until("the mode is seen", |_| written().matches("during").count() > 1).keys("q");
    });
    let Some(report) = report else { return };
    let [ours, theirs, ..] = report.during()[..] else { panic!("{:?}", report.0) };
    assert_eq!((ours & (MOUSE | QUICK_EDIT), theirs & (MOUSE | QUICK_EDIT)), (MOUSE, QUICK_EDIT));
    assert_eq!(report.line("before"), report.line("after"));
}

/// The window is closed over unsaved work, or the program is killed, as at log-off: the next start offers the work.
#[test]
fn closing_the_window_keeps_unsaved_work() {
    let Some(tools) = tools("closing_the_window_keeps_unsaved_work") else { return };
    for is_killed in [false, true] {
        let mut t = Console::open(&tools, Way::Cells);
        t.sees("Hyper-V services").application();
        t.keys("c").sees("Role definition ").keys("s").sees("Create scope");
        t.types("Name", "Johns VM Scope").keys("Enter").sees("1 change ");
        if is_killed {
            t.kill();
            t.ends();
        }
        t.close();
        let journals = t.home.path().join("state/journals");
        assert_eq!(journals.read_dir().unwrap().count(), 1);
        is_offered(&mut t, &tools);
    }
}

fn is_offered(t: &mut Console, tools: &Tools) {
    // Until the first program is gone, the journal is its own.
    for again in 0..20 {
        t.socket = t.home.path().join(format!("tmux-{again}"));
        t.start(Way::Cells, &format!("{} '{}' Store.xml", tools.wine, tools.exe.display()));
        t.until("an answer", |screen| {
            screen.contains("Unsaved work was found") || screen.contains("Administrator")
        });
        if t.screen().contains("Unsaved work was found") {
            t.keys("r").sees("Replayed: 1 change");
            return;
        }
        t.close();
        std::thread::sleep(Duration::from_millis(500));
    }
    panic!("the work is not offered");
}
