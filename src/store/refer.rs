//! What a change means by a name: which application, which level, which object, and who may link to whom.

use std::collections::BTreeSet;

use super::change::{Level, Name, Object, Place};
use super::perform::{ChangeError, refuse, refused};
use super::{Kind, ObjId, Store};

impl Store {
    /// `role definition "Reader" in scope "Joes VM Scope"`: how messages name an object.
    pub fn describe(&self, id: ObjId) -> String {
        let kind = self.kind(id);
        let name = self.name(id);
        if kind == Kind::Store {
            return "the store".to_owned();
        }
        let level = self.level(id);
        match self.kind(level) {
            Kind::Scope => format!("{kind} \"{name}\" in scope \"{}\"", self.name(level)),
            _ => format!("{kind} \"{name}\""),
        }
    }

    /// `scope "S"`, `application "A"`, `the store`: how messages name a level.
    pub fn describe_level(&self, level: ObjId) -> String {
        match self.kind(level) {
            Kind::Store => "the store".to_owned(),
            kind => format!("{kind} \"{}\"", self.name(level)),
        }
    }

    fn named_application(&self, place: &Place) -> Result<ObjId, ChangeError> {
        match &place.application {
            Some(name) => self.lookup(self.root(), Kind::Application, name),
            None => self.only_application(),
        }
    }

    /// The application, where the store has one only.
    pub fn only_application(&self) -> Result<ObjId, ChangeError> {
        let root = self.root();
        let mut applications = self.children_of(root, Kind::Application);
        let Some(first) = applications.next() else {
            return refuse("The store has no application yet. `create application NAME` makes one.");
        };
        if applications.next().is_none() {
            return Ok(first);
        }
        let applications = self.children_of(root, Kind::Application).take(5);
        let names: Vec<_> = applications.map(|id| format!("\"{}\"", self.name(id))).collect();
        refuse(format!(
            "The store has several applications ({}). Say which one with --app NAME.",
            names.join(", ")
        ))
    }

    pub(super) fn named_level(&self, place: &Place) -> Result<ObjId, ChangeError> {
        match &place.level {
            Level::Global => Ok(self.root()),
            Level::Application => self.named_application(place),
            Level::Scope(name) => {
                let application = self.named_application(place)?;
                self.lookup(application, Kind::Scope, name)
            }
        }
    }

    /// The object that a change names.
    pub fn named_object(&self, object: &Object) -> Result<ObjId, ChangeError> {
        match object.kind {
            Kind::Store => Ok(self.root()),
            Kind::Application => self.lookup(self.root(), Kind::Application, &object.name),
            kind => {
                let level = self.named_level(&object.place)?;
                self.lookup(level, kind, &object.name)
            }
        }
    }

    fn lookup(&self, level: ObjId, kind: Kind, name: &Name) -> Result<ObjId, ChangeError> {
        let text = match name {
            Name::Guid(guid) => {
                return match self
                    .by_guid(*guid)
                    .filter(|&id| self.kind(id) == kind && self.level(id) == level)
                {
                    Some(id) => Ok(id),
                    None => refuse(format!(
                        "There is no {kind} with the GUID {guid} in {}.",
                        self.describe_level(level)
                    )),
                };
            }
            Name::Text(text) => text,
        };
        if let Some(id) = self.the_only(level, kind, text)? {
            return Ok(id);
        }
        let mut message = format!("There is no {kind} \"{text}\" in {}.", self.describe_level(level));
        if let Some(&other) = self.named(level, text).first() {
            message = format!("{message} There is {}.", self.describe(other));
        }
        refuse(message)
    }

    /// The object of a kind at a level with exactly this name; refused where a file has several, because a change
    /// must not choose among them.
    fn the_only(&self, level: ObjId, kind: Kind, name: &str) -> Result<Option<ObjId>, ChangeError> {
        let (written, added) = self.namesakes(level, kind, name);
        let same: BTreeSet<ObjId> = written.take(5).chain(added).collect();
        if same.len() < 2 {
            return Ok(same.first().copied());
        }
        let guids = same.iter().take(5).filter_map(|&id| self.guid(id));
        let guids: Vec<_> = guids.map(|guid| format!("guid:{guid}")).collect();
        refuse(format!(
            "Several {}s in {} are called \"{name}\". Say which one: {}.",
            kind.word(),
            self.describe_level(level),
            if guids.is_empty() { "none of them has a GUID".to_owned() } else { guids.join(", ") }
        ))
    }

    /// The levels at which an object of `kind` is looked for from `level`: its own, the application's, and for groups
    /// the store's.
    pub fn visible_levels(&self, level: ObjId, kind: Kind) -> impl Iterator<Item = ObjId> + '_ {
        std::iter::successors(Some(level), |&level| self.parent(level))
            .filter(move |&level| self.kind(level) != Kind::Store || kind == Kind::Group)
    }

    /// The object that a reference from `level` means: the nearest one with this name.
    pub fn visible(&self, level: ObjId, kind: Kind, name: &str) -> Option<ObjId> {
        self.visible_levels(level, kind).find_map(|level| self.find(level, kind, name))
    }

    /// Whether an object at `level` may link to `target`.
    pub fn can_see(&self, level: ObjId, target: ObjId) -> bool {
        let home = self.level(target);
        self.visible_levels(level, self.kind(target)).any(|level| level == home)
    }

    pub(super) fn reference(&self, level: ObjId, kind: Kind, name: &Name) -> Result<ObjId, ChangeError> {
        match name {
            Name::Text(text) => {
                for seen in self.visible_levels(level, kind) {
                    if let Some(id) = self.the_only(seen, kind, text)? {
                        return Ok(id);
                    }
                }
                let mut levels = self.visible_levels(level, kind);
                let other = levels.find_map(|level| self.named(level, text).first().copied());
                let hint = other.map(|id| format!(" There is {}.", self.describe(id))).unwrap_or_default();
                refuse(format!(
                    "There is no {kind} \"{text}\" that {} can use.{hint}",
                    self.describe_level(level)
                ))
            }
            Name::Guid(guid) => self
                .by_guid(*guid)
                .filter(|&id| self.kind(id) == kind && self.can_see(level, id))
                .ok_or_else(|| {
                    refused(format!(
                        "There is no {kind} with the GUID {guid} that {} can use.",
                        self.describe_level(level)
                    ))
                }),
        }
    }

    pub(super) fn destination(&self, id: ObjId, to: &Level) -> Result<ObjId, ChangeError> {
        let Some(application) = self.application(id) else {
            return refuse(format!(
                "{} belongs to no application: it cannot go to a scope.",
                self.describe(id)
            ));
        };
        match to {
            Level::Application | Level::Global => Ok(application),
            Level::Scope(name) => self.lookup(application, Kind::Scope, name),
        }
    }
}
