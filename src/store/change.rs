//! The change language as values.
//!
//! A [`Change`] names what it changes in the words of an administrator: kind, name, level. It can be printed as one
//! line and read back (module `grammar`), kept in a journal, and applied to any store that holds such objects.

use super::{GroupType, Guid, Kind, ObjId, Store};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes an object.
    Create(Create),
    /// Removes an object, everything in it and every link to it.
    Delete(Object),
    /// Gives an object another name. Links hold GUIDs, so they stay.
    Rename(Object, String),
    /// Sets a property.
    Set(Object, Property, String),
    /// Gives an attribute that the format does not name a value, as it stands in the file; `None` takes it away.
    SetAttribute(Object, String, Option<String>),
    /// Adds links or members.
    Add(Object, Vec<Link>),
    /// Removes links or members.
    Remove(Object, Vec<Link>),
    /// Makes a copy, with new GUIDs, at another level or under another name.
    Copy {
        /// What is copied.
        object: Object,
        /// Where the copy goes; `None` = where the object is.
        to: Option<Level>,
        /// The name of the copy; `None` = the same.
        rename: Option<String>,
    },
    /// Moves an object, with its GUID, to another level.
    Move {
        /// What is moved.
        object: Object,
        /// Where it goes.
        to: Level,
    },
}

/// An object to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// Its kind; never [`Kind::Store`].
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// Its GUID; `None` = a new random one.
    pub guid: Option<Guid>,
    /// Its description; `None` = what azman.msc writes when nothing is typed.
    pub description: Option<String>,
    /// The version of an application.
    pub version: Option<String>,
    /// The number of an operation.
    pub id: Option<u32>,
    /// The type of a group; `None` = basic.
    pub group_type: Option<GroupType>,
    /// The query of an LDAP group.
    pub query: Option<String>,
    /// Links and members.
    pub links: Vec<Link>,
}

impl Create {
    /// A new object with nothing but a name.
    pub fn new(kind: Kind, name: impl Into<String>, place: Place) -> Create {
        Create {
            kind,
            name: name.into(),
            place,
            guid: None,
            description: None,
            version: None,
            id: None,
            group_type: None,
            query: None,
            links: Vec::new(),
        }
    }
}

/// An object that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// Its name; of no meaning for [`Kind::Store`].
    pub name: Name,
    /// Where it is looked for.
    pub place: Place,
}

/// How an object is named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// By its name.
    Text(String),
    /// By its GUID, written `guid:…`: for objects that share a name with another.
    Guid(Guid),
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        match text.strip_prefix("guid:").and_then(Guid::parse) {
            Some(guid) => Name::Guid(guid),
            None => Name::Text(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Name::Text(text) => f.write_str(text),
            Name::Guid(guid) => write!(f, "guid:{guid}"),
        }
    }
}

/// Where an object is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The application; `None` where the store has only one.
    pub application: Option<Name>,
    /// The level.
    pub level: Level,
}

/// A level of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// The application's own.
    #[default]
    Application,
    /// A scope of the application.
    Scope(Name),
    /// The store's.
    Global,
}

/// A property that `set` sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// The description of anything.
    Description,
    /// The version of an application.
    Version,
    /// The number of an operation.
    Id,
    /// The type of a group: `basic`, `ldap`, `rule`.
    Type,
    /// The query of an LDAP group.
    Query,
    /// The text of an authorization rule; empty removes it.
    Rule,
    /// The language of an authorization rule: `VBScript`, `JScript`; empty for none.
    RuleLanguage,
    /// Where the rule was loaded from.
    RulePath,
    /// The schema version of the store: `2.0` raises it; there is no way back.
    Schema,
}

impl Property {
    /// Every property.
    pub const ALL: [Property; 9] = [
        Property::Description,
        Property::Version,
        Property::Id,
        Property::Type,
        Property::Query,
        Property::Rule,
        Property::RuleLanguage,
        Property::RulePath,
        Property::Schema,
    ];

    /// The word of the change language.
    pub fn word(self) -> &'static str {
        match self {
            Property::Description => "description",
            Property::Version => "version",
            Property::Id => "id",
            Property::Type => "type",
            Property::Query => "query",
            Property::Rule => "rule",
            Property::RuleLanguage => "rule-language",
            Property::RulePath => "rule-path",
            Property::Schema => "schema",
        }
    }

    /// Whether objects of this kind have the property.
    pub fn belongs_to(self, kind: Kind) -> bool {
        match self {
            Property::Description => true,
            Property::Version => kind == Kind::Application,
            Property::Schema => kind == Kind::Store,
            Property::Id => kind == Kind::Operation,
            Property::Type | Property::Query => kind == Kind::Group,
            Property::Rule | Property::RuleLanguage | Property::RulePath => {
                matches!(kind, Kind::Task | Kind::Role | Kind::Group)
            }
        }
    }
}

/// What `add` and `remove` add and remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// An operation.
    Operation(Name),
    /// A task definition.
    Task(Name),
    /// A role definition.
    Role(Name),
    /// An application group.
    Group(Name),
    /// An account, as a SID.
    Member(String),
    /// An account that a basic group keeps out, as a SID.
    NonMember(String),
}

impl Link {
    /// The option of the change language.
    pub fn option(&self) -> &'static str {
        match self {
            Link::Operation(_) => "--operation",
            Link::Task(_) => "--task",
            Link::Role(_) => "--role",
            Link::Group(_) => "--group",
            Link::Member(_) => "--member",
            Link::NonMember(_) => "--non-member",
        }
    }

    /// What stands behind the option.
    pub fn value(&self) -> String {
        match self {
            Link::Operation(name) | Link::Task(name) | Link::Role(name) | Link::Group(name) => {
                name.to_string()
            }
            Link::Member(sid) | Link::NonMember(sid) => sid.clone(),
        }
    }

    /// A link to `target`, named so that an object at `level` finds exactly this one. `None`: it is of a kind that
    /// nothing links to, or it can neither be found by name nor has a GUID.
    pub fn to(store: &Store, level: ObjId, target: ObjId) -> Option<Link> {
        let kind = store.kind(target);
        let name = match unique(store, target)? {
            Name::Text(text) if store.visible(level, kind, &text) != Some(target) => {
                Name::Guid(store.guid(target).filter(|&guid| store.by_guid(guid) == Some(target))?)
            }
            name => name,
        };
        Some(match kind {
            Kind::Operation => Link::Operation(name),
            Kind::Task => Link::Task(name),
            Kind::Role => Link::Role(name),
            Kind::Group => Link::Group(name),
            _ => return None,
        })
    }
}

impl Place {
    /// The place that is the level `level` of the store: the store, an application or a scope. `None` for any other
    /// object, and for one that can neither be found by name nor by GUID.
    pub fn of(store: &Store, level: ObjId) -> Option<Place> {
        match store.kind(level) {
            Kind::Store => Some(Place { application: None, level: Level::Global }),
            Kind::Application => {
                Some(Place { application: Some(unique(store, level)?), level: Level::Application })
            }
            Kind::Scope => Some(Place {
                application: Some(unique(store, store.application(level)?)?),
                level: Level::Scope(unique(store, level)?),
            }),
            _ => None,
        }
    }
}

impl Object {
    /// Names an object so that exactly this one is found. `None` where the file makes that impossible: it shares its
    /// name with another and has no GUID of its own.
    pub fn of(store: &Store, id: ObjId) -> Option<Object> {
        let kind = store.kind(id);
        if kind == Kind::Store {
            return Some(Object {
                kind,
                name: Name::Text(String::new()),
                place: Place { application: None, level: Level::Global },
            });
        }
        let place = match kind {
            Kind::Application => Place::default(),
            _ => Place::of(store, store.level(id))?,
        };
        Some(Object { kind, name: unique(store, id)?, place })
    }
}

fn unique(store: &Store, id: ObjId) -> Option<Name> {
    let text = store.name(id);
    let is_name = !text.is_empty() && Name::from(&*text) == Name::Text(text.clone().into_owned());
    if is_name && !store.has_namesake(id) {
        return Some(Name::Text(text.into_owned()));
    }
    store.guid(id).filter(|&guid| store.by_guid(guid) == Some(id)).map(Name::Guid)
}

impl Change {
    /// The object that the change is about; `None`: it makes one.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Change::Create(_) => None,
            Change::Delete(object)
            | Change::Rename(object, _)
            | Change::Set(object, ..)
            | Change::SetAttribute(object, ..)
            | Change::Add(object, _)
            | Change::Remove(object, _)
            | Change::Copy { object, .. }
            | Change::Move { object, .. } => Some(object),
        }
    }

    /// Where the object is that the change makes or is about.
    pub fn place_mut(&mut self) -> &mut Place {
        match self {
            Change::Create(create) => &mut create.place,
            Change::Delete(object)
            | Change::Rename(object, _)
            | Change::Set(object, ..)
            | Change::SetAttribute(object, ..)
            | Change::Add(object, _)
            | Change::Remove(object, _)
            | Change::Copy { object, .. }
            | Change::Move { object, .. } => &mut object.place,
        }
    }

    /// Fills in the application where the change does not say which.
    pub fn with_application(mut self, application: &str) -> Change {
        self.place_mut().application.get_or_insert_with(|| Name::from(application));
        self
    }

    /// The members that the change names, to be replaced by SIDs where they are names.
    pub fn members_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let links: &mut [Link] = match self {
            Change::Create(create) => &mut create.links,
            Change::Add(_, links) | Change::Remove(_, links) => links,
            _ => &mut [],
        };
        links.iter_mut().filter_map(|link| match link {
            Link::Member(sid) | Link::NonMember(sid) => Some(sid),
            _ => None,
        })
    }
}
