//! What a rule is, and what it finds.

use super::{RULES, Realm, Sharing, Subject};
use crate::store::{Change, Kind, LeafId, LeafKind, ObjId, Store};
use crate::xml::Position;
use std::collections::BTreeSet;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Legal, but probably not what was meant, or not defined.
    Warning,
    /// Against what Authorization Manager documents: it may refuse the store, or decide otherwise than it reads.
    Error,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// `error`, `warning`, `info`, as in JSON and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A rule that every store should keep.
#[derive(Clone, Copy)]
pub struct Rule {
    /// `AZ-412`. Never changes its meaning.
    pub code: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What is wrong, in a few words: `role assignment without members`.
    pub title: &'static str,
    /// What it means, what Authorization Manager does (or that nobody knows), and how to mend it.
    pub help: &'static str,
    /// Finds what breaks the rule.
    pub test: Test,
    /// Changes that mend a finding and grant nobody anything new.
    pub fix: Option<Fix>,
}

/// A rule is its code.
impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

/// From a finding to the changes that mend it; none where this one cannot be mended safely.
pub type Fix = fn(&Store, &Finding) -> Vec<Change>;

/// How a rule is tested. The kind of test says how far a change can reach, which is what makes
/// [`Findings::update`](super::Findings::update) cheap.
#[derive(Clone, Copy)]
pub enum Test {
    /// Looks at one object, and at no more of others than their existence, kind, name, level and GUID, for those it
    /// links to, those that link to it, and those with its GUID.
    Object(Kinds, ObjectTest),
    /// Looks at the objects that have something in common: two or more, in the order of their numbers. Called once for
    /// each such set, and must cost no more than a few looks at each of them.
    Shared(Sharing, SharedTest),
    /// Looks at an object that links of this kind lead back to, and at the first of its links that does.
    Loop(LeafKind, LoopTest),
    /// Looks at an object of certain applications, at all that it grants and to whom, and at what everybody holds at
    /// the application's own level.
    Rights(RightsTest),
}

/// See [`Test::Rights`].
#[derive(Clone, Copy)]
pub struct RightsTest {
    /// Which applications the rule is about. May look at the names of applications, and at nothing else.
    pub about: fn(&Store, ObjId) -> bool,
    /// Which of their objects.
    pub kinds: Kinds,
    /// Whether an object breaks the rule. Called for each, in parallel: it must cost no more than a look at what the
    /// object itself holds.
    pub breaks: fn(&Realm<'_>, &Subject<'_>) -> bool,
    /// Reports an object that does.
    pub report: fn(&Realm<'_>, ObjId, &mut Report<'_>),
    /// What to say of the application instead, where more than [`FEW`](super::FEW) objects do.
    pub many: fn(&Realm<'_>, &BTreeSet<ObjId>) -> String,
}

/// See [`Test::Object`].
pub type ObjectTest = fn(&Subject<'_>, &mut Report<'_>);
/// See [`Test::Shared`].
pub type SharedTest = fn(&Store, &[ObjId], &mut Report<'_>);
/// See [`Test::Loop`].
pub type LoopTest = fn(&Store, LeafId, &mut Report<'_>);

/// A set of kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Everything.
    pub const ALL: Kinds = Kinds::of(&Kind::ALL);
    /// Everything but the store itself.
    pub const NAMED: Kinds = Kinds(Kinds::ALL.0 ^ Kinds::of(&[Kind::Store]).0);
    /// Task and role definitions.
    pub const DEFINITIONS: Kinds = Kinds::of(&[Kind::Task, Kind::Role]);

    /// The set of these kinds.
    pub const fn of(kinds: &[Kind]) -> Kinds {
        let mut bits = 0;
        let mut i = 0;
        while i < kinds.len() {
            bits |= 1 << kinds[i] as u8;
            i += 1;
        }
        Kinds(bits)
    }

    /// Whether the set holds the kind.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }
}

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code.
    pub code: &'static str,
    /// The rule's severity.
    pub severity: Severity,
    /// What is wrong here and what to do; one or two sentences. Names in it are as the file has them: whoever shows
    /// the message makes invisible characters visible.
    pub message: String,
    /// The object it is about.
    pub object: ObjId,
    /// The link, member or text of that object it is about.
    pub leaf: Option<LeafId>,
    /// A place in the file that is more exact than the leaf or the object, as an offset into the document's text.
    pub(super) offset: Option<u32>,
    pub(super) origin: Origin,
    pub(super) rule: &'static Rule,
}

/// Which kind of test found it: what is forgotten together and found again together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Object,
    Shared(Sharing),
    Loop(LeafKind),
    /// By the rule's code.
    Rights(&'static str),
}

impl Rule {
    pub(super) fn origin(&self) -> Origin {
        match self.test {
            Test::Object(..) => Origin::Object,
            Test::Shared(sharing, _) => Origin::Shared(sharing),
            Test::Loop(through, _) => Origin::Loop(through),
            Test::Rights(_) => Origin::Rights(self.code),
        }
    }
}

impl Finding {
    /// The rule that is broken.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// Where it stands in the file; `None` for what is not in the file yet.
    pub fn position(&self, store: &Store) -> Option<Position> {
        match (self.offset, self.leaf) {
            (Some(offset), _) => Some(store.document().position(offset)),
            (None, Some(leaf)) => store.leaf_position(leaf),
            (None, None) => store.position(self.object),
        }
    }
}

/// Takes what a test finds.
pub struct Report<'a> {
    pub(super) rule: &'static Rule,
    pub(super) found: &'a mut Vec<Finding>,
}

impl Report<'_> {
    /// Something is wrong with the object.
    pub fn object(&mut self, object: ObjId, message: impl Into<String>) {
        self.add(object, None, None, message.into());
    }

    /// Something is wrong with a leaf of the object.
    pub fn leaf(&mut self, object: ObjId, leaf: LeafId, message: impl Into<String>) {
        self.add(object, Some(leaf), None, message.into());
    }

    /// Something is wrong in the object, at this offset of the document's text.
    pub fn offset(&mut self, object: ObjId, offset: u32, message: impl Into<String>) {
        self.add(object, None, Some(offset), message.into());
    }

    fn add(&mut self, object: ObjId, leaf: Option<LeafId>, offset: Option<u32>, message: String) {
        let (rule, origin) = (self.rule, self.rule.origin());
        let Rule { code, severity, .. } = *rule;
        self.found.push(Finding { code, severity, message, object, leaf, offset, origin, rule });
    }
}

/// The rule of [`RULES`] with this code (in any case), for `--explain`.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

/// The changes that mend the finding; empty where there are no safe ones.
pub fn fix(store: &Store, finding: &Finding) -> Vec<Change> {
    finding.rule.fix.map_or_else(Vec::new, |fix| fix(store, finding))
}
