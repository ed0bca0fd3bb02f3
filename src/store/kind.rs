//! The kinds of objects and leaves that a policy store holds, and what the file calls them.

use std::fmt;

/// The number of an object in its [`Store`](super::Store). Never reused, also not after a removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjId(pub(super) u32);

/// The number of a leaf (a link, a member, a rule's text …) in its [`Store`](super::Store). Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LeafId(pub(super) u32);

impl ObjId {
    /// The number, for tables by object.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl LeafId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an object is.
///
/// The file writes a task definition and a role definition both as `AzTask`; only the attribute `RoleDefinition`
/// tells them apart ([MS-AZMP] 2.2). To everybody who reads a store they are two things, so they are two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The root, `AzAdminManager`.
    Store,
    /// `AzApplication`.
    Application,
    /// `AzScope`.
    Scope,
    /// `AzOperation`.
    Operation,
    /// A task definition: `AzTask` without `RoleDefinition="True"`.
    Task,
    /// A role definition: `AzTask` with `RoleDefinition="True"`.
    Role,
    /// A role assignment: `AzRole`.
    Assignment,
    /// An application group: `AzApplicationGroup`.
    Group,
}

impl Kind {
    /// Every kind, containers first.
    pub const ALL: [Kind; 8] = [
        Kind::Store,
        Kind::Application,
        Kind::Scope,
        Kind::Operation,
        Kind::Task,
        Kind::Role,
        Kind::Assignment,
        Kind::Group,
    ];

    /// Kinds with the same number share their names at one level: those must differ from each other. That operations
    /// and tasks share them is not documented; nothing that we create may depend on it.
    pub const fn name_space(self) -> u8 {
        match self {
            Kind::Operation | Kind::Task | Kind::Role => 0,
            Kind::Scope => 1,
            Kind::Assignment => 2,
            Kind::Group => 3,
            Kind::Application | Kind::Store => 4,
        }
    }

    /// The noun that azman.msc's users know.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Store => "store",
            Kind::Application => "application",
            Kind::Scope => "scope",
            Kind::Operation => "operation",
            Kind::Task => "task definition",
            Kind::Role => "role definition",
            Kind::Assignment => "role assignment",
            Kind::Group => "application group",
        }
    }

    /// The noun with its article: `a scope`, `an operation`.
    pub fn a(self) -> &'static str {
        match self {
            Kind::Store => "a store",
            Kind::Application => "an application",
            Kind::Scope => "a scope",
            Kind::Operation => "an operation",
            Kind::Task => "a task definition",
            Kind::Role => "a role definition",
            Kind::Assignment => "a role assignment",
            Kind::Group => "an application group",
        }
    }

    /// [`Kind::a`] at the beginning of a sentence.
    pub fn capital_a(self) -> String {
        format!("A{}", self.a().get(1..).unwrap_or_default())
    }

    /// The word of the change language.
    pub fn change_word(self) -> &'static str {
        match self {
            Kind::Task => "task",
            Kind::Role => "role",
            Kind::Assignment => "assignment",
            Kind::Group => "group",
            other => other.word(),
        }
    }

    /// The kind that a word of the change language names.
    pub fn from_change_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.change_word() == word)
    }

    /// The folder of an object path: `scopes` in `Hyper-V services/scopes/Joes VM Scope`.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Store => "",
            Kind::Application => "applications",
            Kind::Scope => "scopes",
            Kind::Operation => "operations",
            Kind::Task => "tasks",
            Kind::Role => "roles",
            Kind::Assignment => "assignments",
            Kind::Group => "groups",
        }
    }

    /// The element's name in the file.
    pub fn element(self) -> &'static str {
        match self {
            Kind::Store => "AzAdminManager",
            Kind::Application => "AzApplication",
            Kind::Scope => "AzScope",
            Kind::Operation => "AzOperation",
            Kind::Task | Kind::Role => "AzTask",
            Kind::Assignment => "AzRole",
            Kind::Group => "AzApplicationGroup",
        }
    }

    /// The attributes that azroles.dll writes, in the order it writes them (seen in every real file).
    pub fn attribute_order(self) -> &'static [&'static str] {
        match self {
            Kind::Store => &["MajorVersion", "MinorVersion", "Guid", "Description"],
            Kind::Application => &["Guid", "Name", "Description", "ApplicationVersion"],
            Kind::Scope | Kind::Operation | Kind::Assignment => &["Guid", "Name", "Description"],
            Kind::Task | Kind::Role => {
                &["Guid", "Name", "Description", "BizRuleImportedPath", "RoleDefinition"]
            }
            Kind::Group => &["Guid", "Name", "Description", "GroupType"],
        }
    }

    /// Whether an object of this kind may stand directly in one of kind `parent`.
    pub fn belongs_in(self, parent: Kind) -> bool {
        match self {
            Kind::Store => false,
            Kind::Application => parent == Kind::Store,
            Kind::Scope | Kind::Operation => parent == Kind::Application,
            Kind::Task | Kind::Role | Kind::Assignment => {
                matches!(parent, Kind::Application | Kind::Scope)
            }
            Kind::Group => matches!(parent, Kind::Store | Kind::Application | Kind::Scope),
        }
    }

    /// The kind of the element `name`; `AzTask` is taken for a task definition until its attributes are read.
    pub(super) fn from_element(name: &str) -> Option<Kind> {
        Some(match name {
            "AzRole" => Kind::Assignment,
            "AzScope" => Kind::Scope,
            "AzTask" => Kind::Task,
            "AzOperation" => Kind::Operation,
            "AzApplicationGroup" => Kind::Group,
            "AzApplication" => Kind::Application,
            "AzAdminManager" => Kind::Store,
            _ => return None,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a leaf is: an element that holds only text and belongs to one object.
///
/// The variants stand in the order in which azroles.dll writes them into a new object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LeafKind {
    /// The number of an operation, decimal.
    OperationId,
    /// `VBScript`, `JScript` or nothing.
    BizRuleLanguage,
    /// The query of an LDAP group.
    LdapQuery,
    /// The text of an authorization rule.
    BizRule,
    /// Where a group's rule was loaded from. (A task holds this as an attribute.)
    BizRuleImportedPath,
    /// GUID of an operation.
    OperationLink,
    /// GUID of a task or role definition.
    TaskLink,
    /// GUID of an application group.
    AppMemberLink,
    /// A SID.
    Member,
    /// A SID that a basic group keeps out.
    NonMember,
}

impl LeafKind {
    /// Every kind of leaf, in written order.
    pub const ALL: [LeafKind; 10] = [
        LeafKind::OperationId,
        LeafKind::BizRuleLanguage,
        LeafKind::LdapQuery,
        LeafKind::BizRule,
        LeafKind::BizRuleImportedPath,
        LeafKind::OperationLink,
        LeafKind::TaskLink,
        LeafKind::AppMemberLink,
        LeafKind::Member,
        LeafKind::NonMember,
    ];

    /// The element's name in the file.
    pub fn element(self) -> &'static str {
        match self {
            LeafKind::OperationId => "OperationID",
            LeafKind::BizRuleLanguage => "BizRuleLanguage",
            LeafKind::LdapQuery => "LdapQuery",
            LeafKind::BizRule => "BizRule",
            LeafKind::BizRuleImportedPath => "BizRuleImportedPath",
            LeafKind::OperationLink => "OperationLink",
            LeafKind::TaskLink => "TaskLink",
            LeafKind::AppMemberLink => "AppMemberLink",
            LeafKind::Member => "Member",
            LeafKind::NonMember => "NonMember",
        }
    }

    /// Its end tag, as written without needless blanks.
    pub(super) fn end_tag(self) -> &'static str {
        match self {
            LeafKind::OperationId => "</OperationID>",
            LeafKind::BizRuleLanguage => "</BizRuleLanguage>",
            LeafKind::LdapQuery => "</LdapQuery>",
            LeafKind::BizRule => "</BizRule>",
            LeafKind::BizRuleImportedPath => "</BizRuleImportedPath>",
            LeafKind::OperationLink => "</OperationLink>",
            LeafKind::TaskLink => "</TaskLink>",
            LeafKind::AppMemberLink => "</AppMemberLink>",
            LeafKind::Member => "</Member>",
            LeafKind::NonMember => "</NonMember>",
        }
    }

    /// The word for people: what the leaf gives its owner.
    pub fn word(self) -> &'static str {
        match self {
            LeafKind::OperationId => "operation number",
            LeafKind::BizRuleLanguage => "rule language",
            LeafKind::LdapQuery => "LDAP query",
            LeafKind::BizRule => "authorization rule",
            LeafKind::BizRuleImportedPath => "rule path",
            LeafKind::OperationLink => "operation",
            LeafKind::TaskLink => "definition",
            LeafKind::AppMemberLink => "group",
            LeafKind::Member => "member",
            LeafKind::NonMember => "non-member",
        }
    }

    /// Whether the text is the GUID of another object.
    pub fn is_link(self) -> bool {
        matches!(self, LeafKind::OperationLink | LeafKind::TaskLink | LeafKind::AppMemberLink)
    }

    /// Whether the text is a SID.
    pub fn is_member(self) -> bool {
        matches!(self, LeafKind::Member | LeafKind::NonMember)
    }

    /// Whether an owner has at most one of it.
    pub fn is_single(self) -> bool {
        !self.is_link() && !self.is_member()
    }

    /// Whether an object of kind `owner` may hold it (facts of real files; the published schema is narrower).
    pub fn belongs_in(self, owner: Kind) -> bool {
        match self {
            LeafKind::OperationId => owner == Kind::Operation,
            LeafKind::OperationLink | LeafKind::TaskLink => {
                matches!(owner, Kind::Task | Kind::Role | Kind::Assignment)
            }
            LeafKind::AppMemberLink | LeafKind::Member => {
                matches!(owner, Kind::Assignment | Kind::Group)
            }
            LeafKind::NonMember | LeafKind::LdapQuery | LeafKind::BizRuleImportedPath => owner == Kind::Group,
            LeafKind::BizRule | LeafKind::BizRuleLanguage => {
                matches!(owner, Kind::Task | Kind::Role | Kind::Group)
            }
        }
    }

    pub(super) fn from_element(name: &str) -> Option<LeafKind> {
        // A match and not a search through `ALL`: this runs for every element of the file.
        Some(match name {
            "Member" => LeafKind::Member,
            "TaskLink" => LeafKind::TaskLink,
            "OperationLink" => LeafKind::OperationLink,
            "AppMemberLink" => LeafKind::AppMemberLink,
            "NonMember" => LeafKind::NonMember,
            "OperationID" => LeafKind::OperationId,
            "BizRuleLanguage" => LeafKind::BizRuleLanguage,
            "BizRule" => LeafKind::BizRule,
            "LdapQuery" => LeafKind::LdapQuery,
            "BizRuleImportedPath" => LeafKind::BizRuleImportedPath,
            _ => return None,
        })
    }
}

/// How an application group finds its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupType {
    /// A list of members and non-members.
    Basic,
    /// An LDAP query on the account's directory object.
    LdapQuery,
    /// A script (schema 2.0 only).
    BizRule,
}

impl GroupType {
    /// The value of the attribute `GroupType` ([MS-AZMP] 2.2): note the small r.
    pub fn attribute(self) -> &'static str {
        match self {
            GroupType::Basic => "Basic",
            GroupType::LdapQuery => "LdapQuery",
            GroupType::BizRule => "Bizrule",
        }
    }

    /// The word of the change language and of JSON.
    pub fn change_word(self) -> &'static str {
        match self {
            GroupType::Basic => "basic",
            GroupType::LdapQuery => "ldap",
            GroupType::BizRule => "rule",
        }
    }

    /// Reads the attribute, whatever its case: what we open may come from anywhere.
    pub fn from_attribute(value: &str) -> Option<GroupType> {
        [GroupType::Basic, GroupType::LdapQuery, GroupType::BizRule]
            .into_iter()
            .find(|kind| kind.attribute().eq_ignore_ascii_case(value))
    }

    /// Reads the word of the change language.
    pub fn from_change_word(word: &str) -> Option<GroupType> {
        [GroupType::Basic, GroupType::LdapQuery, GroupType::BizRule]
            .into_iter()
            .find(|kind| kind.change_word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, LeafKind};

    #[test]
    fn articles_belong_to_their_nouns() {
        for kind in Kind::ALL {
            assert!(kind.a().ends_with(kind.word()));
            let vowel = kind.word().starts_with(['a', 'e', 'i', 'o', 'u']);
            assert_eq!(kind.capital_a().starts_with("An "), vowel, "{}", kind.capital_a());
        }
    }

    #[test]
    fn elements_are_read_as_they_are_written() {
        for kind in LeafKind::ALL {
            assert_eq!(LeafKind::from_element(kind.element()), Some(kind));
        }
        for kind in Kind::ALL.into_iter().filter(|&kind| kind != Kind::Role) {
            assert_eq!(Kind::from_element(kind.element()), Some(kind));
        }
    }
}
