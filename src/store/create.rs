//! The bytes of a new store.

use super::Guid;

/// The version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Read by every snap-in and application.
    V1,
    /// Adds groups by rule; Server 2008 and later.
    V2,
}

impl Schema {
    /// `MajorVersion`.
    pub fn major(self) -> u8 {
        match self {
            Schema::V1 => 1,
            Schema::V2 => 2,
        }
    }
}

/// An empty store as azroles.dll writes one: declaration, CR LF, a root that holds a line end, nothing after it.
pub fn new_store(schema: Schema, guid: Guid, description: &str) -> Vec<u8> {
    let description = crate::xml::escape_attribute(description, '"');
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<AzAdminManager MajorVersion=\"{}\" MinorVersion=\"0\" \
         Guid=\"{guid}\" Description=\"{description}\">\r\n</AzAdminManager>",
        schema.major()
    )
    .into_bytes()
}
