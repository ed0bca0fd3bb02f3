//! Carrying out `set`: properties, rules, the type of a group, the schema.

use std::borrow::Cow;

use super::change::Property;
use super::edit::Edit;
use super::perform::{ChangeError, Work, check_query, refuse, refused};
use super::{GroupType, Kind, LeafKind, ObjId, Store, limits};

impl Store {
    pub(super) fn set_attribute_to(&mut self, work: &mut Work, id: ObjId, name: &'static str, value: &str) {
        if self.attribute(id, name).as_deref() != Some(value) {
            self.make(work, Edit::Attribute { id, name: Cow::Borrowed(name), value: Some(value.to_owned()) });
        }
    }

    pub(super) fn set(
        &mut self,
        work: &mut Work,
        id: ObjId,
        property: Property,
        value: &str,
    ) -> Result<(), ChangeError> {
        let kind = self.kind(id);
        if !property.belongs_to(kind) {
            return refuse(format!("{} has no {}.", kind.capital_a(), property.word()));
        }
        work.select = Some(id);
        match property {
            Property::Description => {
                limits::check_length("A description", value, limits::MAX_DESCRIPTION).map_err(refused)?;
                self.set_attribute_to(work, id, "Description", value);
            }
            Property::Version => {
                limits::check_length("A version", value, limits::MAX_VERSION).map_err(refused)?;
                self.set_attribute_to(work, id, "ApplicationVersion", value);
            }
            Property::Id => {
                let Some(number) = limits::parse_operation_id(value) else {
                    return refuse(format!("\"{value}\" is no operation number: 0 to 2147483647."));
                };
                self.check_operation_id(self.level(id), number, Some(id))?;
                self.set_leaf(work, id, LeafKind::OperationId, &number.to_string());
            }
            Property::Type => self.set_type(work, id, value)?,
            Property::Query => {
                let group_type = self.group_type(id).unwrap_or(GroupType::Basic);
                if value.is_empty() {
                    self.drop_leaves(work, id, LeafKind::LdapQuery);
                } else {
                    check_query(group_type, value)?;
                    self.set_leaf(work, id, LeafKind::LdapQuery, value);
                }
            }
            Property::Rule => {
                self.check_takes_rule(id)?;
                limits::check_length("An authorization rule", value, limits::MAX_RULE).map_err(refused)?;
                if value.is_empty() {
                    self.drop_leaves(work, id, LeafKind::BizRule);
                } else {
                    let language = self.first(id, LeafKind::BizRuleLanguage).unwrap_or_default();
                    if language.trim().is_empty() {
                        work.notes.push("The rule's language was not set: it is VBScript now.".to_owned());
                        self.set_leaf(work, id, LeafKind::BizRuleLanguage, "VBScript");
                    }
                    self.set_leaf(work, id, LeafKind::BizRule, value);
                }
            }
            Property::RuleLanguage => self.set_rule_language(work, id, value)?,
            Property::Schema => self.set_schema(work, id, value)?,
            Property::RulePath => {
                self.check_takes_rule(id)?;
                limits::check_length("A rule's path", value, limits::MAX_RULE_PATH).map_err(refused)?;
                if kind != Kind::Group {
                    self.set_attribute_to(work, id, "BizRuleImportedPath", value);
                } else if value.is_empty() {
                    self.drop_leaves(work, id, LeafKind::BizRuleImportedPath);
                } else {
                    self.set_leaf(work, id, LeafKind::BizRuleImportedPath, value);
                }
            }
        }
        Ok(())
    }

    fn check_takes_rule(&self, id: ObjId) -> Result<(), ChangeError> {
        if self.kind(id) == Kind::Group && self.group_type(id) != Some(GroupType::BizRule) {
            return refuse(format!(
                "{} is not of type rule: it has no authorization rule.",
                self.describe(id)
            ));
        }
        Ok(())
    }

    fn set_rule_language(&mut self, work: &mut Work, id: ObjId, value: &str) -> Result<(), ChangeError> {
        self.check_takes_rule(id)?;
        let Some(language) = ["", "VBScript", "JScript"].into_iter().find(|l| l.eq_ignore_ascii_case(value))
        else {
            return refuse(format!("\"{value}\" is no language of rules: VBScript or JScript."));
        };
        if !language.is_empty() {
            self.set_leaf(work, id, LeafKind::BizRuleLanguage, language);
        } else if self.first(id, LeafKind::BizRule).is_some() {
            return refuse("A rule needs a language. Remove the rule first (set … rule '').");
        } else if self.kind(id) == Kind::Group {
            return refuse("A group of type rule needs a language: VBScript or JScript.");
        } else {
            self.drop_leaves(work, id, LeafKind::BizRuleLanguage);
        }
        Ok(())
    }

    /// Raises the schema version. As azman.msc and `UpgradeStoresFunctionalLevel` do it, that is all of it: the objects
    /// of schema 1.0 are objects of schema 2.0 as they stand.
    fn set_schema(&mut self, work: &mut Work, root: ObjId, value: &str) -> Result<(), ChangeError> {
        let (major, minor) = self.schema();
        let major = major.trim();
        match (value, major) {
            ("2" | "2.0", "" | "1") => {
                work.notes.push(
                    "Windows Server 2003, XP and Vista, and programs written for schema 1.0, can no longer read this \
                     store; there is no way back once it is saved."
                        .to_owned(),
                );
                self.set_attribute_to(work, root, "MajorVersion", "2");
                self.set_attribute_to(work, root, "MinorVersion", "0");
            }
            ("2" | "2.0", "2") | ("1" | "1.0", "1") if minor.trim() == "0" => {}
            ("2" | "2.0", "2") | ("1" | "1.0", "1") => {
                self.set_attribute_to(work, root, "MinorVersion", "0");
            }
            ("1" | "1.0", "") => {
                self.set_attribute_to(work, root, "MajorVersion", "1");
                self.set_attribute_to(work, root, "MinorVersion", "0");
            }
            ("1" | "1.0", "2") => {
                return refuse(
                    "A store of schema 2.0 is not taken back to 1.0: it may hold what 1.0 cannot say, and AzMan knows no \
                     such step either. If it was raised here, an earlier version of the file (azedit log) has schema 1.0.",
                );
            }
            ("1" | "1.0" | "2" | "2.0", _) => {
                return refuse(format!(
                    "The store's schema is \"{major}\", which AzMan does not know: what it holds cannot be told."
                ));
            }
            _ => {
                return refuse(format!(
                    "\"{value}\" is no schema version: 2.0 is what a store is raised to."
                ));
            }
        }
        Ok(())
    }

    fn set_type(&mut self, work: &mut Work, id: ObjId, value: &str) -> Result<(), ChangeError> {
        let Some(group_type) = GroupType::from_change_word(value) else {
            return refuse(format!("\"{value}\" is no type of group: basic, ldap or rule."));
        };
        self.check_group_type(group_type)?;
        for leaf in self.leaves(id).collect::<Vec<_>>() {
            let (kind, text) = (self.leaf_kind(leaf), self.text(leaf));
            let fits = match kind {
                LeafKind::LdapQuery => group_type == GroupType::LdapQuery,
                LeafKind::BizRule | LeafKind::BizRuleImportedPath => group_type == GroupType::BizRule,
                LeafKind::BizRuleLanguage => true,
                _ => group_type == GroupType::Basic,
            };
            if fits {
                continue;
            }
            if !text.trim().is_empty() {
                return refuse(format!(
                    "{} still has {} {} that a group of type {value} cannot have. Remove it first.",
                    self.describe(id),
                    if matches!(kind, LeafKind::LdapQuery | LeafKind::BizRule) { "an" } else { "a" },
                    kind.word()
                ));
            }
            self.make(work, Edit::Leaf { id: leaf, live: false });
        }
        if self.is_schema_2() {
            let language = self.first(id, LeafKind::BizRuleLanguage).unwrap_or_default().into_owned();
            match group_type {
                GroupType::BizRule if language.trim().is_empty() => {
                    self.set_leaf(work, id, LeafKind::BizRuleLanguage, "VBScript");
                }
                GroupType::Basic | GroupType::LdapQuery if !language.is_empty() => {
                    self.set_leaf(work, id, LeafKind::BizRuleLanguage, "");
                }
                _ => {}
            }
        }
        self.set_attribute_to(work, id, "GroupType", group_type.attribute());
        Ok(())
    }

    /// Sets the text of the one leaf of a kind, making it where there is none.
    fn set_leaf(&mut self, work: &mut Work, owner: ObjId, kind: LeafKind, text: &str) {
        let first = self.leaves_of(owner, kind).next();
        if let Some(leaf) = first {
            if self.text(leaf) != text {
                if self.document.get(self.inner(leaf)).contains("<!--") {
                    work.notes.push(format!("The comment inside the {} goes.", kind.word()));
                }
                self.make(work, Edit::Text { id: leaf, text: text.to_owned() });
            }
        } else {
            let at = self.place_for(owner, kind);
            let id = self.make_leaf(owner, kind, text.to_owned(), at);
            self.make(work, Edit::Leaf { id, live: true });
        }
    }

    fn drop_leaves(&mut self, work: &mut Work, owner: ObjId, kind: LeafKind) {
        for id in self.leaves_of(owner, kind).collect::<Vec<_>>() {
            self.make(work, Edit::Leaf { id, live: false });
        }
    }
}
