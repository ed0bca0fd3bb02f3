//! Presses keys on the program, plays its host with plain memory, and says what the screen shows.

use std::cell::Cell;
use std::collections::HashMap;

use azedit::app::{
    self, App, Effect, HostEvent, Input, JournalStep, OpenedFile, Recovery, SaveFailure, input,
};
use azedit::store::{Guid, Store};
use azedit::ui::glyphs::{Glyphs, Tier};
use azedit::ui::theme::{Face, NAMES, Theme};
use azedit::ui::{self};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

/// The sample that the program comes with.
pub const SAMPLE: &[u8] = include_bytes!("../../assets/InitialStore.xml");
/// Where the tests' store is.
pub const PATH: &str = "/stores/InitialStore.xml";

/// The program, its host and its screen.
pub struct Driver {
    pub app: App,
    /// The disk.
    pub files: HashMap<String, Vec<u8>>,
    /// The recovery journal.
    pub journal: Vec<JournalStep>,
    pub copied: Vec<String>,
    /// Changes that were journaled, ever.
    pub applied: usize,
    pub has_quit: bool,
    /// What an earlier run left for the next file that is opened.
    pub recovery: Option<Vec<JournalStep>>,
    /// The first frame of a store that is seen before it is checked.
    pub seen_unchecked: Option<String>,
    pub tier: Tier,
    pub theme: &'static str,
}

impl Driver {
    /// The program without a store, 80 × 24.
    pub fn start() -> Driver {
        let mut driver = Driver {
            app: App::new(),
            files: HashMap::new(),
            journal: Vec::new(),
            copied: Vec::new(),
            applied: 0,
            has_quit: false,
            recovery: None,
            seen_unchecked: None,
            tier: Tier::Unicode,
            theme: "mono",
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
        driver.host(Effect::Open(PATH.to_owned()));
        driver
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
        for effect in app::update(&mut self.app, input) {
            self.host(effect);
        }
        self
    }

    /// Carries out an effect on the disk in memory.
    pub fn host(&mut self, effect: Effect) {
        let event = match effect {
            Effect::Open(path) => match self.files.get(&path) {
                Some(bytes) => HostEvent::Opened(OpenedFile {
                    path: Some(path.into()),
                    bytes: bytes.clone(),
                    read_only: None,
                    recovery: self.recovery.clone().map(|steps| Recovery {
                        when: "22 November 03:01".to_owned(),
                        steps,
                        baseline_unchanged: true,
                    }),
                }),
                None => HostEvent::NotOpened { message: format!("{path}: there is no such file."), path },
            },
            Effect::OpenSample => HostEvent::Opened(OpenedFile {
                path: None,
                bytes: SAMPLE.to_vec(),
                read_only: None,
                recovery: None,
            }),
            Effect::Save(id) => {
                let request = self.app.save_request(id).unwrap();
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
                    self.files.insert(path, bytes);
                    HostEvent::Saved(id, Ok("Earlier version: 20261122-0301.".to_owned()))
                } else {
                    let disk = disk.cloned();
                    let message = "The file was changed by someone else.".to_owned();
                    HostEvent::Saved(id, Err(SaveFailure::Conflict { disk, message }))
                }
            }
            Effect::Check(id) => {
                self.seen_unchecked = Some(self.text());
                HostEvent::Check(id)
            }
            Effect::Journal(_, JournalStep::Clear) => return self.journal.clear(),
            Effect::Journal(_, step) => {
                self.applied += usize::from(matches!(step, JournalStep::Apply { .. }));
                return self.journal.push(step);
            }
            Effect::Copy(text) => {
                self.copied.push(text);
                HostEvent::Copied(Ok("Copied.".to_owned()))
            }
            Effect::Quit => {
                self.has_quit = true;
                return;
            }
            Effect::Redraw | Effect::Suspend => return,
        };
        self.input(Input::Host(event));
    }

    pub fn draw(&mut self) -> (Buffer, Option<Position>) {
        let theme = Theme::builtin(self.theme).unwrap();
        self.draw_with(&theme)
    }

    fn draw_with(&mut self, theme: &Theme) -> (Buffer, Option<Position>) {
        let (width, height) = self.app.size;
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height));
        let cursor = ui::paint_all(&self.app, theme, Glyphs::of(self.tier), &mut buffer);
        (buffer, cursor)
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
