//! Adding and removing links and members.

use super::change::{Link, Name};
use super::edit::Edit;
use super::perform::{ChangeError, Work, refuse, refused};
use super::{GroupType, Guid, Kind, LeafId, LeafKind, ObjId, Store};
use crate::accounts::{self, Sid};

impl Store {
    /// The leaves that `links` become in an object of `kind` at `level`; refused where one does not belong there.
    pub(super) fn new_links(
        &self,
        level: ObjId,
        kind: Kind,
        group_type: GroupType,
        links: &[Link],
    ) -> Result<Vec<(LeafKind, String)>, ChangeError> {
        let mut leaves: Vec<(LeafKind, String)> = Vec::with_capacity(links.len());
        for link in links {
            check_belongs(kind, group_type, link)?;
            let leaf = match link {
                Link::Operation(name) => {
                    (LeafKind::OperationLink, self.linkable(level, Kind::Operation, name)?)
                }
                Link::Task(name) => (LeafKind::TaskLink, self.linkable(level, Kind::Task, name)?),
                Link::Role(name) => (LeafKind::TaskLink, self.linkable(level, Kind::Role, name)?),
                Link::Group(name) => (LeafKind::AppMemberLink, self.linkable(level, Kind::Group, name)?),
                Link::Member(sid) => (LeafKind::Member, member(sid)?),
                Link::NonMember(sid) => (LeafKind::NonMember, member(sid)?),
            };
            if leaves.contains(&leaf) {
                return refuse(format!("{} {} is named twice.", link.option(), link.value()));
            }
            leaves.push(leaf);
        }
        Ok(leaves)
    }

    /// The GUID text of the object that a link means.
    fn linkable(&self, level: ObjId, kind: Kind, name: &Name) -> Result<String, ChangeError> {
        let target = self.reference(level, kind, name)?;
        match self.guid(target) {
            Some(guid) => Ok(guid.to_string()),
            None => refuse(format!("{} has no GUID: nothing can link to it.", self.describe(target))),
        }
    }

    pub(super) fn add_links(
        &mut self,
        work: &mut Work,
        id: ObjId,
        links: &[Link],
    ) -> Result<(), ChangeError> {
        let group_type = self.group_type(id).unwrap_or(GroupType::Basic);
        work.select = Some(id);
        for (kind, text) in self.new_links(self.level(id), self.kind(id), group_type, links)? {
            if self.leaves_of(id, kind).any(|leaf| same_text(kind, &self.text(leaf), &text)) {
                return refuse(format!(
                    "{} already has the {} {}.",
                    self.describe(id),
                    kind.word(),
                    self.shown_text(kind, &text)
                ));
            }
            if kind.is_link()
                && let Some(target) = Guid::parse(&text).and_then(|guid| self.by_guid(guid))
                && let Some(way) = self.way(target, id)
            {
                let names: Vec<_> = way.iter().map(|&id| format!("\"{}\"", self.name(id))).collect();
                return refuse(format!(
                    "That would make a circle: \"{}\" would hold {}.",
                    self.name(id),
                    names.join(", which holds ")
                ));
            }
            let at = self.place_for(id, kind, &text);
            let leaf = self.make_leaf(id, kind, text, at);
            self.make(work, Edit::Leaf { id: leaf, live: true });
        }
        Ok(())
    }

    pub(super) fn remove_links(
        &mut self,
        work: &mut Work,
        id: ObjId,
        links: &[Link],
    ) -> Result<(), ChangeError> {
        work.select = Some(id);
        for link in links {
            let found: Vec<LeafId> = self.leaves(id).filter(|&leaf| self.is_meant(leaf, link)).collect();
            if found.is_empty() {
                return refuse(format!("{} has no {} {}.", self.describe(id), link.option(), link.value()));
            }
            for leaf in found {
                self.make(work, Edit::Leaf { id: leaf, live: false });
            }
        }
        Ok(())
    }

    /// Whether `link`, said of the leaf's owner, means this leaf. A link that dangles is meant by its GUID, a member
    /// that is no SID by its text.
    fn is_meant(&self, leaf: LeafId, link: &Link) -> bool {
        let kind = self.leaf_kind(leaf);
        let text = self.text(leaf);
        let target_is = |target_kind: Kind, name: &Name| match name {
            Name::Guid(guid) => Guid::parse(&text) == Some(*guid),
            Name::Text(name) => self
                .target(leaf)
                .is_some_and(|target| self.kind(target) == target_kind && self.name(target) == name.as_str()),
        };
        match link {
            Link::Operation(name) => kind == LeafKind::OperationLink && target_is(Kind::Operation, name),
            Link::Task(name) => kind == LeafKind::TaskLink && target_is(Kind::Task, name),
            Link::Role(name) => kind == LeafKind::TaskLink && target_is(Kind::Role, name),
            Link::Group(name) => kind == LeafKind::AppMemberLink && target_is(Kind::Group, name),
            Link::Member(sid) => kind == LeafKind::Member && same_text(kind, &text, sid),
            Link::NonMember(sid) => kind == LeafKind::NonMember && same_text(kind, &text, sid),
        }
    }

    /// The link that means the leaf, for `remove`. `None` for a leaf that is neither link nor member.
    pub fn link_of(&self, leaf: LeafId) -> Option<Link> {
        let text = self.text(leaf).into_owned();
        match self.leaf_kind(leaf) {
            LeafKind::Member => return Some(Link::Member(text)),
            LeafKind::NonMember => return Some(Link::NonMember(text)),
            kind if !kind.is_link() => return None,
            _ => {}
        }
        let owner_level = self.level(self.owner(leaf));
        if let Some(link) = self.target(leaf).and_then(|target| Link::to(self, owner_level, target)) {
            return Some(link);
        }
        let name = Name::Guid(Guid::parse(&text)?);
        Some(match self.leaf_kind(leaf) {
            LeafKind::OperationLink => Link::Operation(name),
            LeafKind::AppMemberLink => Link::Group(name),
            _ => Link::Task(name),
        })
    }

    /// What a leaf of this kind and text names, for people: the target's name, the SID.
    fn shown_text(&self, kind: LeafKind, text: &str) -> String {
        let target =
            if kind.is_link() { Guid::parse(text).and_then(|guid| self.by_guid(guid)) } else { None };
        target.map_or_else(|| text.to_owned(), |id| format!("\"{}\"", self.name(id)))
    }

    /// The way from `from` to `to` along task and group links, both ends included; `None` where there is none.
    pub fn way(&self, from: ObjId, to: ObjId) -> Option<Vec<ObjId>> {
        // What a node was reached from; the way is read off backwards.
        let mut reached = std::collections::HashMap::from([(from, from)]);
        let mut todo = vec![from];
        while let Some(here) = todo.pop() {
            if here == to {
                let mut way = vec![here];
                let mut at = here;
                while at != from {
                    at = reached[&at];
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            let links = self.leaves(here).filter(|&leaf| self.leaf_kind(leaf) != LeafKind::OperationLink);
            for target in links.filter_map(|leaf| self.target(leaf)) {
                reached.entry(target).or_insert_with(|| {
                    todo.push(target);
                    here
                });
            }
        }
        None
    }
}

/// Whether two texts of leaves of one kind mean the same: the same GUID, the same SID, else the same text.
pub(super) fn same_text(kind: LeafKind, a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    if kind.is_link() {
        return Guid::parse(a).is_some_and(|a| Guid::parse(b) == Some(a));
    }
    match (Sid::parse(a.trim()), Sid::parse(b.trim())) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn check_belongs(kind: Kind, group_type: GroupType, link: &Link) -> Result<(), ChangeError> {
    let fits = match link {
        Link::Operation(_) => matches!(kind, Kind::Task | Kind::Role),
        Link::Task(_) => matches!(kind, Kind::Task | Kind::Role | Kind::Assignment),
        Link::Role(_) => matches!(kind, Kind::Role | Kind::Assignment),
        Link::Member(_) | Link::Group(_) => matches!(kind, Kind::Assignment | Kind::Group),
        Link::NonMember(_) => kind == Kind::Group,
    };
    if !fits {
        return refuse(format!("{} takes no {}.", kind.capital_a(), link.option()));
    }
    if kind == Kind::Group && group_type != GroupType::Basic {
        return refuse(format!(
            "A group of type {} has no list of members: only basic groups have.",
            group_type.change_word()
        ));
    }
    Ok(())
}

/// The canonical text of a SID that can be a member.
fn member(text: &str) -> Result<String, ChangeError> {
    let sid = Sid::parse(text.trim()).map_err(|why| {
        refused(format!("\"{text}\" is no SID: {why}. A member is a SID such as S-1-5-32-544."))
    })?;
    if let Some(why) = accounts::never_a_member(&sid) {
        return refuse(format!("{sid} can never be a member: {why}."));
    }
    Ok(sid.to_string())
}
