//! From what an object is to the changes that make it so.

use super::change::{Change, Create, Name, Object, Place, Property};
use super::diff::{Snapshot, Who};
use super::perform::{ChangeError, refused};
use super::{GroupType, Kind, LeafKind, limits};

/// The change that gives an attribute a value.
pub(super) fn attribute(object: Object, name: &str, value: &str) -> Result<Change, ChangeError> {
    let property = match name {
        "Name" => return Ok(Change::Rename(object, value.to_owned())),
        "Description" => Property::Description,
        "MajorVersion" => Property::Schema,
        "ApplicationVersion" => Property::Version,
        "BizRuleImportedPath" => Property::RulePath,
        "GroupType" => {
            let group_type = GroupType::from_attribute(value)
                .ok_or_else(|| refused(format!("\"{value}\" is no type of group.")))?;
            return Ok(Change::Set(object, Property::Type, group_type.change_word().to_owned()));
        }
        _ => return Err(refused(format!("No change sets the attribute {name}."))),
    };
    Ok(Change::Set(object, property, value.to_owned()))
}

pub(super) fn property(kind: LeafKind) -> Result<Property, ChangeError> {
    Ok(match kind {
        LeafKind::OperationId => Property::Id,
        LeafKind::BizRuleLanguage => Property::RuleLanguage,
        LeafKind::LdapQuery => Property::Query,
        LeafKind::BizRule => Property::Rule,
        LeafKind::BizRuleImportedPath => Property::RulePath,
        _ => return Err(refused(format!("A {} is no property.", kind.word()))),
    })
}

/// What makes an object like this one, without its links: the creation, and what only setting can say.
pub(super) fn creating(
    new: &Snapshot,
    place: Place,
    is_schema_2: bool,
) -> Result<(Create, Vec<Change>), ChangeError> {
    let kind = new.kind;
    limits::check_name(kind, &new.name).map_err(refused)?;
    let name = Name::from(new.name.as_str());
    if name != Name::Text(new.name.clone()) {
        return Err(refused(format!("No change can tell the name \"{}\" from a GUID.", new.name)));
    }
    let mut create = Create::new(kind, new.name.as_str(), place);
    create.guid = match new.who {
        Who::Guid(guid) => Some(guid),
        _ => None,
    };
    create.description = new.attribute("Description").map(str::to_owned);
    if kind == Kind::Application {
        create.version = new.attribute("ApplicationVersion").map(str::to_owned);
    }
    if kind == Kind::Operation {
        let number = new.text(LeafKind::OperationId).and_then(limits::parse_operation_id);
        create.id = Some(number.ok_or_else(|| refused("An operation needs a number."))?);
    }
    let group_type = new.attribute("GroupType").and_then(GroupType::from_attribute);
    if kind == Kind::Group {
        if group_type == Some(GroupType::BizRule) && !is_schema_2 {
            return Err(refused("Groups of type rule need schema 2.0."));
        }
        create.group_type = group_type.filter(|&group_type| group_type != GroupType::Basic);
        create.query = new.text(LeafKind::LdapQuery).filter(|query| !query.is_empty()).map(str::to_owned);
    }
    let object = Object { kind, name, place: create.place.clone() };
    let mut sets = Vec::new();
    if kind != Kind::Group || group_type == Some(GroupType::BizRule) {
        let language = new.text(LeafKind::BizRuleLanguage).unwrap_or("").trim();
        // A group by rule is made with this language.
        let is_made = kind == Kind::Group && is_schema_2 && language == "VBScript";
        if !language.is_empty() && !is_made {
            sets.push((Property::RuleLanguage, language));
        }
        let rule = new.text(LeafKind::BizRule);
        sets.extend(rule.map(|rule| (Property::Rule, rule)));
        let path = new.attribute("BizRuleImportedPath").or(new.text(LeafKind::BizRuleImportedPath));
        sets.extend(path.map(|path| (Property::RulePath, path)));
    }
    let sets = sets.into_iter().filter(|(_, value)| !value.is_empty());
    let sets =
        sets.map(|(property, value)| Change::Set(object.clone(), property, value.to_owned())).collect();
    Ok((create, sets))
}
