//! Presses keys on the program, plays its host with plain memory, and says what the screen shows.

use std::cell::Cell;
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use azedit::accounts::{Question, Reply, read_map};
use azedit::app::denied::Events;
use azedit::app::dialog::Dialog;
use azedit::app::listing::Listed;
use azedit::app::machines::Source;
use azedit::app::work::{Parcel, Progress};
use azedit::app::{
    self, App, DocId, Effect, Existing, HalfSaved, HostEvent, Input, JournalStep, OnDisk, OpenedFile, Recent,
    Recovery, SaveFailure, TextFailure, TextFile, ThemeLine, Version, Worn, input,
};
use azedit::hyperv::cluster;
use azedit::hyperv::events::Log;
use azedit::hyperv::explain::together;
use azedit::hyperv::moves::Host as _;
use azedit::hyperv::output::{HostError, Told};
use azedit::store::{Guid, Store};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::theme::{self, BUILTIN, Face, NAMES, Theme};
use azedit::ui::{self};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

use crate::recorded::RecordedHost;

/// The sample that the program comes with.
pub const SAMPLE: &[u8] = include_bytes!("../../assets/InitialStore.xml");
/// Where the tests' store is.
pub const PATH: &str = "/stores/InitialStore.xml";

/// The program, its host and its screen.
pub struct Driver {
    pub app: App,
    /// The disk.
    pub files: HashMap<String, Vec<u8>>,
    /// Work that takes long is only begun; [`Driver::finish`] ends it.
    pub is_slow: bool,
    /// Checks that were begun, each with a copy of its store.
    checks: Vec<(DocId, Progress, Arc<Store>)>,
    /// The same for who is listed where.
    listings: Vec<(DocId, Progress, Arc<Store>)>,
    /// Files that are being opened or written.
    waiting: Vec<Effect>,
    /// What each file held when the program was last told of it, or read or wrote it.
    told: HashMap<String, Option<Vec<u8>>>,
    /// The stores opened last.
    pub recent: Vec<PathBuf>,
    /// The state folder.
    journals: Vec<JournalFile>,
    pub copied: Vec<String>,
    /// What the system's clipboard says when text is put on it.
    pub clipboard_takes: Result<String, String>,
    /// What can be read from it.
    pub clipboard: Option<String>,
    /// Changes that were journaled, ever.
    pub applied: usize,
    pub has_quit: bool,
    /// What was saved, in the words of the log.
    pub logged: Vec<String>,
    /// What was replaced by each save, oldest first.
    pub versions: Vec<Vec<u8>>,
    /// How the next save ends.
    pub fail_next: Option<SaveFailure>,
    /// Whether the host's log says that Hyper-V could not read the store.
    pub log_says: Option<bool>,
    /// The first frame of a store that is seen before it is checked.
    pub seen_unchecked: Option<String>,
    pub tier: Tier,
    pub theme: &'static str,
    /// The program has the mouse.
    pub mouse: bool,
    /// What was asked about accounts and not answered yet.
    pub asked: Vec<Question>,
    /// The Hyper-V host that can be asked.
    pub host: RecordedHost,
}

/// A recovery journal, with what the real host knows of it.
#[derive(Clone)]
struct JournalFile {
    /// Which open document writes to it; `None`: an earlier run left it.
    of: Option<DocId>,
    path: String,
    /// What the file held that its steps begin from.
    baseline: Vec<u8>,
    steps: Vec<JournalStep>,
    /// It goes when all effects of an input are carried out.
    superseded: bool,
}

impl Driver {
    /// The program without a store, 80 × 24.
    pub fn start() -> Driver {
        let mut driver = Driver {
            app: App::new(),
            files: HashMap::new(),
            is_slow: false,
            checks: Vec::new(),
            listings: Vec::new(),
            waiting: Vec::new(),
            told: HashMap::new(),
            recent: Vec::new(),
            journals: Vec::new(),
            copied: Vec::new(),
            clipboard_takes: Ok("to this computer's clipboard".to_owned()),
            clipboard: None,
            applied: 0,
            has_quit: false,
            logged: Vec::new(),
            versions: Vec::new(),
            fail_next: None,
            log_says: None,
            seen_unchecked: None,
            tier: Tier::Unicode,
            theme: "mono",
            mouse: true,
            asked: Vec::new(),
            host: RecordedHost::default(),
        };
        driver.app.new_guid = next_guid;
        driver.resize(80, 24);
        driver
    }

    /// The program with the sample as a file on disk.
    pub fn sample() -> Driver {
        Driver::with(SAMPLE)
    }

    /// The program with these bytes as a file on disk.
    pub fn with(bytes: &[u8]) -> Driver {
        let mut driver = Driver::start();
        driver.files.insert(PATH.to_owned(), bytes.to_vec());
        driver.perform(vec![Effect::Open(PATH.into())]);
        driver
    }

    /// The next run, after this one has left or was killed: the same disk, with the journals that are on it.
    pub fn next_run(&self) -> Driver {
        let mut next = Driver::start();
        next.files.clone_from(&self.files);
        next.recent.clone_from(&self.recent);
        next.host.clone_from(&self.host);
        next.app.asks_hosts = self.app.asks_hosts;
        next.perform(vec![Effect::Recent(None)]);
        next.journals.clone_from(&self.journals);
        for journal in &mut next.journals {
            journal.of = None;
            journal.superseded = false;
        }
        next
    }

    /// Puts a journal on the disk, as if an earlier run had left it.
    pub fn leave(&mut self, steps: &[JournalStep]) -> &mut Driver {
        let baseline = self.files[PATH].clone();
        let (path, steps) = (PATH.to_owned(), steps.to_vec());
        self.journals.push(JournalFile { of: None, path, baseline, steps, superseded: false });
        self
    }

    /// All that the journals on the disk hold.
    pub fn journal(&self) -> Vec<JournalStep> {
        self.journals.iter().flat_map(|journal| journal.steps.clone()).collect()
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Driver {
        self.input(Input::Resize { width, height })
    }

    /// Presses keys: `a "text" Enter`.
    pub fn keys(&mut self, sequence: &str) -> &mut Driver {
        for input in input::keys(sequence).unwrap() {
            self.input(input);
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Driver {
        self.input(Input::Paste(text.to_owned()))
    }

    pub fn input(&mut self, input: Input) -> &mut Driver {
        // A click means what was seen.
        if matches!(input, Input::Mouse(_)) {
            self.draw();
        }
        let effects = app::update(&mut self.app, input);
        self.perform(effects);
        self
    }

    /// Carries out effects in the order of the real event loop: all of one input, then what is to be settled, then
    /// the answers.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut batches = VecDeque::from([effects]);
        while let Some(effects) = batches.pop_front() {
            let mut answers = Vec::new();
            for effect in effects {
                answers.extend(self.carry_out(effect));
                if self.has_quit {
                    break;
                }
            }
            self.journals.retain(|journal| !journal.superseded);
            if self.has_quit {
                return;
            }
            batches.extend(answers.into_iter().map(|answer| app::update(&mut self.app, Input::Host(answer))));
        }
    }

    /// What `azedit A B …` does.
    pub fn open_all(&mut self, paths: &[&str]) -> &mut Driver {
        let mut effects = Vec::new();
        app::filing::open_all(&mut self.app, paths.iter().map(Into::into).collect(), &mut effects);
        self.perform(effects);
        self
    }

    /// Ends what holds everything up; checks go on.
    pub fn finish_opening(&mut self) -> &mut Driver {
        for effect in std::mem::take(&mut self.waiting) {
            self.is_slow = false;
            let Effect::Open(path) = effect else { panic!("{effect:?}") };
            let bytes = self.read(path.to_str().unwrap()).unwrap();
            self.is_slow = true;
            let file =
                OpenedFile { path: Some(path), content: bytes.into(), read_only: None, recovery: None };
            self.input(Input::Host(HostEvent::Opened(file)));
        }
        self
    }

    /// Ends all work that was begun, the checks last.
    pub fn finish(&mut self) -> &mut Driver {
        self.is_slow = false;
        let stopped = self.app.busy.as_ref().is_some_and(|busy| busy.progress.is_stopped());
        for effect in std::mem::take(&mut self.waiting) {
            match effect {
                Effect::Open(path) if stopped => {
                    self.input(Input::Host(HostEvent::NotOpened { path, message: None }));
                }
                Effect::Save(id) if stopped => {
                    self.input(Input::Host(HostEvent::Saved(id, Err(SaveFailure::Stopped))));
                }
                Effect::Explain(path) if stopped => {
                    self.input(Input::Host(HostEvent::Explained { path, explained: None }));
                }
                Effect::Allow if stopped => {
                    self.input(Input::Host(HostEvent::Allowed(None)));
                }
                effect => self.perform(vec![effect]),
            }
        }
        for (id, progress, store) in std::mem::take(&mut self.listings) {
            if let Some(listed) = Listed::of(&store, &progress) {
                self.input(Input::Host(HostEvent::Listed(id, progress, Parcel::new(listed))));
            }
        }
        for (id, progress, store) in std::mem::take(&mut self.checks) {
            let findings = Parcel::new(azedit::hyperv::findings(&store));
            self.input(Input::Host(HostEvent::Checked(id, progress, findings)));
        }
        self
    }

    /// What an interrupted save has left of a store, and how long it is.
    fn kept_beside(&self, path: &Path) -> Option<(PathBuf, u64)> {
        let (folder, name) = path.to_str()?.rsplit_once('/')?;
        let beginning = format!("{folder}/.{name}.azedit-");
        let (kept, bytes) = self.files.iter().find(|(other, _)| other.starts_with(&beginning))?;
        Some((kept.into(), bytes.len() as u64))
    }

    /// Carries out an effect on the disk in memory.
    #[allow(clippy::too_many_lines)] // One arm for each effect.
    fn carry_out(&mut self, effect: Effect) -> Option<HostEvent> {
        Some(match effect {
            Effect::Open(_) | Effect::Save(_) | Effect::Explain(_) | Effect::Allow | Effect::Compare(_)
                if self.is_slow =>
            {
                self.waiting.push(effect);
                return None;
            }
            Effect::Open(path) => match self.read(path.to_str().unwrap()) {
                Some(bytes) => HostEvent::Opened(OpenedFile {
                    recovery: self.left_for(path.to_str().unwrap(), &bytes),
                    path: Some(path),
                    content: bytes.into(),
                    read_only: None,
                }),
                None if let Some((kept, bytes)) = self.kept_beside(&path) => {
                    HostEvent::HalfSaved(HalfSaved {
                        bytes,
                        kept,
                        path,
                        written: "2026-11-22 03:01:45 UTC".to_owned(),
                    })
                }
                None => HostEvent::NotOpened {
                    message: Some(format!("{}: there is no such file.", path.display())),
                    path,
                },
            },
            Effect::PutBack { path, kept } => {
                let bytes = self.files.remove(kept.to_str().unwrap()).unwrap();
                assert!(self.files.insert(path.to_str().unwrap().to_owned(), bytes).is_none());
                return self.carry_out(Effect::Open(path));
            }
            Effect::Recent(opened) => {
                self.recent.retain(|path| Some(path) != opened.as_ref());
                self.recent.splice(..0, opened);
                let is_there = |path: &PathBuf| self.files.contains_key(path.to_str().unwrap());
                let recent = |path: &PathBuf| Recent { is_there: is_there(path), path: path.clone() };
                HostEvent::Recent(self.recent.iter().map(recent).collect())
            }
            Effect::Complete(typed) => {
                let begin = typed.rfind('/').map_or(0, |at| at + 1);
                let end = |path: &String| path[begin..].find('/').map_or(path.len(), |at| begin + at + 1);
                let begins = self.files.keys().filter(|path| path.starts_with(&typed));
                let mut found: Vec<String> = begins.map(|path| path[..end(path)].to_owned()).collect();
                found.sort();
                found.dedup();
                HostEvent::Completed { typed, found }
            }
            Effect::OpenSample => HostEvent::Opened(OpenedFile {
                path: None,
                content: SAMPLE.to_vec().into(),
                read_only: None,
                recovery: None,
            }),
            Effect::Save(id) => {
                let request = self.app.save_request(id).unwrap();
                if let Some(failure) = self.fail_next.take() {
                    return Some(HostEvent::Saved(id, Err(failure)));
                }
                let what = request.what.clone();
                let path = request.path.display().to_string();
                let disk = self.files.get(&path);
                let as_read = match (request.baseline, disk) {
                    (Some(baseline), Some(bytes)) => *baseline.bytes() == **bytes,
                    (None, None) => true,
                    _ => false,
                };
                if as_read {
                    let bytes = request.new.to_bytes();
                    let reread =
                        Store::open(bytes.clone()).unwrap_or_else(|error| panic!("{}", error.message));
                    azedit::store::same(&reread, request.store).unwrap();
                    self.told.insert(path.clone(), Some(bytes.clone()));
                    if let Some(before) = self.files.insert(path, bytes) {
                        self.versions.push(before);
                        self.logged.push(what);
                    }
                    HostEvent::Saved(id, Ok("Earlier version: 20261122-0301.".to_owned()))
                } else {
                    let disk = disk.cloned();
                    self.told.insert(path, disk.clone());
                    let message = "The file was changed by someone else.".to_owned();
                    HostEvent::Saved(id, Err(SaveFailure::Conflict { disk, message }))
                }
            }
            Effect::ListVersions(id) => {
                let version = |(number, what): (usize, &String)| Version {
                    id: number.to_string(),
                    when: format!("2026-11-22 03:0{number}:00"),
                    who: "root@host".to_owned(),
                    what: what.clone(),
                    is_kept: number > 0 || self.logged.len() < 4,
                };
                HostEvent::Versions(id, Ok(self.logged.iter().enumerate().rev().map(version).collect()))
            }
            Effect::ReadVersions(id, ids) => {
                let read = |id: &String| Ok(self.versions[id.parse::<usize>().unwrap()].clone());
                HostEvent::VersionsRead(id, ids.iter().map(read).collect())
            }
            Effect::Restore(id) => {
                let restoring = self.app.restoring.as_ref().unwrap();
                let request = self.app.save_request(id).unwrap();
                let path = request.path.display().to_string();
                if *request.baseline.unwrap().bytes() == *self.files[&path] {
                    let (bytes, what) = (restoring.bytes.clone(), format!("restore {}", restoring.version));
                    self.versions.push(self.files.insert(path, bytes).unwrap());
                    self.logged.push(what);
                    HostEvent::Restored(id, Ok("To go back: azedit restore.".to_owned()))
                } else {
                    let disk = self.files.get(&path).cloned();
                    let message = "The file was changed by someone else.".to_owned();
                    HostEvent::Restored(id, Err(SaveFailure::Conflict { disk, message }))
                }
            }
            Effect::Check(id) => {
                self.seen_unchecked = Some(self.text());
                let doc = self.app.document(id).unwrap();
                let progress = doc.check.as_ref().unwrap().progress.clone();
                if self.is_slow {
                    self.checks.push((id, progress, doc.session.shared()));
                    return None;
                }
                HostEvent::Checked(id, progress, Parcel::new(azedit::hyperv::findings(doc.store())))
            }
            Effect::List(id) => {
                let doc = self.app.document(id).unwrap();
                let (progress, store) = (doc.listing.progress().unwrap().clone(), doc.session.shared());
                if self.is_slow {
                    self.listings.push((id, progress, store));
                    return None;
                }
                let listed = Listed::of(&store, &progress)?;
                HostEvent::Listed(id, progress, Parcel::new(listed))
            }
            Effect::Explain(path) => {
                let explained = match self.files.get(path.to_str().unwrap()) {
                    Some(bytes) => {
                        let mut log = Log::default();
                        log.read(bytes.as_slice())
                            .map_err(|error| format!("{}: {error}.", path.display()))
                            .map(|()| Parcel::new(Events::of(log)))
                    }
                    None => Err(format!("{}: there is no such file.", path.display())),
                };
                HostEvent::Explained { path, explained: Some(explained) }
            }
            Effect::Allow => {
                let Some(Dialog::Denials(view)) = self.app.dialogs.last() else { panic!("no denials") };
                let progress = &self.app.busy.as_ref().unwrap().progress;
                let store = self.app.doc().unwrap().store().clone();
                let tick = |denials| progress.advance(denials);
                let found = together(store, &view.attempts, &view.told, &self.app.names, &tick);
                HostEvent::Allowed(found.map(Parcel::new))
            }
            Effect::AskLog(id) => HostEvent::LogSays(id, self.log_says),
            Effect::Compare(ids) => {
                let stores: Vec<&Store> =
                    ids.iter().map(|&id| self.app.document(id).unwrap().store()).collect();
                let progress = &self.app.busy.as_ref().unwrap().progress;
                let found = cluster::compare(&stores, &|objects| progress.advance(objects));
                HostEvent::Compared(ids, found.map(Parcel::new))
            }
            Effect::Align { store, like } => {
                let of = |id| self.app.document(id).unwrap().store();
                let found = cluster::alignment(of(store), of(like)).map_err(|error| error.to_string());
                HostEvent::Aligned { store, like, found: Some(Parcel::new(found)) }
            }
            Effect::Look(id) => {
                let doc = self.app.document(id).unwrap();
                let path = doc.path.as_ref().unwrap().display().to_string();
                let now = self.files.get(&path).cloned();
                let ours = Some(doc.session.saved().to_bytes());
                if self.told.insert(path, now.clone()).unwrap_or(ours.clone()) == now {
                    return None;
                }
                let message = "InitialStore.xml was changed by someone else.".to_owned();
                HostEvent::Looked(
                    id,
                    match now {
                        None => OnDisk::Gone,
                        now if now == ours => OnDisk::Same,
                        disk => OnDisk::Changed { disk, message },
                    },
                )
            }
            Effect::Journal(id, step) => {
                self.applied += usize::from(matches!(step, JournalStep::Apply { .. }));
                self.keep_journal(id, step);
                return None;
            }
            Effect::Themes => HostEvent::Themes(
                BUILTIN
                    .iter()
                    .map(|(name, text)| ThemeLine { name: (*name).to_owned(), about: theme::about(text) })
                    .collect(),
            ),
            Effect::Wear(name) => {
                self.theme = BUILTIN.iter().map(|(known, _)| *known).find(|known| *known == name).unwrap();
                HostEvent::Worn(Worn { name, faults: Vec::new() })
            }
            Effect::ReadText { path, id } => {
                let read = match self.files.get(path.to_str().unwrap()) {
                    Some(bytes) => String::from_utf8(bytes.clone())
                        .map(|text| TextFile { text, guessed: None })
                        .map_err(|_| format!("{}: this is not UTF-8.", path.display())),
                    None => Err(format!("{}: there is no such file.", path.display())),
                };
                HostEvent::TextRead { path, id, read }
            }
            Effect::WriteText { path, text, existing, id } => {
                let name = path.display().to_string();
                let written = if existing == Existing::Keep && self.files.contains_key(&name) {
                    Err(TextFailure::Exists(text))
                } else {
                    self.files.insert(name, text.into_bytes());
                    Ok(String::new())
                };
                HostEvent::TextWritten { path, id, written }
            }
            Effect::Ask(questions) => {
                self.asked.extend(questions);
                return None;
            }
            Effect::AskAgain => return None,
            Effect::ReadNames { path, asked } => {
                let name = path.display().to_string();
                let read = match self.files.get(&name) {
                    Some(bytes) => {
                        let text = String::from_utf8(bytes.clone()).unwrap();
                        read_map(&text).map_err(|error| format!("{name}:{error}."))
                    }
                    None if asked => Err(format!("{name}: there is no such file.")),
                    None => return None,
                };
                HostEvent::NamesRead { path, asked, read }
            }
            Effect::Machines(..) if self.is_slow => {
                self.waiting.push(effect);
                return None;
            }
            Effect::Machines(id, source) => {
                let asked = self.app.document(id).and_then(|doc| doc.machines.asking.clone());
                let told = match &source {
                    Source::Host(_) => self.host.list().map(Told::Listed),
                    Source::File(path) => match self.files.get(path.to_str().unwrap()) {
                        Some(bytes) => Told::read(bytes),
                        None => Err(HostError::NotRun("there is no such file".to_owned())),
                    },
                };
                HostEvent::Machines { id, source, progress: asked.unwrap_or_default(), told: Box::new(told) }
            }
            Effect::MoveMachines { id, moves, .. } => {
                HostEvent::MachinesMoved(id, self.host.move_machines(&moves))
            }
            Effect::Copy(text) => {
                self.copied.push(text);
                HostEvent::Copied(self.clipboard_takes.clone())
            }
            Effect::ReadClipboard => HostEvent::Clipboard(self.clipboard.clone()),
            Effect::Quit => {
                self.has_quit = true;
                return None;
            }
            Effect::GoOn => HostEvent::GoOn,
            Effect::Mouse(ours) => {
                self.mouse = ours;
                return None;
            }
            Effect::Redraw | Effect::Suspend => return None,
        })
    }

    /// What a file holds; the program knows it from then on.
    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        let bytes = self.files.get(path).cloned();
        self.told.insert(path.to_owned(), bytes.clone());
        bytes
    }

    /// The newest journal that no open document writes to.
    fn left_for(&self, path: &str, bytes: &[u8]) -> Option<Recovery> {
        let left = self.journals.iter().rfind(|journal| journal.of.is_none() && journal.path == path)?;
        Some(Recovery {
            when: "22 November 03:01".to_owned(),
            steps: left.steps.clone(),
            baseline_unchanged: left.baseline == bytes,
        })
    }

    fn keep_journal(&mut self, id: DocId, step: JournalStep) {
        let doc = self.app.document(id);
        let path = doc.map(|doc| doc.path.as_ref().unwrap().display().to_string()).unwrap_or_default();
        if step == JournalStep::Clear {
            for journal in &mut self.journals {
                journal.superseded |=
                    journal.of == Some(id) || (journal.of.is_none() && journal.path == path);
            }
            return;
        }
        let mut open = self.journals.iter_mut();
        if let Some(journal) = open.find(|journal| journal.of == Some(id) && !journal.superseded) {
            journal.steps.push(step);
        } else {
            let baseline = self.app.save_request(id).unwrap().baseline.unwrap().to_bytes();
            let steps = vec![step];
            self.journals.push(JournalFile { of: Some(id), path, baseline, steps, superseded: false });
        }
    }

    /// Answers what was asked about accounts, as a directory would.
    pub fn answer(&mut self, directory: fn(&Question) -> Reply) -> &mut Driver {
        for question in std::mem::take(&mut self.asked) {
            let reply = directory(&question);
            self.input(Input::Host(HostEvent::Told(Box::new((question, reply)))));
        }
        self
    }

    pub fn draw(&mut self) -> (Buffer, Option<Position>) {
        let theme = Theme::builtin(self.theme).unwrap();
        let drawn = self.draw_with(&theme);
        let effects = app::naming::of_seen(&mut self.app);
        self.perform(effects);
        drawn
    }

    fn draw_with(&mut self, theme: &Theme) -> (Buffer, Option<Position>) {
        let (width, height) = self.app.size;
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height));
        let drawn = ui::paint(&self.app, theme, Glyphs::of(self.tier), &mut buffer);
        self.app.seen = drawn.seen;
        (buffer, drawn.cursor)
    }

    /// The screen's text, line by line, without the blanks at the ends.
    pub fn screen(&mut self) -> Vec<String> {
        let (buffer, _) = self.draw();
        lines(&buffer)
    }

    pub fn text(&mut self) -> String {
        self.screen().join("\n")
    }

    /// Says that the screen shows this.
    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Driver {
        let screen = self.text();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        self
    }

    #[track_caller]
    pub fn sees_not(&mut self, text: &str) -> &mut Driver {
        let screen = self.text();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
        self
    }

    /// Says that the selected object's path is this (`/` for the store), whatever pane has the focus.
    #[track_caller]
    pub fn selected(&mut self, path: &str) -> &mut Driver {
        let doc = self.app.doc().unwrap();
        let node = doc.node();
        let shown = match node.part {
            app::tree::Part::Object => doc.store().path(node.object),
            app::tree::Part::Machine(number) => {
                let name = &doc.machines.get(number).unwrap().machine.name;
                format!("{}: {name}", doc.store().path(node.object))
            }
            part => format!("{}: {}", doc.store().path(node.object), part.label()),
        };
        assert_eq!(shown, path);
        self
    }

    /// The bytes that saving would write now.
    pub fn bytes(&self) -> Vec<u8> {
        self.app.doc().unwrap().store().rendering().to_bytes()
    }

    /// The screen as text, and under it a map of the faces that the cells wear: one letter for each face.
    pub fn picture(&mut self) -> String {
        let theme = rainbow();
        let (buffer, cursor) = self.draw_with(&theme);
        let mut picture = lines(&buffer).join("\n");
        picture.push_str("\n\n");
        picture.push_str(&style_map(&buffer).join("\n"));
        let cursor = cursor.map_or_else(|| "hidden".to_owned(), |at| format!("{},{}", at.x, at.y));
        picture + "\n\ncursor " + &cursor + "\n"
    }
}

/// GUIDs one after the other, from 1 in each test's thread: pictures do not change by chance.
fn next_guid() -> Guid {
    thread_local!(static LAST: Cell<u64> = const { Cell::new(0) });
    let number = LAST.get() + 1;
    LAST.set(number);
    Guid::parse(&format!("00000000-0000-4000-8000-{number:012}")).unwrap()
}

/// A theme in which every face has a colour of its own, so that a cell tells its face.
fn rainbow() -> Theme {
    let mut text = String::from("[faces]\n");
    for (index, (_, name, _)) in NAMES.iter().enumerate() {
        // Selections lie over other faces: they are told by their background.
        let line = if name.starts_with("selection") {
            format!("\"{name}\" = {{ bg = \"#0000{index:02x}\" }}\n")
        } else {
            format!("\"{name}\" = \"#0000{index:02x}\"\n")
        };
        text.push_str(&line);
    }
    Theme::parse(&text, &|_| None).0
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn style_map(buffer: &Buffer) -> Vec<String> {
    let theme = rainbow();
    let letter = |style: Style| {
        let face = |face: &(Face, &str, &str)| {
            let known = theme.style(face.0);
            (known.bg.is_some() && known.bg == style.bg) || (known.bg.is_none() && known.fg == style.fg)
        };
        let selected = NAMES.iter().position(|known| theme.style(known.0).bg.is_some() && face(known));
        let index = selected.or_else(|| NAMES.iter().position(face));
        index.and_then(|index| LETTERS.chars().nth(index)).unwrap_or('?')
    };
    let area = buffer.area;
    (area.top()..area.bottom())
        .map(|y| {
            let row: String = (area.left()..area.right())
                .map(|x| {
                    let cell = &buffer[(x, y)];
                    let blank = cell.symbol() == " ";
                    match letter(cell.style()) {
                        'a' if blank => ' ',
                        letter => letter,
                    }
                })
                .collect();
            row.trim_end().to_owned()
        })
        .collect()
}

pub fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (area.top()..area.bottom())
        .map(|y| {
            let mut line = String::new();
            let mut skip = 0;
            for x in area.left()..area.right() {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = buffer[(x, y)].symbol();
                skip = azedit::report::show::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            line.trim_end().to_owned()
        })
        .collect()
}
