//! Carrying out a change by primitive edits.
//!
//! Names and limits, levels, what belongs where and circles are checked here: what is created is strict even where
//! what is opened is tolerated. Every edit leaves its inverse in the [`Work`], so that a change refused half-way, or
//! the third change of a script, is taken back whole.

use std::borrow::Cow;

use thiserror::Error;

use super::change::{Change, Create};
use super::edit::Edit;
use super::{GroupType, Guid, Kind, LeafId, LeafKind, ObjId, Store, limits};

/// Why a change cannot be made. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ChangeError {
    /// What is wrong, and what would be right.
    pub message: String,
}

pub(super) fn refuse<T>(message: impl Into<String>) -> Result<T, ChangeError> {
    Err(ChangeError { message: message.into() })
}

pub(super) fn refused(message: impl Into<String>) -> ChangeError {
    ChangeError { message: message.into() }
}

/// What was done so far, and how to take it back.
#[derive(Default)]
pub(super) struct Work {
    /// The inverse of every edit, in the order in which they were made.
    pub undo: Vec<Edit>,
    /// What to show afterwards.
    pub select: Option<ObjId>,
    /// What else the change did, in sentences.
    pub notes: Vec<String>,
}

impl Store {
    pub(super) fn make(&mut self, work: &mut Work, edit: Edit) {
        let inverse = self.edit(edit);
        work.undo.push(inverse);
    }

    /// Carries out a change. Where it is refused, what `work` says was done has to be taken back.
    pub(super) fn perform(&mut self, work: &mut Work, change: &Change) -> Result<(), ChangeError> {
        match change {
            Change::Create(create) => self.create(work, create),
            Change::Delete(object) => {
                let id = self.named_object(object)?;
                if id == self.root() {
                    return refuse("The store itself cannot be deleted.");
                }
                self.delete(work, id);
                Ok(())
            }
            Change::Rename(object, new) => {
                let id = self.named_object(object)?;
                self.rename(work, id, new)
            }
            Change::Set(object, property, value) => {
                let id = self.named_object(object)?;
                self.set(work, id, *property, value)
            }
            Change::SetAttribute(object, name, value) => {
                let id = self.named_object(object)?;
                self.set_raw(work, id, name, value.as_deref())
            }
            Change::Add(object, links) => {
                let id = self.named_object(object)?;
                self.add_links(work, id, links)
            }
            Change::Remove(object, links) => {
                let id = self.named_object(object)?;
                self.remove_links(work, id, links)
            }
            Change::Copy { object, to, rename } => {
                let id = self.named_object(object)?;
                let level = match to {
                    Some(to) => self.destination(id, to)?,
                    None => self.level(id),
                };
                self.copy(work, id, level, rename.as_deref())
            }
            Change::Move { object, to } => {
                let id = self.named_object(object)?;
                let level = self.destination(id, to)?;
                self.move_to(work, id, level)
            }
        }
    }

    /// Refuses a name that another object at the level has, but for case.
    pub(super) fn check_free(
        &self,
        level: ObjId,
        kind: Kind,
        name: &str,
        except: Option<ObjId>,
    ) -> Result<(), ChangeError> {
        let space = kind.name_space();
        let taken = self
            .named(level, name)
            .into_iter()
            .find(|&id| Some(id) != except && self.kind(id).name_space() == space);
        match taken {
            None => Ok(()),
            Some(other) if self.name(other) == name => refuse(format!(
                "There is already {} \"{name}\" in {}.",
                self.kind(other).a(),
                self.describe_level(level)
            )),
            Some(other) => refuse(format!(
                "There is already {} \"{}\" in {}, which differs only in case.",
                self.kind(other).a(),
                self.name(other),
                self.describe_level(level)
            )),
        }
    }

    pub(super) fn check_operation_id(
        &self,
        application: ObjId,
        number: u32,
        except: Option<ObjId>,
    ) -> Result<(), ChangeError> {
        let taken = self
            .children_of(application, Kind::Operation)
            .find(|&id| Some(id) != except && self.operation_id(id) == Some(number));
        match taken {
            Some(other) => {
                refuse(format!("The number {number} belongs to operation \"{}\".", self.name(other)))
            }
            None => Ok(()),
        }
    }

    /// Whether the store is of schema 2.0, which knows business rule groups; what does not say so is not.
    pub fn is_schema_2(&self) -> bool {
        self.schema().0.trim() == "2"
    }

    fn create(&mut self, work: &mut Work, create: &Create) -> Result<(), ChangeError> {
        let kind = create.kind;
        let level = match kind {
            Kind::Store => return refuse("A store is made with `azedit new`."),
            Kind::Application => self.root(),
            _ => self.named_level(&create.place)?,
        };
        if !kind.belongs_in(self.kind(level)) {
            return refuse(format!("{} cannot hold {}.", self.describe_level(level), kind.a()));
        }
        limits::check_name(kind, &create.name).map_err(refused)?;
        self.check_free(level, kind, &create.name, None)?;
        if let Some(guid) = create.guid
            && let Some(other) = self.by_guid(guid)
        {
            return refuse(format!("The GUID {guid} belongs to {}.", self.describe(other)));
        }
        let description = create.description.as_deref();
        limits::check_length("A description", description.unwrap_or(""), limits::MAX_DESCRIPTION)
            .map_err(refused)?;

        let guid = create.guid.unwrap_or_else(Guid::random);
        let mut attributes: Vec<(Cow<'static, str>, String)> =
            vec![("Guid".into(), guid.to_string()), ("Name".into(), create.name.clone())];
        // azman.msc writes an empty description where none was typed, except in role assignments.
        if description.is_some() || kind != Kind::Assignment {
            attributes.push(("Description".into(), description.unwrap_or("").to_owned()));
        }
        let mut leaves = Vec::new();
        match kind {
            Kind::Application => {
                let version = create.version.as_deref().unwrap_or("");
                limits::check_length("A version", version, limits::MAX_VERSION).map_err(refused)?;
                attributes.push(("ApplicationVersion".into(), version.to_owned()));
            }
            Kind::Operation => {
                let Some(number) = create.id else { return refuse("An operation needs a number (--id N).") };
                if i32::try_from(number).is_err() {
                    return refuse(format!("{number} is no operation number: 0 to 2147483647."));
                }
                self.check_operation_id(level, number, None)?;
                leaves.push((LeafKind::OperationId, number.to_string()));
            }
            Kind::Task | Kind::Role => {
                attributes.push(("BizRuleImportedPath".into(), String::new()));
                if kind == Kind::Role {
                    attributes.push(("RoleDefinition".into(), "True".to_owned()));
                }
            }
            Kind::Group => {
                let group_type = create.group_type.unwrap_or(GroupType::Basic);
                self.check_group_type(group_type)?;
                attributes.push(("GroupType".into(), group_type.attribute().to_owned()));
                if self.is_schema_2() {
                    let language = if group_type == GroupType::BizRule { "VBScript" } else { "" };
                    leaves.push((LeafKind::BizRuleLanguage, language.to_owned()));
                }
                if let Some(query) = &create.query {
                    check_query(group_type, query)?;
                    leaves.push((LeafKind::LdapQuery, query.clone()));
                }
            }
            Kind::Scope | Kind::Assignment | Kind::Store => {}
        }
        let group_type = create.group_type.unwrap_or(GroupType::Basic);
        leaves.extend(self.new_links(level, kind, group_type, &create.links)?);

        let id = self.make_object(level, kind, guid, attributes);
        self.make_leaves(id, leaves);
        self.make(work, Edit::Object { id, live: true });
        work.select = Some(id);
        Ok(())
    }

    /// Gives an object that is not live yet its leaves, in the order in which azroles.dll writes them: by kind, links
    /// of one kind by GUID.
    pub(super) fn make_leaves(&mut self, id: ObjId, mut leaves: Vec<(LeafKind, String)>) {
        leaves.sort_by(|(a, a_text), (b, b_text)| {
            a.cmp(b).then_with(|| if a.is_link() { a_text.cmp(b_text) } else { std::cmp::Ordering::Equal })
        });
        for (at, (kind, text)) in leaves.into_iter().enumerate() {
            let leaf = self.make_leaf(id, kind, text, at);
            self.leaves[leaf.index()].live = true;
        }
    }

    pub(super) fn check_group_type(&self, group_type: GroupType) -> Result<(), ChangeError> {
        if group_type == GroupType::BizRule && !self.is_schema_2() {
            return refuse("Groups of type rule need schema 2.0; this store has schema 1.0.");
        }
        Ok(())
    }

    fn delete(&mut self, work: &mut Work, id: ObjId) {
        work.select = self.parent(id);
        for leaf in self.links_from_outside(id) {
            let target = self.target(leaf).unwrap_or(id);
            let (owner, target) = (self.describe(self.owner(leaf)), self.describe(target));
            let note = format!("The link from {owner} to {target} goes too.");
            // A link that a file repeats is one link.
            if work.notes.last() != Some(&note) {
                work.notes.push(note);
            }
            self.make(work, Edit::Leaf { id: leaf, live: false });
        }
        self.make(work, Edit::Object { id, live: false });
    }

    /// The links that would dangle if the object and everything in it went: what deleting removes too.
    pub fn links_from_outside(&self, id: ObjId) -> Vec<LeafId> {
        let mut links = Vec::new();
        let mut todo = vec![id];
        while let Some(doomed) = todo.pop() {
            todo.extend(self.children(doomed));
            // Where another object with the same GUID stays, the links go on meaning that one.
            let all_go = |guid| self.all_by_guid(guid).iter().all(|&other| self.is_within(other, id));
            if self.guid(doomed).is_some_and(all_go) {
                links.extend(
                    self.referrers(doomed).into_iter().filter(|&leaf| !self.is_within(self.owner(leaf), id)),
                );
            }
        }
        links.sort_unstable();
        links.dedup();
        links
    }

    /// Whether `id` is `ancestor` or stands in it.
    pub fn is_within(&self, id: ObjId, ancestor: ObjId) -> bool {
        std::iter::successors(Some(id), |&id| self.parent(id)).any(|id| id == ancestor)
    }

    fn rename(&mut self, work: &mut Work, id: ObjId, new: &str) -> Result<(), ChangeError> {
        let kind = self.kind(id);
        if kind == Kind::Store {
            return refuse("The store itself has no name; its file has.");
        }
        work.select = Some(id);
        if self.name(id) == new {
            return Ok(());
        }
        limits::check_name(kind, new).map_err(refused)?;
        self.check_free(self.level(id), kind, new, Some(id))?;
        self.set_attribute_to(work, id, "Name", new);
        Ok(())
    }
}

pub(super) fn check_query(group_type: GroupType, query: &str) -> Result<(), ChangeError> {
    if group_type != GroupType::LdapQuery {
        return refuse("Only a group of type ldap has a query.");
    }
    limits::check_length("An LDAP query", query, limits::MAX_QUERY).map_err(refused)
}
