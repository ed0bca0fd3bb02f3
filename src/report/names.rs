//! Names of accounts, beside the SIDs that a document holds.

use serde::{Serialize, Serializer};

use crate::accounts::Names;

/// What was told of accounts, as `{"S-1-…":"CONTOSO\\\\joe"}`. Names that every host knows are not among them.
pub struct Told<'n>(pub &'n Names);

impl Told<'_> {
    /// Nothing was told: the document then says nothing of names.
    pub fn is_empty(&self) -> bool {
        self.0.accounts().len() == 0
    }
}

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.accounts().map(|account| (account.sid.to_string(), &account.name)))
    }
}
