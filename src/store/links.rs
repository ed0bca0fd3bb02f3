//! Adding and removing links and members.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
        let mut named = HashSet::with_capacity(links.len());
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
            if !named.insert(leaf.clone()) {
                return refuse(format!("{} {} is named twice.", link.option(), link.value()));
            }
            leaves.push(leaf);
        }
        Ok(leaves)
    }

    /// Whether `add` would take the link, if the object had it not and it made no circle.
    pub fn takes(&self, id: ObjId, link: &Link) -> bool {
        let group_type = self.group_type(id).unwrap_or(GroupType::Basic);
        self.new_links(self.level(id), self.kind(id), group_type, std::slice::from_ref(link)).is_ok()
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
        let new = self.new_links(self.level(id), self.kind(id), group_type, links)?;
        let mut texts: BTreeMap<LeafKind, Vec<String>> = BTreeMap::new();
        for (kind, text) in new {
            if !self.held(id, &(kind, Meaning::of(kind, &text))).is_empty() {
                return refuse(format!(
                    "{} already has the {} {}.",
                    self.describe(id),
                    kind.word(),
                    self.shown_text(kind, &text)
                ));
            }
            texts.entry(kind).or_default().push(text);
        }
        let links = texts.iter().filter(|(kind, _)| kind.is_link()).flat_map(|(_, texts)| texts);
        let targets = links.filter_map(|text| self.by_guid(Guid::parse(text)?)).collect();
        if let Some(way) = self.way(targets, id) {
            let names: Vec<_> = way.iter().map(|&id| format!("\"{}\"", self.name(id))).collect();
            return refuse(format!(
                "That would make a circle: \"{}\" would hold {}.",
                self.name(id),
                names.join(", which holds ")
            ));
        }
        for (kind, mut texts) in texts {
            let mut leaves = self.come_back(id, kind, &mut texts);
            if !texts.is_empty() {
                leaves.extend(self.make_links(id, kind, texts));
            }
            for leaf in leaves {
                self.make(work, Edit::Leaf { id: leaf, live: true });
            }
        }
        Ok(())
    }

    /// Links and members that the file holds and that were removed, taken out of `texts`: when they are added again they
    /// stand where they stood, and no byte of them is another.
    fn come_back(&mut self, owner: ObjId, kind: LeafKind, texts: &mut Vec<String>) -> Vec<LeafId> {
        let mut leaves = Vec::new();
        texts.retain(|text| {
            let ever = self.ever_held(owner, &(kind, Meaning::of(kind, text))).into_iter();
            let mut removed = ever.filter(|&leaf| {
                self.is_original_leaf(leaf) && !self.leaf(leaf).live && self.text(leaf) == text.as_str()
            });
            // Of several the first, as a fix that leaves one of them says.
            let back = removed.next();
            leaves.extend(back);
            back.is_none()
        });
        leaves
    }

    pub(super) fn remove_links(
        &mut self,
        work: &mut Work,
        id: ObjId,
        links: &[Link],
    ) -> Result<(), ChangeError> {
        work.select = Some(id);
        for link in links {
            let key = match link {
                Link::Member(sid) => Some((LeafKind::Member, Meaning::of(LeafKind::Member, sid))),
                Link::NonMember(sid) => Some((LeafKind::NonMember, Meaning::of(LeafKind::NonMember, sid))),
                Link::Operation(name) => self.linked(id, LeafKind::OperationLink, Kind::Operation, name)?,
                Link::Task(name) => self.linked(id, LeafKind::TaskLink, Kind::Task, name)?,
                Link::Role(name) => self.linked(id, LeafKind::TaskLink, Kind::Role, name)?,
                Link::Group(name) => self.linked(id, LeafKind::AppMemberLink, Kind::Group, name)?,
            };
            // A link that a file repeats is one link: all of it goes.
            let found = key.map(|key| self.held(id, &key)).unwrap_or_default();
            if found.is_empty() {
                return refuse(format!("{} has no {} {}.", self.describe(id), link.option(), link.value()));
            }
            for leaf in found {
                self.make(work, Edit::Leaf { id: leaf, live: false });
            }
        }
        Ok(())
    }

    /// Which link of `owner` a name means. Of several targets with this name it is the one that a reference from here
    /// finds; where it finds none of them, only a GUID can tell. `None`: there is no such link.
    fn linked(
        &mut self,
        owner: ObjId,
        link: LeafKind,
        kind: Kind,
        name: &Name,
    ) -> Result<Option<(LeafKind, Meaning)>, ChangeError> {
        let guid = match name {
            Name::Guid(guid) => Some(*guid),
            Name::Text(text) => {
                let nearest = self.visible(self.level(owner), kind, text);
                // Nearly always it is linked, and the other links need not be looked at.
                let guid = nearest.and_then(|nearest| self.guid(nearest));
                if let Some(key) = guid.map(|guid| (link, Meaning::Guid(guid)))
                    && guid.and_then(|guid| self.by_guid(guid)) == nearest
                    && !self.held(owner, &key).is_empty()
                {
                    return Ok(Some(key));
                }
                let targets: BTreeSet<ObjId> = self
                    .leaves_of(owner, link)
                    .filter_map(|leaf| self.target(leaf))
                    .filter(|&target| self.kind(target) == kind && self.name(target) == text.as_str())
                    .collect();
                let target = match nearest.filter(|nearest| targets.contains(nearest)) {
                    Some(nearest) => Some(nearest),
                    None if targets.len() > 1 => {
                        return refuse(format!(
                            "{} links to several objects called \"{text}\". Say which one with guid:….",
                            self.describe(owner)
                        ));
                    }
                    None => targets.first().copied(),
                };
                target.and_then(|target| self.guid(target))
            }
        };
        Ok(guid.map(|guid| (link, Meaning::Guid(guid))))
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
        let by_name = self.target(leaf).and_then(|target| Link::to(self, owner_level, target));
        let fits = |link: &Link| match self.leaf_kind(leaf) {
            LeafKind::OperationLink => matches!(link, Link::Operation(_)),
            LeafKind::AppMemberLink => matches!(link, Link::Group(_)),
            _ => matches!(link, Link::Task(_) | Link::Role(_)),
        };
        if let Some(link) = by_name.filter(fits) {
            return Some(link);
        }
        // It dangles, or it is a link of one kind to an object of another: its GUID says what is meant.
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

    /// The way from one of `from` to `to` along task and group links, both ends included; `None` where there is none.
    fn way(&self, from: Vec<ObjId>, to: ObjId) -> Option<Vec<ObjId>> {
        // What a node was reached from, for the first ones nothing; the way is read off backwards.
        let mut reached: HashMap<ObjId, Option<ObjId>> = from.iter().map(|&id| (id, None)).collect();
        let mut todo = from;
        while let Some(here) = todo.pop() {
            if here == to {
                let before = |&at: &ObjId| reached.get(&at).copied().flatten();
                let mut way: Vec<ObjId> = std::iter::successors(Some(here), before).collect();
                way.reverse();
                return Some(way);
            }
            let links = self.leaves(here).filter(|&leaf| self.leaf_kind(leaf) != LeafKind::OperationLink);
            for target in links.filter_map(|leaf| self.target(leaf)) {
                reached.entry(target).or_insert_with(|| {
                    todo.push(target);
                    Some(here)
                });
            }
        }
        None
    }

    /// What the leaf is and means: two leaves of an object that agree in this are one link, or one member.
    pub fn meaning(&self, leaf: LeafId) -> (LeafKind, Meaning) {
        let kind = self.leaf_kind(leaf);
        (kind, Meaning::of(kind, &self.text(leaf)))
    }
}

/// What a link or member means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The object with this GUID.
    Guid(Guid),
    /// The account with this SID.
    Sid(Sid),
    /// Text that is not what it should be.
    Text(String),
}

impl Meaning {
    /// What a leaf of this kind with this text means.
    pub fn of(kind: LeafKind, text: &str) -> Meaning {
        let text = text.trim();
        let known = if kind.is_link() {
            Guid::parse(text).map(Meaning::Guid)
        } else {
            Sid::parse(text).ok().map(Meaning::Sid)
        };
        known.unwrap_or_else(|| Meaning::Text(text.to_owned()))
    }
}

fn check_belongs(kind: Kind, group_type: GroupType, link: &Link) -> Result<(), ChangeError> {
    let fits = match link {
        // azman.msc shows no operations of role assignments; the format and IAzRole::AddOperation have them.
        Link::Operation(_) => matches!(kind, Kind::Task | Kind::Role | Kind::Assignment),
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
