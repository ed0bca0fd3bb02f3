//! Attributes that the format does not name, set by their names.
//!
//! `AzMan` has settings (limits, auditing, application data) whose spelling in a file nobody documented. What a file
//! says of them is kept byte for byte, and can be edited as it is written there; what is known is edited in its own
//! words, never through here.

use std::borrow::Cow;

use super::edit::Edit;
use super::model::slice;
use super::perform::{ChangeError, Work, refuse, refused};
use super::{Kind, ObjId, Store, UnknownKind, limits};
use crate::xml::{self, Span};

/// The longest value, in UTF-16 code units: that of the longest text that `AzMan` stores.
const MAX_VALUE: usize = 65_536;

/// Says why an object of this kind cannot be given an attribute of this name, or nothing.
///
/// # Errors
/// The name belongs to the format, or is none that XML would take.
pub fn check_attribute_name(kind: Kind, name: &str) -> Result<(), String> {
    if kind.attribute_order().contains(&name) {
        return Err(format!("{name} is a property that AzMan names: it is set by its own word."));
    }
    if name == "xmlns" || name.contains(':') {
        return Err(format!("\"{name}\" needs a namespace, which cannot be declared here."));
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins && name.chars().all(fits) && name.len() <= xml::limits::NAME {
        Ok(())
    } else {
        Err(format!(
            "\"{name}\" is no name of an attribute: a letter, then letters, digits, `-`, `_` and `.`."
        ))
    }
}

impl Store {
    /// Gives the object an attribute, or with `None` takes it away.
    pub(super) fn set_raw(
        &mut self,
        work: &mut Work,
        id: ObjId,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), ChangeError> {
        let now = self.attribute(id, name);
        // One that is there may be named as it likes.
        if now.is_none() || self.kind(id).attribute_order().contains(&name) || name.starts_with("xmlns") {
            check_attribute_name(self.kind(id), name).map_err(refused)?;
        }
        if value.is_none() && now.is_none() {
            return refuse(format!("{} has no attribute {name}.", self.describe(id)));
        }
        limits::check_length("The value of an attribute", value.unwrap_or_default(), MAX_VALUE)
            .map_err(refused)?;
        if now.is_none() && self.attributes(id).len() >= xml::limits::ATTRIBUTES {
            return refuse(format!(
                "{} has {} attributes already.",
                self.describe(id),
                xml::limits::ATTRIBUTES
            ));
        }
        work.select = Some(id);
        if now.as_deref() != value {
            let name = Cow::Owned(name.to_owned());
            self.make(work, Edit::Attribute { id, name, value: value.map(str::to_owned) });
        }
        Ok(())
    }

    /// Attributes that the format does not name, as they are now.
    pub fn raw_attributes(&self, id: ObjId) -> Vec<(String, String)> {
        let known = self.kind(id).attribute_order();
        let mut all = self.attributes(id);
        all.retain(|(name, _)| !known.contains(&name.as_str()));
        all
    }

    /// Of these, the names of those that the file does not have.
    pub fn added_attributes(&self, id: ObjId) -> impl Iterator<Item = &str> {
        let known = self.kind(id).attribute_order();
        let edits = self.attributes.get(&id).map_or(&[][..], Vec::as_slice);
        edits
            .iter()
            .filter(move |(name, value)| value.is_some() && !known.contains(&name.as_ref()))
            .map(|(name, _)| name.as_ref())
            .filter(move |name| !self.is_original(id) || self.written_attribute(id, name).is_none())
    }

    /// Whether something that the format does not name is an attribute of the object's own tag, which may be edited,
    /// and not of one of its properties.
    pub(super) fn is_own_attribute(&self, id: ObjId, kind: UnknownKind, name: Span) -> bool {
        kind == UnknownKind::Attribute && name.start < self.object(id).open_end
    }

    /// Whether it is such an attribute and was taken away.
    pub(super) fn is_taken_away(&self, id: ObjId, kind: UnknownKind, name: Span) -> bool {
        self.object(id).edited
            && self.is_own_attribute(id, kind, name)
            && self.attribute(id, slice(self.document.text(), name)).is_none()
    }
}
