//! The state of the interactive program: plain data, changed by `update` alone.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::access::guard::Facts;
use crate::accounts::Names;
use crate::hyperv;
use crate::store::{Guid, Store};
use crate::xml::Rendering;

use super::about::{About, AboutFile};
use super::actions::Id;
use super::clip::Clip;
use super::comparing::Comparing;
use super::dialog::{AccessView, Dialog};
use super::doc::Doc;
use super::effect::DocId;
use super::keymap::Keymap;
use super::layout::{self, Layout, Pane, Wishes};
use super::machines::Source;
use super::merging::Merging;
use super::naming::Naming;
use super::paths::Recent;
use super::search::{Hunt, Needle, Search};
use super::seen::Seen;
use super::sheet::Edit;
use super::versions::{Looking, Restoring};
use super::work::Busy;

/// Messages kept in the log.
const LOG: usize = 1000;
/// Key presses for which news stays in the status line; an objection goes with the next key.
const NEWS_KEYS: u8 = 8;

/// See [`App::locate`].
pub type Locate = fn(&str) -> Result<PathBuf, String>;
/// See [`App::same_file`].
pub type SameFile = fn(&Path, &Path) -> bool;

/// What follows when the save under way has ended well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AfterSave {
    /// Nothing: work goes on.
    #[default]
    Stay,
    /// The saved store is closed.
    Close,
    /// The next unsaved store is saved, and after the last one the program is left.
    Quit,
}

/// The whole program.
#[allow(clippy::struct_excessive_bools)] // Each is a state of its own.
pub struct App {
    /// The open stores.
    pub docs: Vec<Doc>,
    /// The shown one: an index into `docs`.
    pub current: usize,
    /// The pane with the keyboard.
    pub focus: Pane,
    /// What stands over the panes; the last one has the keyboard.
    pub dialogs: Vec<Dialog>,
    /// The access view as it was when a link was followed out of it, and of which store.
    pub left_access: Option<(DocId, Box<AccessView>)>,
    /// The search line, while it is typed.
    pub search: Option<Search>,
    /// What was copied last.
    pub clip: Option<Clip>,
    /// What was searched for last.
    pub wanted: String,
    /// The matches of the search that is on; `None` after Esc.
    pub hunt: Option<Hunt>,
    /// The host was asked to call again for the rest of a search.
    pub goes_on: bool,
    /// What the last frame showed where. The host puts it here when it has drawn.
    pub seen: Seen,
    /// The mouse is ours; the terminal's own selection needs Shift meanwhile.
    pub mouse: bool,
    /// The divider is being dragged.
    pub dragging: bool,
    /// Columns of the tree, where the divider was moved.
    pub tree_width: Option<u16>,
    /// What was run from the palette, the last first.
    pub recent: Vec<Id>,
    /// Lines of the change language that were typed, the last first.
    pub typed: Vec<String>,
    /// Columns and rows of the window.
    pub size: (u16, u16),
    /// No borders, and the terminal's cursor on the selection.
    pub plain: bool,
    /// Developer mode, as in azman.msc: applications and operations can be created, renamed and deleted.
    pub developer: bool,
    /// Nothing may be changed: the user said so when he started the program.
    pub read_only: bool,
    /// Which key runs what.
    pub keys: Arc<Keymap>,
    /// The name of the theme that is worn.
    pub theme: String,
    /// The configuration file, whether it is there or not.
    pub config: Option<PathBuf>,
    /// What the status line says.
    pub message: Option<Message>,
    /// What it said before, oldest first.
    pub log: Vec<Message>,
    /// The version that is being read, and what for.
    pub looking: Option<Looking>,
    /// The version that is to take the place of a file.
    pub restoring: Option<Restoring>,
    /// The merge that is being decided.
    pub merging: Option<Merging>,
    /// What is remembered of comparing stores.
    pub comparing: Comparing,
    /// What follows when the save under way has ended well.
    pub after_save: AfterSave,
    /// The stores that were opened last, newest first.
    pub opened_before: Vec<Recent>,
    /// Opening or saving, while it is under way: everything waits for it.
    pub busy: Option<Busy>,
    /// Stores that the user asked for at the start and that are not opened yet; the first one is shown in the end.
    pub to_open: Option<VecDeque<PathBuf>>,
    /// What a store's name means that the user writes (a path, an `msxml://` URL): an absolute path, or why there is
    /// none. The host gives its own; without one a name is a path.
    pub locate: Locate,
    /// Whether two paths lead to one file. The host gives its own; without one, equal paths do.
    pub same_file: SameFile,
    /// What is to be known of a file before it is changed. The host gives its own; without one, nothing.
    pub about_file: AboutFile,
    /// Whether Hyper-V hosts can be asked from here. The host says so; elsewhere their machines are read from files.
    pub asks_hosts: bool,
    /// Whom to ask for the machines of the first store that is opened and can have some.
    pub machines_of: Option<Source>,
    /// What the guard over saves has to know: who saves, and what programs need.
    pub facts: Facts,
    /// Who accounts are, as far as maps or Windows have told. Shared, so that it can be read while a store is changed.
    pub names: Arc<Names>,
    /// What has been asked about accounts, and what for.
    pub naming: Naming,
    /// Where the GUIDs of new objects come from; tests give their own.
    pub new_guid: fn() -> Guid,
    next_doc: u32,
}

impl Default for App {
    fn default() -> App {
        App::new()
    }
}

/// What the status line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A sentence.
    pub text: String,
    /// Something went wrong or cannot be done.
    pub is_error: bool,
    /// Key presses until it goes.
    pub keys_left: u8,
}

impl Message {
    /// Whether it was said by the last key.
    pub fn is_fresh(&self) -> bool {
        self.keys_left == NEWS_KEYS || self.is_error
    }
}

/// What the host needs to save a document.
pub struct SaveRequest<'a> {
    /// Where to.
    pub path: &'a Path,
    /// What to write.
    pub new: Rendering,
    /// What the file must hold until then; `None`: there must be no file.
    pub baseline: Option<&'a Rendering>,
    /// The store that the written bytes must read as.
    pub store: &'a Store,
    /// What was done, for the log: labels of the unsaved transactions.
    pub what: String,
}

impl App {
    /// A program without a store, in a window of 80 × 24.
    pub fn new() -> App {
        App {
            docs: Vec::new(),
            current: 0,
            focus: Pane::Tree,
            dialogs: Vec::new(),
            left_access: None,
            search: None,
            clip: None,
            wanted: String::new(),
            hunt: None,
            goes_on: false,
            seen: Seen::default(),
            mouse: true,
            dragging: false,
            tree_width: None,
            recent: Vec::new(),
            typed: Vec::new(),
            size: (80, 24),
            plain: false,
            keys: Arc::default(),
            theme: "dark".to_owned(),
            config: None,
            developer: false,
            read_only: false,
            message: None,
            log: Vec::new(),
            looking: None,
            restoring: None,
            merging: None,
            comparing: Comparing::default(),
            after_save: AfterSave::Stay,
            opened_before: Vec::new(),
            busy: None,
            to_open: None,
            locate: |name| Ok(PathBuf::from(name)),
            same_file: |one, other| one == other,
            about_file: |_| About::default(),
            asks_hosts: false,
            machines_of: None,
            facts: hyperv::guard::facts(Vec::new(), None),
            names: Arc::default(),
            naming: Naming::default(),
            new_guid: Guid::random,
            next_doc: 0,
        }
    }

    /// The shown store.
    pub fn doc(&self) -> Option<&Doc> {
        self.docs.get(self.current)
    }

    /// The same, to change it.
    pub fn doc_mut(&mut self) -> Option<&mut Doc> {
        self.docs.get_mut(self.current)
    }

    /// An open store by its number.
    pub fn document(&self, id: DocId) -> Option<&Doc> {
        self.docs.iter().find(|doc| doc.id == id)
    }

    /// The same, to change it.
    pub fn document_mut(&mut self, id: DocId) -> Option<&mut Doc> {
        self.docs.iter_mut().find(|doc| doc.id == id)
    }

    /// What the host needs to carry out [`Effect::Save`](super::Effect::Save).
    pub fn save_request(&self, id: DocId) -> Option<SaveRequest<'_>> {
        let doc = self.document(id)?;
        Some(SaveRequest {
            path: doc.save_to.as_deref().or(doc.path.as_deref())?,
            new: doc.session.store().rendering(),
            baseline: (doc.on_disk && doc.save_to.is_none()).then(|| doc.session.saved()),
            store: doc.session.store(),
            what: doc.what_is_saved(),
        })
    }

    /// A number for a store that is being opened.
    pub fn new_doc_id(&mut self) -> DocId {
        self.next_doc = self.next_doc.saturating_add(1);
        DocId(self.next_doc)
    }

    /// The screen, cut.
    pub fn layout(&self) -> Layout {
        let wishes = Wishes {
            focus: self.focus,
            plain: self.plain,
            has_filter: self.doc().is_some_and(|doc| doc.filter.is_some()),
            tree_width: self.tree_width,
        };
        layout::layout(self.size.0, self.size.1, wishes)
    }

    /// Tells something; it stays for some keys and in the log.
    pub fn tell(&mut self, text: impl Into<String>) {
        self.say(text.into(), false, NEWS_KEYS);
    }

    /// Says why something cannot be done; it goes with the next key.
    pub fn object(&mut self, text: impl Into<String>) {
        self.say(text.into(), true, 1);
    }

    /// Reports that something went wrong; it stays for some keys and in the log.
    pub fn fail(&mut self, text: impl Into<String>) {
        self.say(text.into(), true, NEWS_KEYS);
    }

    fn say(&mut self, text: String, is_error: bool, keys_left: u8) {
        let message = Message { text, is_error, keys_left };
        // Holding a key down that cannot act says the same again and again.
        if self.log.last().is_none_or(|last| last.text != message.text) {
            if self.log.len() >= LOG {
                self.log.remove(0);
            }
            self.log.push(message.clone());
        }
        self.message = Some(message);
    }

    /// One more key was pressed: a message that could be read goes.
    pub fn age_message(&mut self) {
        if let Some(message) = &mut self.message {
            message.keys_left = message.keys_left.saturating_sub(1);
            if message.keys_left == 0 {
                self.message = None;
            }
        }
    }

    /// The text that is searched for, or else filtered by: it stands out wherever it is shown.
    pub fn needle(&self) -> Option<&Needle> {
        use super::scan::Test;
        let scan = match &self.hunt {
            Some(hunt) => &hunt.scan,
            None => self.doc()?.filter.as_ref()?.scan(),
        };
        match &scan.test {
            Test::Text(needle) if !needle.is_empty() => Some(needle),
            _ => None,
        }
    }

    /// The property being edited in the details.
    pub fn edit(&self) -> Option<&Edit> {
        self.doc().and_then(|doc| doc.sheet.edit.as_ref())
    }

    /// Why nothing can be changed in the shown store, if so.
    pub fn why_read_only(&self) -> Option<Cow<'_, str>> {
        self.why_not_changed(self.doc()?)
    }

    /// Why nothing can be changed in this store, if so.
    pub fn why_not_changed<'a>(&'a self, doc: &'a Doc) -> Option<Cow<'a, str>> {
        if doc.aside.is_some() {
            return Some("a save is under way".into());
        }
        if doc.recovery.is_some() && self.why_not_written(doc).is_none() {
            let why = format!(
                "what an earlier run left is not decided yet: {} asks again",
                self.keys.named(Id::Reload)
            );
            return Some(why.into());
        }
        self.why_not_written(doc).map(Cow::from)
    }

    /// Why the shown store could not be saved, whatever is decided here, if so.
    pub fn why_unwritable(&self) -> Option<&str> {
        self.why_not_written(self.doc()?)
    }

    fn why_not_written<'a>(&'a self, doc: &'a Doc) -> Option<&'a str> {
        if self.read_only {
            return Some("azedit was started with --read-only");
        }
        doc.read_only.as_deref()
    }
}
