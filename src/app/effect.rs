//! What the application asks of the outside, and what the outside answers.
//!
//! `update` never opens a file and knows no terminal: it returns [`Effect`]s. The host carries them out, in order
//! and before it hands over the next input, and reports each outcome as a [`HostEvent`] through
//! `Input::Host`. So the program is tested with a host made of plain memory.

use std::path::PathBuf;

use crate::accounts::{Map, Question, Reply};
use crate::check::Findings;
use crate::hyperv::cluster::Comparison;
use crate::hyperv::moves::Move;
use crate::hyperv::output::{HostError, Report, Told};
use crate::store::{Change, Merge, OpenError, Store};

use super::denied::Events;
use super::listing::Listed;
use super::machines::Source;
use super::paths::Recent;
use super::work::{Parcel, Progress};

/// Number of an open store. Never reused while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocId(pub u32);

/// A request to the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read this file, whose path is absolute. [`App::busy`](super::App::busy) is told how far that is. Answer: [`HostEvent::Opened`], [`HostEvent::NotOpened`] or [`HostEvent::HalfSaved`].
    Open(PathBuf),
    /// Give the file `kept` the name `path`, which nothing may have, and read it. Answer: as to [`Effect::Open`].
    PutBack {
        /// The store's name; absolute.
        path: PathBuf,
        /// What it is called now.
        kept: PathBuf,
    },
    /// Put this path at the head of the stores opened last, if one is given. Answer: [`HostEvent::Recent`].
    Recent(Option<PathBuf>),
    /// See what a path that is being typed could become. Answer: [`HostEvent::Completed`].
    Complete(String),
    /// Hand over the built-in sample store. Answer: [`HostEvent::Opened`] with neither path nor recovery.
    OpenSample,
    /// Write this document to its path. What to write, where and what the file must hold until then is
    /// `App::save_request(doc)`. Answer: [`HostEvent::Saved`].
    Save(DocId),
    /// Check this document, from a copy of it as it is now: its [`Check`](super::work::Check) is told how far that is.
    /// Answer, when it is done and was not stopped: [`HostEvent::Checked`].
    Check(DocId),
    /// Read who is listed where in this document, from a copy of it as it is now:
    /// [`Listing::progress`](super::listing::Listing::progress) is told how far that is, in objects. Answer:
    /// [`HostEvent::Listed`]; nobody waits for one that was stopped.
    List(DocId),
    /// Read exported events; the path is absolute. [`App::busy`](super::App::busy) is told how far that is, in bytes.
    /// Answer: [`HostEvent::Explained`].
    Explain(PathBuf),
    /// Find out what would allow the denials of the view on top that can be allowed, on a copy of the shown store:
    /// [`together`](crate::hyperv::explain::together). [`App::busy`](super::App::busy) is told how far that is. Answer:
    /// [`HostEvent::Allowed`].
    Allow,
    /// Look whether the log of the host says that Hyper-V could not read this document's file, which it does by itself
    /// soon after a save. Answer, some seconds later: [`HostEvent::LogSays`].
    AskLog(DocId),
    /// Compare these documents object by object. [`App::busy`](super::App::busy) is told how far that is. Answer:
    /// [`HostEvent::Compared`].
    Compare(Vec<DocId>),
    /// Find out what brings a document into line with another. Answer: [`HostEvent::Aligned`].
    Align {
        /// The one that is to be changed.
        store: DocId,
        /// The one that it is to be like.
        like: DocId,
    },
    /// See whether the file of this document still is what was last read or written: a look at its stamp, and at its
    /// bytes when that has changed. Answer: [`HostEvent::Looked`], but only when it is not what was answered last (at
    /// first: [`OnDisk::Same`]).
    Look(DocId),
    /// Append to (or end) the recovery journal of this document. No answer unless it fails
    /// ([`HostEvent::JournalFailed`]); documents without a path have no journal and send none.
    Journal(DocId, JournalStep),
    /// Read a text file, whose path is absolute. Answer: [`HostEvent::TextRead`].
    ReadText {
        /// Which file.
        path: PathBuf,
        /// What for.
        id: TextId,
    },
    /// Write a text file, as UTF-8 and with the line ends that the text has. Answer: [`HostEvent::TextWritten`].
    WriteText {
        /// Which file; absolute.
        path: PathBuf,
        /// All that it shall hold.
        text: String,
        /// What becomes of a file of this name.
        existing: Existing,
        /// What for.
        id: TextId,
    },
    /// List the earlier versions of this document's file. Answer: [`HostEvent::Versions`].
    ListVersions(DocId),
    /// Read these versions of this document's file. Answer: [`HostEvent::VersionsRead`].
    ReadVersions(DocId, Vec<String>),
    /// Put `App::restoring` in the place of this document's file. Answer: [`HostEvent::Restored`].
    Restore(DocId),
    /// Ask Windows who accounts are, on another thread. Answer to each, when it is known: [`HostEvent::Told`].
    Ask(Vec<Question>),
    /// Whoever did not answer may be asked again.
    AskAgain,
    /// Read a map of names. Answer: [`HostEvent::NamesRead`], but none where there is no such file and it was not asked
    /// for.
    ReadNames {
        /// Which file.
        path: PathBuf,
        /// The user asked for it; otherwise it may lie beside a store.
        asked: bool,
    },
    /// Ask for the virtual machines of a host, for this document. Its [`Machines::asking`](super::machines::Machines)
    /// stops that. Answer: [`HostEvent::Machines`].
    Machines(DocId, Source),
    /// Move virtual machines on a host. [`App::busy`](super::App::busy) stops that; what has moved stays. Answer:
    /// [`HostEvent::MachinesMoved`].
    MoveMachines {
        /// For which document.
        id: DocId,
        /// The host's name; `None` is the machine that azedit runs on.
        host: Option<String>,
        /// In this order.
        moves: Vec<Move>,
    },
    /// Put this text on the clipboard. Answer: [`HostEvent::Copied`].
    Copy(String),
    /// Find out which themes there are. Answer: [`HostEvent::Themes`].
    Themes,
    /// Wear this theme from now on. Answer: [`HostEvent::Worn`].
    Wear(String),
    /// Read the clipboard. Answer: [`HostEvent::Clipboard`].
    ReadClipboard,
    /// Answer [`HostEvent::GoOn`] when no input waits: a search is not at its end.
    GoOn,
    /// Take the mouse (`true`) or give it back to the terminal.
    Mouse(bool),
    /// Draw every cell again: something else wrote on the terminal.
    Redraw,
    /// Give the terminal to the shell until it is given back (Unix only; elsewhere nothing happens).
    Suspend,
    /// Leave. The application has asked about unsaved work already; a journal that still holds unsaved work stays.
    Quit,
}

/// What a text file is read or written for. The answer carries it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextId {
    /// The authorization rule that is being edited.
    Rule,
    /// What an export wrote; nothing is done with the answer but to say it.
    Export,
    /// A map of names that is written; nothing is done with the answer but to say it.
    Names,
    /// A script that moves virtual machines; it is written only.
    Script,
}

impl TextId {
    /// The most bytes that are read for this: a rule has at most 64 Ki characters.
    pub const fn limit(self) -> u64 {
        match self {
            TextId::Rule | TextId::Export | TextId::Names | TextId::Script => 1 << 20,
        }
    }
}

/// A theme that can be worn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeLine {
    /// Its name.
    pub name: String,
    /// What it says of itself, a sentence or nothing.
    pub about: String,
}

/// A theme that is worn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worn {
    /// As in [`Effect::Wear`].
    pub name: String,
    /// What is wrong in it, and was left out.
    pub faults: Vec<String>,
}

/// What becomes of a file that has the name of one to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Keep,
    /// It is replaced in one step; the state folder keeps what it held.
    Replace,
}

/// A text file as the host read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// The text, without a byte order mark, with the file's own line ends.
    pub text: String,
    /// Which encoding was guessed, where the file does not tell for certain: a sentence for the user.
    pub guessed: Option<String>,
}

/// Why a text was not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextFailure {
    /// There is a file of this name, and it was to stay. Holds the text that was to be written.
    Exists(String),
    /// The file is as it was; a sentence says why.
    Failed(String),
}

/// One line of the recovery journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalStep {
    /// A transaction: its label and the canonical change-language lines it is made of, GUIDs included.
    Apply {
        /// What the user did, e.g. `create scope "Joes VM Scope"`.
        label: String,
        /// Change-language lines.
        lines: Vec<String>,
    },
    /// The last applied transaction was undone.
    Undo,
    /// The last undone transaction was done again.
    Redo,
    /// Nothing unsaved is left (saved, reloaded or discarded): remove the journal.
    Clear,
}

/// A file as the host read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFile {
    /// Where it is, absolute; `None` for the sample and for standard input.
    pub path: Option<PathBuf>,
    /// What it holds.
    pub content: Content,
    /// Why it cannot be written, if it cannot: the document opens read-only with this reason.
    pub read_only: Option<String>,
    /// What an earlier run left unsaved for this path.
    pub recovery: Option<Recovery>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Every byte of it.
    Bytes(Vec<u8>),
    /// What reading these bytes gave, on another thread: they are many.
    Parsed(Parcel<Result<Store, OpenError>>),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        Content::Bytes(bytes)
    }
}

/// Unsaved work that an earlier run left in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// When its last line was written, ready to show, e.g. `22 November 03:01`.
    pub when: String,
    /// The steps in order, never [`JournalStep::Clear`].
    pub steps: Vec<JournalStep>,
    /// Whether the file still holds the bytes that the journal started from.
    pub baseline_unchanged: bool,
}

/// An earlier version of a file: what it held before a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What it is asked for by.
    pub id: String,
    /// When the save took place, ready to show.
    pub when: String,
    /// Who saved; empty where that is not known.
    pub who: String,
    /// What the log says about the save.
    pub what: String,
    /// It can still be read.
    pub is_kept: bool,
}

/// Why a save did not end well. The texts are whole sentences that say what is on disk now and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveFailure {
    /// The file is not what was read: nothing was written.
    Conflict {
        /// What the file holds now; `None` when it is gone or cannot be read.
        disk: Option<Vec<u8>>,
        /// What is known of the other writer, e.g. `changed at 03:01 by root`.
        message: String,
    },
    /// Nothing was written; the old file is complete.
    Failed(String),
    /// The new file is in place but the disk did not confirm it.
    Unconfirmed(String),
    /// The user stopped it; nothing was written.
    Stopped,
}

/// How the file of a document stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// It holds what was last read or written here.
    Same,
    /// It holds something else.
    Changed {
        /// What it holds now; `None` when it cannot be read.
        disk: Option<Vec<u8>>,
        /// What is known of the other writer, a sentence: `InitialStore.xml was changed by someone else at …`.
        message: String,
    },
    /// There is no file of that name any more.
    Gone,
}

/// A store that has lost its name, because a save was interrupted halfway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfSaved {
    /// As in [`Effect::Open`].
    pub path: PathBuf,
    /// What the store is called now; complete, as it was before that save.
    pub kept: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// When that was last written: `2026-11-22 03:01:45 UTC`.
    pub written: String,
}

/// What the host reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostEvent {
    /// A file was read, in answer to [`Effect::Open`] or [`Effect::OpenSample`].
    Opened(OpenedFile),
    /// A file could not be read: its path, and a sentence that says why.
    NotOpened {
        /// As in [`Effect::Open`].
        path: PathBuf,
        /// Why, and what to do; `None`: the user stopped it.
        message: Option<String>,
    },
    /// There is no such file, but what an interrupted save has left of it.
    HalfSaved(HalfSaved),
    /// The stores that were opened last, newest first.
    Recent(Vec<Recent>),
    /// What a path could become.
    Completed {
        /// As in [`Effect::Complete`].
        typed: String,
        /// Files and folders, each written as it would be typed, sorted; folders end with a separator.
        found: Vec<String>,
    },
    /// Opening or saving takes long: it is to be shown.
    StillBusy,
    /// A save ended. `Ok` holds how to get back to the version before it, a whole sentence
    /// (`Earlier version: azedit restore … 20261122-0301`), or nothing where there was none.
    Saved(DocId, Result<String, SaveFailure>),
    /// The earlier versions, the newest first, or why there is no list.
    Versions(DocId, Result<Vec<Version>, String>),
    /// The bytes of the versions that were asked for, in the same order, or why one cannot be read.
    VersionsRead(DocId, Vec<Result<Vec<u8>, String>>),
    /// A version took the place of the file, or did not: as with [`HostEvent::Saved`].
    Restored(DocId, Result<String, SaveFailure>),
    /// The file of a document has become another, or what it was, in answer to [`Effect::Look`].
    Looked(DocId, OnDisk),
    /// A document was checked, in answer to [`Effect::Check`]: which check it was, and what it found in the store as
    /// that was when it was asked for.
    Checked(DocId, Progress, Parcel<Findings>),
    /// Who an account is, in answer to [`Effect::Ask`].
    Told(Box<(Question, Reply)>),
    /// A map of names was read, in answer to [`Effect::ReadNames`]; `Err` is a sentence that names the file, and the line
    /// where one is none.
    NamesRead {
        /// As in [`Effect::ReadNames`].
        path: PathBuf,
        /// As in [`Effect::ReadNames`].
        asked: bool,
        /// What it holds.
        read: Result<Map, String>,
    },
    /// Who is listed where in a document as it was when that was asked for, and which reading it was.
    Listed(DocId, Progress, Parcel<Listed>),
    /// Exported events were read.
    Explained {
        /// As in [`Effect::Explain`].
        path: PathBuf,
        /// What they say; `Err` is a sentence that names the file and says why nobody knows; `None`: the user stopped
        /// it.
        explained: Option<Result<Parcel<Events>, String>>,
    },
    /// What would allow denials, in answer to [`Effect::Allow`]; `None`: it was stopped.
    Allowed(Option<Parcel<Vec<Change>>>),
    /// Whether Hyper-V said that it could not read the file, in answer to [`Effect::AskLog`]; `None`: the log cannot be
    /// asked.
    LogSays(DocId, Option<bool>),
    /// Documents were compared, in answer to [`Effect::Compare`]; `None`: it was stopped.
    Compared(Vec<DocId>, Option<Parcel<Comparison>>),
    /// What brings a document into line with another, in answer to [`Effect::Align`]; `None`: it was stopped.
    Aligned {
        /// As in [`Effect::Align`].
        store: DocId,
        /// As in [`Effect::Align`].
        like: DocId,
        /// The changes to choose among, or why there are none, as a sentence.
        found: Option<Parcel<Result<Merge, String>>>,
    },
    /// No input waits: now is the time for the rest of a search.
    GoOn,
    /// The recovery journal could not take a step, and why. It takes none from here on, until it is ended.
    JournalFailed(DocId, String),
    /// A text file was read; `Err` is a sentence that names the file and says why it was not.
    TextRead {
        /// As in [`Effect::ReadText`].
        path: PathBuf,
        /// As in [`Effect::ReadText`].
        id: TextId,
        /// What it holds.
        read: Result<TextFile, String>,
    },
    /// A text file was written, or not; `Ok` holds what the user should know besides, as a sentence, or nothing.
    TextWritten {
        /// As in [`Effect::WriteText`].
        path: PathBuf,
        /// As in [`Effect::WriteText`].
        id: TextId,
        /// What became of it.
        written: Result<String, TextFailure>,
    },
    /// What is wrong in the configuration, its key map or the theme; asked for by nobody, sent once at the start.
    Faults(Vec<String>),
    /// The themes that can be worn.
    Themes(Vec<ThemeLine>),
    /// A theme is worn.
    Worn(Worn),
    /// The virtual machines of a host, or what a script said of moves; or why there are none. In answer to
    /// [`Effect::Machines`].
    Machines {
        /// For which document.
        id: DocId,
        /// As in [`Effect::Machines`].
        source: Source,
        /// Which asking this was.
        progress: Progress,
        /// What was told.
        told: Box<Result<Told, HostError>>,
    },
    /// What came of moves, in answer to [`Effect::MoveMachines`]; `Err`: none was made.
    MachinesMoved(DocId, Result<Report, HostError>),
    /// The text went out; `Ok` says where it is (`to this computer's clipboard`), `Err` why it is nowhere, both as a
    /// part of a sentence.
    Copied(Result<String, String>),
    /// What the clipboard holds; `None` where it holds no text or cannot be read, as over SSH.
    Clipboard(Option<String>),
}
