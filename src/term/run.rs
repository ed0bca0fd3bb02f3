//! The event loop: inputs into the application, its effects to the host, its picture to the terminal.
//!
//! Nothing happens by itself. The loop sleeps until a key, a signal or the end of the terminal wakes it; then it takes
//! in all that is waiting before it draws one frame. The only timer puts the journal on the disk, and runs only while
//! a change waits for that.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

mod asking;
mod effects;

use self::asking::Errand;
use super::clerk::Ask;
use super::clipboard::{Clipboard, Surroundings};
use super::host::Host;
use super::opening::Read;
use super::picture::Picture;
use super::saving::Written;
use super::session::{Kind, Mouse};
use super::settings::{self, Environment, Settings, Wishes};
use super::{reader, session, watch};
use crate::access::guard::Facts;
use crate::accounts::Names;
use crate::app::about::AboutFile;
use crate::app::input::{Input, KeyPress};
use crate::app::machines::Source;
use crate::app::state::{Locate, SameFile};
use crate::app::work::{Parcel, Progress};
use crate::app::{self, App, DocId, Effect, HostEvent};
use crate::check::Findings;
use crate::files::StateDir;

/// What the editor is started with.
#[derive(Debug)]
pub struct Options {
    /// What to open.
    pub start: Start,
    /// Change nothing.
    pub read_only: bool,
    /// Theme, signs, and so on.
    pub wishes: Wishes,
    /// Where journals and earlier versions go, or why they cannot.
    pub state: Result<StateDir, String>,
    /// What a store's name means.
    pub locate: Locate,
    /// Whether two paths lead to one file.
    pub same_file: SameFile,
    /// What is to be known of a file before it is changed.
    pub about_file: AboutFile,
    /// Whether the host's log says that Hyper-V could not read the live store; takes seconds. `None`: it cannot be
    /// asked.
    pub ask_log: fn() -> Option<bool>,
    /// What the guard over saves has to know.
    pub facts: Facts,
    /// Who accounts are, as far as maps have told that were named on the command line.
    pub names: Names,
    /// Who can be asked for more.
    pub ask: Option<Ask>,
    /// Whose virtual machines to show.
    pub machines: Option<Source>,
}

/// What to open at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The stores in these files, the first one shown; without any the start screen.
    Stores(Vec<PathBuf>),
    /// The sample.
    Sample,
}

/// Work that takes longer than this is shown: below, it would only flicker.
const PATIENCE: Duration = Duration::from_millis(150);
/// How often its progress is drawn.
const BEAT: Duration = Duration::from_millis(100);

/// For tests: the key, written as in [`KeyPress`], that makes the program panic.
const PANIC_VARIABLE: &str = "AZEDIT_TEST_PANIC";

/// What wakes the loop.
#[allow(clippy::large_enum_variant)] // One of them is alive at a time.
enum Event {
    Inputs(io::Result<Vec<Input>>),
    Done(Box<Done>),
    /// What a thread has to say that goes on with its work.
    Said(Box<HostEvent>),
    /// No input waits, and a search is not at its end.
    GoOn,
    Notice(watch::Notice),
}

/// What another thread has done.
#[allow(clippy::large_enum_variant)] // One of them is alive at a time.
enum Done {
    Opened(Read),
    Saved(DocId, Written),
    /// What there is to say.
    Said(HostEvent),
    /// `None`: it was stopped.
    Checked(DocId, Progress, Option<Parcel<Findings>>),
    /// It was told to stop: nobody waits for it.
    Stopped,
}

/// Why the loop ended.
enum End {
    Quit,
    /// By this signal.
    Signal(watch::Signal),
    /// The terminal could not be read or written.
    Lost(io::Error),
}

/// Runs the editor in this terminal until the user leaves. What went wrong is printed when the terminal is given
/// back.
pub fn run(options: Options) -> ExitCode {
    let terminal = match session::look() {
        Ok(terminal) => terminal,
        Err(why) => {
            complain(&why);
            return ExitCode::from(2);
        }
    };
    let kind = terminal.kind;
    let environment = Environment::of_process(terminal);
    let settings = settings::settle(&options.wishes, &environment);
    let (report, events) = mpsc::channel();
    let mut editor = Editor::new(&options, kind, settings, &environment, report);
    let end = editor.run(options.start, &events);
    editor.host.flush();
    session::restore();
    match end {
        Ok(End::Quit) => ExitCode::SUCCESS,
        Ok(End::Signal(signal)) => {
            watch::die(signal);
            ExitCode::FAILURE
        }
        Ok(End::Lost(error)) | Err(error) => {
            complain(&format!("the terminal cannot be used: {error}"));
            #[cfg(unix)]
            if watch::is_gone() {
                watch::die(signal_hook::consts::SIGHUP);
            }
            ExitCode::FAILURE
        }
    }
}

fn complain(what: &str) {
    // Without standard error nobody can be told.
    let _ = writeln!(io::stderr(), "azedit: {what}");
}

struct Editor {
    app: App,
    host: Host,
    picture: Picture,
    settings: Settings,
    panic_key: Option<KeyPress>,
    /// For the threads that work for us.
    report: Sender<Event>,
    /// How many of them are at work.
    workers: usize,
    /// When their progress is drawn.
    beat: Option<Instant>,
    /// What the user did while everything waited for one of them.
    held: VecDeque<Input>,
    /// The application wants to go on with a search when no input waits.
    goes_on: bool,
    /// Who is asked about accounts, and the thread that does it.
    ask: Option<Ask>,
    clerk: Option<Sender<Errand>>,
    /// See [`Options::ask_log`].
    ask_log: fn() -> Option<bool>,
}

impl Editor {
    fn new(
        options: &Options,
        kind: Kind,
        mut settings: Settings,
        environment: &Environment,
        report: Sender<Event>,
    ) -> Self {
        let (width, height) = session::size();
        let mut app = App::new();
        app.size = (width, height);
        app.plain = settings.plain;
        app.mouse = settings.mouse == Mouse::Captured;
        app.keys = Arc::clone(&settings.keys);
        app.theme.clone_from(&settings.theme_name);
        app.config.clone_from(&settings.config);
        app.read_only = options.read_only;
        app.locate = options.locate;
        app.same_file = options.same_file;
        app.about_file = options.about_file;
        app.facts = options.facts.clone();
        app.naming.can_ask = options.ask.is_some();
        let mut names = options.names.clone();
        for path in &settings.names {
            match super::names::load(path, &mut names) {
                Ok(told) => settings.faults.extend(told),
                Err(why) => settings.faults.push(why),
            }
        }
        app.names = Arc::new(names);
        app.asks_hosts = cfg!(windows);
        app.machines_of.clone_from(&options.machines);
        Self {
            app,
            host: Host::new(
                options.state.clone(),
                Clipboard::new(Surroundings::of_process(environment.is_remote, environment.is_bare)),
            ),
            picture: Picture::new(kind, width, height),
            settings,
            panic_key: std::env::var(PANIC_VARIABLE).ok().and_then(|key| key.parse().ok()),
            report,
            workers: 0,
            beat: None,
            held: VecDeque::new(),
            goes_on: false,
            ask: options.ask,
            clerk: None,
            ask_log: options.ask_log,
        }
    }

    fn run(&mut self, start: Start, events: &Receiver<Event>) -> io::Result<End> {
        // Signals are caught before there is something to give back.
        let watch = watch::Watch::new()?;
        session::enter(self.settings.mouse)?;
        let mut ended = self.start(start)?;
        let faults = std::mem::take(&mut self.settings.faults);
        if ended.is_none() {
            let effects = app::update(&mut self.app, Input::Host(HostEvent::Faults(faults)));
            ended = self.perform(effects)?;
        }
        // A screen without the store that is on its way would only flicker.
        if self.app.busy.is_none() {
            self.draw()?;
        }

        // Threads come after the first frame: it is what the user waits for.
        reader::start(Sender::clone(&self.report), Event::Inputs)?;
        watch.start(Sender::clone(&self.report), Event::Notice)?;
        while ended.is_none() {
            let Some(first) = self.wait(events)? else { break };
            for event in std::iter::once(first).chain(events.try_iter()) {
                self.sync_due()?;
                ended = self.take(event)?;
                if ended.is_some() {
                    break;
                }
            }
            self.draw()?;
        }
        Ok(ended.unwrap_or(End::Quit))
    }

    /// Opens what the user asked for on the command line.
    fn start(&mut self, start: Start) -> io::Result<Option<End>> {
        let paths = match start {
            Start::Sample => return self.perform(vec![Effect::OpenSample]),
            Start::Stores(paths) => paths,
        };
        if paths.is_empty() {
            return self.perform(vec![Effect::Recent(None)]);
        }
        let mut effects = Vec::new();
        app::filing::open_all(&mut self.app, paths, &mut effects);
        self.perform(effects)
    }

    /// The next event. `None` when nothing can come any more.
    fn wait(&mut self, events: &Receiver<Event>) -> io::Result<Option<Event>> {
        if std::mem::take(&mut self.goes_on) {
            match events.try_recv() {
                Ok(event) => {
                    self.goes_on = true;
                    return Ok(Some(event));
                }
                Err(TryRecvError::Empty) => return Ok(Some(Event::GoOn)),
                Err(TryRecvError::Disconnected) => return Ok(None),
            }
        }
        while let Some(time) = self.host.sync_time().into_iter().chain(self.beat).min() {
            match events.recv_timeout(time.saturating_duration_since(Instant::now())) {
                Ok(event) => return Ok(Some(event)),
                Err(RecvTimeoutError::Timeout) => {
                    let has_news = self.sync_due()?;
                    if self.show_progress()? || has_news {
                        self.draw()?;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
        Ok(events.recv().ok())
    }

    /// Whether the progress of other threads is to be drawn now.
    fn show_progress(&mut self) -> io::Result<bool> {
        let now = Instant::now();
        if self.beat.is_none_or(|beat| beat > now) {
            return Ok(false);
        }
        self.beat = (self.workers > 0).then(|| now + BEAT);
        let effects = app::update(&mut self.app, Input::Host(HostEvent::StillBusy));
        self.perform(effects)?;
        Ok(true)
    }

    /// Has another thread do this.
    fn employ(&mut self, name: &str, work: impl FnOnce() -> Done + Send + 'static) -> io::Result<()> {
        let report = Sender::clone(&self.report);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Nobody receives it when the program is ending anyway.
            let _ = report.send(Event::Done(Box::new(work())));
        })?;
        self.workers += 1;
        self.beat.get_or_insert_with(|| Instant::now() + PATIENCE);
        Ok(())
    }

    /// Takes in what another thread has done, and then what the user did meanwhile.
    fn done(&mut self, done: Done) -> io::Result<Option<End>> {
        self.workers = self.workers.saturating_sub(1);
        if self.workers == 0 {
            self.beat = None;
        }
        let stopped = self.app.busy.as_ref().is_some_and(|busy| busy.progress.is_stopped());
        let answer = match done {
            Done::Opened(read) => self.host.opened(read),
            Done::Saved(id, written) => self.host.saved(id, written),
            Done::Said(event) => event,
            Done::Checked(id, progress, Some(findings)) => HostEvent::Checked(id, progress, findings),
            Done::Checked(_, _, None) | Done::Stopped => return Ok(None),
        };
        if stopped {
            // It was meant for what did not come.
            self.held.clear();
        }
        let effects = app::update(&mut self.app, Input::Host(answer));
        let mut ended = self.perform(effects)?;
        while ended.is_none()
            && self.app.busy.is_none()
            && let Some(input) = self.held.pop_front()
        {
            ended = self.input(input)?;
        }
        Ok(ended)
    }

    /// Puts the journals on the disk that have waited long enough, also when inputs never stop. Whether there is
    /// something to say about it.
    fn sync_due(&mut self) -> io::Result<bool> {
        let answers = self.host.sync_due(Instant::now());
        let has_answers = !answers.is_empty();
        for answer in answers {
            let effects = app::update(&mut self.app, Input::Host(answer));
            self.perform(effects)?;
        }
        Ok(has_answers)
    }

    fn take(&mut self, event: Event) -> io::Result<Option<End>> {
        match event {
            Event::Inputs(Ok(inputs)) => {
                for input in inputs {
                    if self.is_held(&input) {
                        self.held.push_back(input);
                    } else if let Some(end) = self.input(input)? {
                        return Ok(Some(end));
                    }
                }
                Ok(None)
            }
            Event::Done(done) => self.done(*done),
            Event::Said(said) => self.input(Input::Host(*said)),
            Event::GoOn => self.input(Input::Host(HostEvent::GoOn)),
            Event::Inputs(Err(error)) => Ok(Some(End::Lost(error))),
            Event::Notice(notice) => self.notice(notice),
        }
    }

    /// Whether an input waits until everything goes on.
    fn is_held(&self, input: &Input) -> bool {
        let stops = |press: &KeyPress| matches!(press.to_string().as_str(), "Esc" | "Ctrl+C");
        self.app.busy.is_some()
            && match input {
                Input::Key(press) => !stops(press),
                Input::Paste(_) | Input::Mouse(_) => true,
                Input::Resize { .. } | Input::Focus(_) | Input::Host(_) => false,
            }
    }

    fn input(&mut self, input: Input) -> io::Result<Option<End>> {
        match input {
            Input::Resize { width, height } => self.picture.resize(width, height),
            Input::Key(press) if self.panic_key == Some(press) => provoked(),
            _ => {}
        }
        let effects = app::update(&mut self.app, input);
        self.perform(effects)
    }

    fn draw(&mut self) -> io::Result<()> {
        self.app.seen = self.picture.draw(&self.app, &self.settings.theme, &self.settings.glyphs)?;
        self.ask_for_names()
    }

    #[cfg_attr(windows, allow(clippy::unnecessary_wraps, clippy::unused_self))] // Nothing there stops a program.
    fn notice(&mut self, notice: watch::Notice) -> io::Result<Option<End>> {
        match notice {
            watch::Notice::End(signal) => Ok(Some(End::Signal(signal))),
            #[cfg(unix)]
            watch::Notice::Stop => {
                self.stop();
                Ok(None)
            }
            #[cfg(unix)]
            watch::Notice::Continue => {
                // Stopped by us or behind our back: the shell has set the terminal to its liking either way.
                session::restore();
                session::enter(self.settings.mouse)?;
                let (width, height) = session::size();
                self.picture.resize(width, height);
                self.input(Input::Resize { width, height })
            }
        }
    }

    #[cfg(unix)]
    fn stop(&mut self) {
        self.host.flush();
        watch::stop();
    }
}

/// Panics, for the test that the terminal is given back all the same.
#[allow(clippy::panic)]
fn provoked() {
    panic!("provoked by {PANIC_VARIABLE}");
}
