//! Copying and moving objects between levels.

use std::borrow::Cow;
use std::collections::HashMap;

use super::edit::Edit;
use super::perform::{ChangeError, Work, refuse, refused};
use super::{Guid, Kind, LeafKind, ObjId, Store, limits};

/// An object to be made, with all that stands in it.
struct Blueprint {
    kind: Kind,
    guid: Guid,
    attributes: Vec<(Cow<'static, str>, String)>,
    leaves: Vec<(LeafKind, String)>,
    children: Vec<Blueprint>,
}

impl Store {
    pub(super) fn copy(
        &mut self,
        work: &mut Work,
        id: ObjId,
        level: ObjId,
        rename: Option<&str>,
    ) -> Result<(), ChangeError> {
        let kind = self.kind(id);
        if kind == Kind::Operation {
            return refuse(
                "An operation cannot be copied: each has a number of its own. Create one instead.",
            );
        }
        self.check_goes_to(id, level)?;
        let name = rename.map_or_else(|| self.name(id).into_owned(), str::to_owned);
        limits::check_name(kind, &name).map_err(refused)?;
        self.check_free(level, kind, &name, None)?;
        // Links inside what is copied go to the copies; all get their GUIDs first.
        let mut guids = HashMap::new();
        let mut todo = vec![id];
        while let Some(object) = todo.pop() {
            todo.extend(self.children(object));
            if self.has_unknown(object) {
                work.notes.push(format!("What is unknown in {} is not copied.", self.describe(object)));
            }
            if let Some(guid) = self.guid(object) {
                guids.insert(guid, Guid::random());
            }
        }
        let mut blueprint = self.blueprint(id, level, &guids)?;
        for (attribute, value) in &mut blueprint.attributes {
            if attribute == "Name" {
                value.clone_from(&name);
            }
        }
        let copy = self.build(level, blueprint);
        self.make(work, Edit::Object { id: copy, live: true });
        work.select = Some(copy);
        Ok(())
    }

    pub(super) fn move_to(&mut self, work: &mut Work, id: ObjId, level: ObjId) -> Result<(), ChangeError> {
        let kind = self.kind(id);
        if !matches!(kind, Kind::Task | Kind::Role | Kind::Assignment | Kind::Group) {
            return refuse(format!("{} cannot be moved.", kind.capital_a()));
        }
        self.check_goes_to(id, level)?;
        if self.level(id) == level {
            return refuse(format!("{} is already there.", self.describe(id)));
        }
        if self.has_unknown(id) {
            return refuse(format!(
                "{} holds elements or attributes that are not known and would be lost by moving it.",
                self.describe(id)
            ));
        }
        let Some(guid) = self.guid(id).filter(|&guid| self.by_guid(guid) == Some(id)) else {
            return refuse(format!(
                "{} has no GUID of its own: its links could not follow it.",
                self.describe(id)
            ));
        };
        self.check_free(level, kind, &self.name(id), None)?;
        for leaf in self.referrers(id) {
            let owner = self.owner(leaf);
            let from = self.level(owner);
            if owner != id && !self.visible_levels(from, kind).any(|seen| seen == level) {
                return refuse(format!(
                    "{} links to it and could not see it in {}.",
                    self.describe(owner),
                    self.describe_level(level)
                ));
            }
        }
        let blueprint = self.blueprint(id, level, &HashMap::from([(guid, guid)]))?;
        self.make(work, Edit::Object { id, live: false });
        let moved = self.build(level, blueprint);
        self.make(work, Edit::Object { id: moved, live: true });
        work.select = Some(moved);
        Ok(())
    }

    fn check_goes_to(&self, id: ObjId, level: ObjId) -> Result<(), ChangeError> {
        if self.kind(id).belongs_in(self.kind(level)) {
            return Ok(());
        }
        refuse(format!("{} cannot go to {}.", self.describe(id), self.describe_level(level)))
    }

    /// What to make so that it is like `id`, at `level`, with GUIDs replaced as `guids` says.
    fn blueprint(
        &self,
        id: ObjId,
        level: ObjId,
        guids: &HashMap<Guid, Guid>,
    ) -> Result<Blueprint, ChangeError> {
        let guid = self.guid(id).and_then(|guid| guids.get(&guid).copied()).unwrap_or_else(Guid::random);
        let mut attributes = vec![(Cow::Borrowed("Guid"), guid.to_string())];
        // An unknown attribute may need declarations that do not come along; what is unknown is not copied.
        let known = self.kind(id).attribute_order();
        for (name, value) in self.attributes(id) {
            if name != "Guid" && known.contains(&name.as_str()) {
                attributes.push((Cow::Owned(name), value));
            }
        }
        let mut leaves = Vec::new();
        for leaf in self.leaves(id) {
            let kind = self.leaf_kind(leaf);
            let text = self.text(leaf);
            let text = if !kind.is_link() {
                text.into_owned()
            } else if let Some(copied) = Guid::parse(&text).and_then(|guid| guids.get(&guid)) {
                copied.to_string()
            } else {
                match self.target(leaf) {
                    Some(target) if self.can_see(level, target) => text.into_owned(),
                    Some(target) => {
                        return refuse(format!(
                            "{} uses {}, which {} cannot see.",
                            self.describe(id),
                            self.describe(target),
                            self.describe_level(level)
                        ));
                    }
                    None => {
                        return refuse(format!(
                            "{} has a link to nothing ({text}). Remove it first.",
                            self.describe(id)
                        ));
                    }
                }
            };
            leaves.push((kind, text));
        }
        // What stands in a scope or an application sees what that sees, and what comes along is in `guids`.
        let children =
            self.children(id).map(|child| self.blueprint(child, level, guids)).collect::<Result<_, _>>()?;
        Ok(Blueprint { kind: self.kind(id), guid, attributes, leaves, children })
    }

    /// Makes what a blueprint says; its top object is not live yet.
    fn build(&mut self, level: ObjId, blueprint: Blueprint) -> ObjId {
        let id = self.make_object(level, blueprint.kind, blueprint.guid, blueprint.attributes);
        for (at, (kind, text)) in blueprint.leaves.into_iter().enumerate() {
            let leaf = self.make_leaf(id, kind, text, at);
            self.leaves[leaf.index()].live = true;
        }
        for child in blueprint.children {
            let child = self.build(id, child);
            self.objects[child.index()].live = true;
        }
        id
    }
}
