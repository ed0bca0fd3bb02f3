//! The virtual machines of a host, as its script listed them or as a file kept them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::encoding::decode;

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

/// A host's machines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// The name of the host; `None` = not told.
    pub host: Option<String>,
    /// The machines, as the host listed them.
    pub machines: Vec<Machine>,
}

/// Why there are no machines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The namespace `root\virtualization` does not exist there.
    #[error(
        "the host has no WMI namespace root\\virtualization (0x8004100E). Either Hyper-V is not installed there, or it \
         is Server 2012 R2 or later, which knows no authorization scopes: there the store has no effect on virtual \
         machines, and access is given by the group Hyper-V Administrators (S-1-5-32-578) and by Grant-VMConnectAccess"
    )]
    NoNamespace,
    /// The host or this account was refused.
    #[error(
        "the host refused ({code}): {message}. The account must be an administrator of the host, or have WMI and DCOM rights there"
    )]
    AccessDenied {
        /// `0x80041003` …
        code: String,
        /// The host's words.
        message: String,
    },
    /// The host said something else.
    #[error("could not {doing} ({code}): {message}")]
    Said {
        /// What the script was about to do.
        doing: String,
        /// `0x80070005` …
        code: String,
        /// The host's words.
        message: String,
    },
    /// The output stops before its end.
    #[error("the output of the script is not complete: its last line is missing")]
    CutOff,
    /// It is neither.
    #[error("neither the output of the listing script nor what `azedit vm list --format json` writes: {0}")]
    NotAnInventory(String),
    /// The script could not be run at all.
    #[error("{0}")]
    NotRun(String),
}

/// What a script says on one of its lines.
#[derive(Debug, Deserialize)]
#[serde(tag = "azedit", rename_all = "snake_case")]
pub(super) enum Line {
    Host { name: String },
    Machine(Machine),
    Move(super::moves::MoveResult),
    Undo { path: String },
    Error { doing: String, code: String, message: Option<String> },
    End { count: usize },
}

/// The lines of a script's output that are results; an error among them is the answer.
pub(super) fn lines(output: &str) -> Result<Vec<Line>, HostError> {
    let mut all = Vec::new();
    for line in output.lines().map(|line| line.trim_start_matches('\u{FEFF}').trim()) {
        if !line.starts_with("{\"azedit\":") {
            continue;
        }
        let read =
            serde_json::from_str(line).map_err(|error| HostError::NotAnInventory(error.to_string()))?;
        match read {
            Line::Error { doing, code, message } => return Err(said(doing, code, message)),
            line => all.push(line),
        }
    }
    Ok(all)
}

fn said(doing: String, code: String, message: Option<String>) -> HostError {
    let message = match message.unwrap_or_default().trim() {
        "" => "the host says no more".to_owned(),
        words => words.to_owned(),
    };
    let is = |known: &[&str]| known.iter().any(|known| code.eq_ignore_ascii_case(known));
    if is(&["0x8004100E"]) {
        HostError::NoNamespace
    } else if is(&["0x80041003", "0x80070005"]) {
        HostError::AccessDenied { code, message }
    } else {
        HostError::Said { doing, code, message }
    }
}

impl Inventory {
    /// Reads a file: the output of the listing script, or JSON as `azedit vm list --format json` writes it.
    ///
    /// # Errors
    /// What the host said instead, or that it is neither.
    pub fn read(bytes: &[u8]) -> Result<Inventory, HostError> {
        #[derive(Deserialize)]
        struct Document {
            format: u32,
            #[serde(flatten)]
            inventory: Inventory,
        }
        let text = decode(bytes);
        if let Some(rest) = text.trim_start().strip_prefix('{')
            && !rest.trim_start().starts_with("\"azedit\"")
        {
            let read: Document =
                serde_json::from_str(&text).map_err(|error| HostError::NotAnInventory(error.to_string()))?;
            return match read.format {
                1 => Ok(read.inventory),
                other => Err(HostError::NotAnInventory(format!("its format is {other}, not 1"))),
            };
        }
        Inventory::of_output(&text)
    }

    /// Reads the output of the listing script, or of the moving one.
    ///
    /// # Errors
    /// What the host said instead, or that the output is not complete.
    pub fn of_output(output: &str) -> Result<Inventory, HostError> {
        let mut inventory = Inventory::default();
        let mut end = None;
        for line in lines(output)? {
            match line {
                Line::Host { name } => inventory.host = Some(name),
                Line::Machine(machine) => inventory.machines.push(machine),
                // The moving script tells where the machines are now, and nothing of the others.
                Line::Move(moved) => inventory.machines.push(Machine {
                    guid: moved.guid,
                    name: moved.name.unwrap_or_default(),
                    state: None,
                    scope: moved.now,
                }),
                Line::End { count } => end = Some(count),
                _ => {}
            }
        }
        match end {
            Some(count) if count == inventory.machines.len() => Ok(inventory),
            None if inventory == Inventory::default() => {
                Err(HostError::NotAnInventory("it has no line that begins with {\"azedit\":".to_owned()))
            }
            _ => Err(HostError::CutOff),
        }
    }

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

    const OUTPUT: &str = "Microsoft (R) Windows Script Host\r\n\
        {\"azedit\":\"host\",\"name\":\"HV01\"}\r\n\
        {\"azedit\":\"machine\",\"guid\":\"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\",\"name\":\"Johns \\u2019VM\",\"state\":2,\"scope\":\"\"}\r\n\
        {\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000002\",\"name\":\"twin\",\"state\":3,\"scope\":\"Joes VM Scope\"}\r\n\
        {\"azedit\":\"machine\",\"guid\":\"00000000-0000-0000-0000-000000000003\",\"name\":\"Twin\",\"state\":null,\"scope\":null}\r\n\
        {\"azedit\":\"end\",\"count\":3}\r\n";

    fn inventory() -> Inventory {
        Inventory::read(OUTPUT.as_bytes()).unwrap()
    }

    #[test]
    fn output_and_json_are_the_same_machines() {
        let inventory = inventory();
        assert_eq!(inventory.host.as_deref(), Some("HV01"));
        let first = &inventory.machines[0];
        assert_eq!((first.name.as_str(), first.scope.as_deref()), ("Johns \u{2019}VM", Some("")));
        assert_eq!(inventory.machines[2].scope, None);
        let mut json = serde_json::to_value(&inventory).unwrap();
        assert_eq!(json["machines"][0]["guid"], "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C");
        json["format"] = 1.into();
        assert_eq!(Inventory::read(json.to_string().as_bytes()).unwrap(), inventory);
        // As `>` of Windows PowerShell writes it.
        let utf16: Vec<u8> = format!("\u{FEFF}{OUTPUT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(Inventory::read(&utf16).unwrap(), inventory);
        json["format"] = 2.into();
        assert!(matches!(Inventory::read(json.to_string().as_bytes()), Err(HostError::NotAnInventory(_))));
    }

    #[test]
    fn a_moving_script_tells_where_its_machines_are() {
        let output = "{\"azedit\":\"undo\",\"path\":\"C:\\\\u.vbs\"}\n\
            {\"azedit\":\"move\",\"guid\":\"00000000-0000-0000-0000-000000000002\",\"name\":\"Joes VM\",\
            \"wanted\":\"S\",\"old\":\"\",\"now\":\"S\",\"return\":0}\n{\"azedit\":\"end\",\"count\":1}\n";
        let inventory = Inventory::of_output(output).unwrap();
        let machine = &inventory.machines[0];
        assert_eq!(
            (machine.name.as_str(), machine.scope.as_deref(), machine.state),
            ("Joes VM", Some("S"), None)
        );
    }

    #[test]
    fn what_was_cut_off_or_is_something_else_is_refused() {
        let (without_end, _) = OUTPUT.rsplit_once("{\"azedit\":\"end\"").unwrap();
        assert_eq!(Inventory::of_output(without_end), Err(HostError::CutOff));
        assert_eq!(
            Inventory::of_output(&OUTPUT.replace("\"count\":3", "\"count\":4")),
            Err(HostError::CutOff)
        );
        for text in ["", "Hello", "[]", "{}", "{\"format\":1}", "<xml/>"] {
            assert!(matches!(Inventory::read(text.as_bytes()), Err(HostError::NotAnInventory(_))), "{text}");
        }
    }

    #[test]
    fn the_hosts_errors_are_explained() {
        let error = |code: &str| {
            let line = format!(
                "{{\"azedit\":\"error\",\"doing\":\"connect\",\"code\":\"{code}\",\"message\":\"no \"}}"
            );
            Inventory::of_output(&line).unwrap_err()
        };
        assert_eq!(error("0x8004100E"), HostError::NoNamespace);
        assert!(error("0x8004100E").to_string().contains("2012 R2"));
        assert!(matches!(error("0x80070005"), HostError::AccessDenied { .. }));
        assert_eq!(error("0x800706BA").to_string(), "could not connect (0x800706BA): no");
    }

    #[test]
    fn machines_are_found_by_guid_or_by_a_name_that_is_theirs_alone() {
        let inventory = inventory();
        let name = |word: &str| inventory.find(word).map(|machine| machine.name.clone());
        assert_eq!(name("{e57917f3-31c3-456e-b1ba-5e45b4cc7e0c}").unwrap(), "Johns \u{2019}VM");
        assert_eq!(name("JOHNS \u{2019}vm").unwrap(), "Johns \u{2019}VM");
        let twins = name("twin").unwrap_err();
        assert!(twins.contains("000000000002") && twins.contains("000000000003"), "{twins}");
        assert!(name("nobody").is_err() && name("00000000-0000-0000-0000-000000000009").is_err());
    }
}
