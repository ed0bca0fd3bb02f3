//! What a host answers: the lines that its script prints, or a file that kept them.

use serde::Deserialize;
use uuid::Uuid;

use super::encoding::decode;
use super::inventory::{Inventory, Machine};
use super::outcome::{MoveResult, Outcome};

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
    Move(MoveResult),
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
}

/// What the host said of some moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What came of each move that was tried.
    pub results: Vec<MoveResult>,
    /// The script that undoes them, on the host.
    pub undo: Option<String>,
    /// Whether the script came to its end.
    pub complete: bool,
}

/// What a file or a script's output tells of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// All its machines.
    Listed(Inventory),
    /// What came of some moves.
    Moved(Report),
}

impl Told {
    /// Reads a file: an inventory, or what the moving script printed.
    ///
    /// # Errors
    /// What the host said instead, or that it is neither.
    pub fn read(bytes: &[u8]) -> Result<Told, HostError> {
        match Report::of_output(&decode(bytes)) {
            Ok(report) if !report.results.is_empty() => Ok(Told::Moved(report)),
            _ => Inventory::read(bytes).map(Told::Listed),
        }
    }
}

impl Report {
    /// Reads the output of the moving script.
    ///
    /// # Errors
    /// What the host said instead. An output that was cut off is no error: what it tells has happened.
    pub fn of_output(output: &str) -> Result<Report, HostError> {
        let mut report = Report::default();
        for line in lines(output)? {
            match line {
                Line::Move(result) => report.results.push(result),
                Line::Undo { path } => report.undo = Some(path),
                Line::End { count } => report.complete = count == report.results.len(),
                _ => {}
            }
        }
        if report == Report::default() {
            return Err(HostError::CutOff);
        }
        Ok(report)
    }

    /// What came of a move; `None` = the script did not come so far.
    pub fn outcome(&self, guid: Uuid) -> Option<Outcome> {
        self.results.iter().rfind(|result| result.guid == guid).map(MoveResult::outcome)
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

    /// The facts that decide an outcome, as a line of the script.
    fn line(facts: &str) -> Outcome {
        let line = format!(
            "{{\"azedit\":\"move\",\"guid\":\"00000000-0000-0000-0000-000000000001\",{facts}}}\n{{\"azedit\":\"end\",\"count\":1}}"
        );
        let report = Report::of_output(&line).unwrap();
        assert!(report.complete);
        report.outcome(Uuid::from_u128(1)).unwrap()
    }

    fn failed(facts: &str) -> String {
        match line(facts) {
            Outcome::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_read_back_decides() {
        let at = |old: &str, now: &str, rest: &str| {
            format!("\"name\":\"a\",\"wanted\":\"S\",\"old\":{old},\"now\":{now}{rest}")
        };
        assert_eq!(line(&at("\"\"", "\"S\"", ",\"return\":0")), Outcome::Moved);
        assert_eq!(line(&at("\"\"", "\"S\"", ",\"return\":4096,\"job\":7")), Outcome::Moved);
        assert_eq!(line(&at("\"S\"", "\"S\"", "")), Outcome::Already);
        // Whatever it returned, it is there.
        assert_eq!(line(&at("\"\"", "\"S\"", ",\"return\":32768")), Outcome::Moved);
        assert!(failed(&at("\"\"", "\"\"", ",\"return\":0")).contains("is in the default scope"));
        assert!(failed(&at("\"\"", "\"Other\"", ",\"return\":4096,\"job\":7")).contains("is in \"Other\""));
        // The names of scopes differ in case too.
        assert!(!line(&at("\"\"", "\"s\"", ",\"return\":0")).is_there());
    }

    #[test]
    fn every_answer_of_the_host_has_its_words() {
        let stays = "\"name\":\"a\",\"wanted\":\"S\",\"old\":\"\",\"now\":\"\"";
        let said = |rest: &str| failed(&format!("{stays},{rest}"));
        for (code, words) in [
            (32768, "failed"),
            (32769, "access denied"),
            (32774, "in use"),
            (32775, "state"),
            (32778, "memory"),
        ] {
            let why = said(&format!("\"return\":{code}"));
            assert!(why.contains(&code.to_string()) && why.contains(words), "{why}");
        }
        for state in [2, 3, 4] {
            assert!(said(&format!("\"return\":4096,\"job\":{state}")).contains("still at it"), "{state}");
        }
        let job =
            said("\"return\":4096,\"job\":10,\"job_error\":32769,\"message\":\"Access is denied.\\r\\n\"");
        assert_eq!(job, "the host's job ended in state 10 with error 32769: Access is denied.");
        let gone = failed(
            "\"name\":\"a\",\"wanted\":\"S\",\"old\":\"\",\"now\":null,\"code\":\"0x80041002\",\"words\":\"Not found \"",
        );
        assert_eq!(gone, "the host said 0x80041002: Not found");
        assert_eq!(line("\"name\":null,\"wanted\":\"S\",\"old\":null,\"now\":null"), Outcome::Vanished);
    }

    #[test]
    fn an_output_that_was_cut_off_tells_what_happened_so_far() {
        let output = "{\"azedit\":\"undo\",\"path\":\"C:\\\\x-undo.vbs\"}\r\n\
            {\"azedit\":\"move\",\"guid\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"a\",\"wanted\":\"S\",\"old\":\"\",\"now\":\"S\",\"return\":0}\r\n";
        let report = Report::of_output(output).unwrap();
        assert_eq!((report.complete, report.undo.as_deref()), (false, Some("C:\\x-undo.vbs")));
        assert_eq!(
            (report.outcome(Uuid::from_u128(1)), report.outcome(Uuid::from_u128(2))),
            (Some(Outcome::Moved), None)
        );
        assert_eq!(Report::of_output("Hello\r\n"), Err(HostError::CutOff));
    }
}
