//! The virtual machines of a host.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A virtual machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// What it is known by; names are not unique.
    #[serde(with = "guid")]
    pub guid: Uuid,
    /// Its name.
    pub name: String,
    /// `EnabledState` of `Msvm_ComputerSystem`: 2 runs, 3 is off …
    pub state: Option<u32>,
    /// The name of its scope; empty is the default scope, `None` = the host did not say.
    pub scope: Option<String>,
}

impl Machine {
    /// The state in a word, where one is known for it.
    pub fn state_word(&self) -> String {
        let word = match self.state {
            None => "unknown",
            Some(2) => "running",
            Some(3) => "off",
            Some(32768) => "paused",
            Some(32769) => "saved",
            Some(other) => return other.to_string(),
        };
        word.to_owned()
    }
}

/// As Hyper-V writes a machine's GUID.
pub fn guid_text(guid: Uuid) -> String {
    format!("{:X}", guid.hyphenated())
}

/// The scope of a machine in a sentence; empty is the default scope.
pub fn scope_words(scope: &str) -> String {
    if scope.is_empty() { "the default scope".to_owned() } else { format!("\"{scope}\"") }
}

/// A host's machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The name of the host; `None` = not told.
    pub host: Option<String>,
    /// The machines, as the host listed them.
    pub machines: Vec<Machine>,
}

impl Inventory {
    /// The machine of this GUID.
    pub fn machine(&self, guid: Uuid) -> Option<&Machine> {
        self.machines.iter().find(|machine| machine.guid == guid)
    }

    /// The machine that a word means: by its GUID, with or without braces, or by its name in upper or lower case.
    ///
    /// # Errors
    /// There is none, or the name is that of several; the message lists their GUIDs.
    pub fn find(&self, word: &str) -> Result<&Machine, String> {
        if let Ok(guid) = Uuid::try_parse(word.trim()) {
            return self.machine(guid).ok_or_else(|| format!("the host has no virtual machine {word}"));
        }
        let named: Vec<_> = self.machines.iter().filter(|machine| same_name(&machine.name, word)).collect();
        match named.as_slice() {
            [] => Err(format!("the host has no virtual machine \"{word}\"")),
            [only] => Ok(only),
            several => {
                let guids: Vec<_> = several.iter().map(|machine| guid_text(machine.guid)).collect();
                Err(format!(
                    "{} virtual machines are named \"{word}\"; name one by its GUID: {}",
                    several.len(),
                    guids.join(", ")
                ))
            }
        }
    }
}

/// As Windows compares names: case does not matter.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a == b || crate::store::fold(a) == crate::store::fold(b)
}

/// A GUID in JSON, as Hyper-V writes it.
pub(super) mod guid {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use uuid::Uuid;

    pub fn serialize<S: Serializer>(guid: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::guid_text(*guid))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Uuid, D::Error> {
        let text = String::deserialize(deserializer)?;
        Uuid::try_parse(&text).map_err(|_| D::Error::custom(format!("{text:?} is no GUID")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_found_by_guid_or_by_a_name_that_is_theirs_alone() {
        let machine = |guid, name: &str| Machine {
            guid: Uuid::from_u128(guid),
            name: name.to_owned(),
            state: None,
            scope: None,
        };
        let machines = vec![machine(1, "Johns \u{2019}VM"), machine(2, "twin"), machine(3, "Twin")];
        let inventory = Inventory { host: None, machines };
        let name = |word: &str| inventory.find(word).map(|machine| machine.name.clone());
        assert_eq!(name("{00000000-0000-0000-0000-000000000001}").unwrap(), "Johns \u{2019}VM");
        assert_eq!(name("JOHNS \u{2019}vm").unwrap(), "Johns \u{2019}VM");
        let twins = name("twin").unwrap_err();
        assert!(twins.contains("000000000002") && twins.contains("000000000003"), "{twins}");
        assert!(name("nobody").is_err() && name("00000000-0000-0000-0000-000000000009").is_err());
    }
}
