//! A Hyper-V host that is played from a record: it has machines, and says of a move what the record says. What it prints
//! are the lines of the script, so that they are read as a real host's are. Synthetic.

use std::collections::{HashMap, VecDeque};

use azedit::hyperv::inventory::Inventory;
use azedit::hyperv::moves::{Host, Move};
use azedit::hyperv::output::{HostError, Report};
use serde_json::{Value, json};

/// What the host says of one attempt to move a machine.
#[derive(Clone, Debug)]
pub enum Says {
    /// It does it, and returns 0.
    Done,
    /// It begins a job (4096) that completes.
    Job,
    /// It begins a job that ends in this state, with these words.
    JobFails(u32, &'static str),
    /// It begins a job that runs for longer than is waited.
    JobRuns,
    /// It returns this, and moves nothing.
    Returns(u32),
    /// It has no such machine any more.
    Vanished,
    /// The script ends before this machine's turn, and with it the answers.
    CutOff,
}

/// A machine of the host.
#[derive(Clone, Debug)]
pub struct Has {
    pub guid: &'static str,
    pub name: String,
    pub state: u32,
    pub scope: String,
}

/// The host.
#[derive(Clone, Debug, Default)]
pub struct RecordedHost {
    pub machines: Vec<Has>,
    /// What it says of a machine's moves, one after the other; then that they are done.
    pub says: HashMap<&'static str, VecDeque<Says>>,
    /// What it says when it is asked at all.
    pub error: Option<&'static str>,
    /// The moves that it was asked for: machine and scope.
    pub asked: Vec<(String, String)>,
}

impl RecordedHost {
    pub fn has(&mut self, guid: &'static str, name: &str, state: u32, scope: &str) -> &mut RecordedHost {
        self.machines.push(Has { guid, name: name.to_owned(), state, scope: scope.to_owned() });
        self
    }

    /// Puts a machine into a scope behind azedit's back.
    pub fn is_in(&mut self, machine: usize, scope: &str) -> &mut RecordedHost {
        scope.clone_into(&mut self.machines[machine].scope);
        self
    }

    pub fn says(&mut self, guid: &'static str, says: Says) -> &mut RecordedHost {
        self.says.entry(guid).or_default().push_back(says);
        self
    }

    /// Where a machine is.
    #[track_caller]
    pub fn scope_of(&self, guid: &str) -> &str {
        &self.machines.iter().find(|machine| machine.guid == guid).unwrap().scope
    }

    /// What the listing script prints.
    pub fn listing(&self) -> String {
        let mut lines = vec![json!({"azedit": "host", "name": "HV01"})];
        let line = |has: &Has| {
            let Has { guid, name, state, scope } = has;
            json!({"azedit": "machine", "guid": guid, "name": name, "state": state, "scope": scope})
        };
        lines.extend(self.machines.iter().map(line));
        lines.push(json!({"azedit": "end", "count": self.machines.len()}));
        output(&lines)
    }

    /// Runs the moving script, and gives what it prints.
    pub fn run(&mut self, moves: &[(String, String)]) -> String {
        let mut lines = vec![json!({"azedit": "undo", "path": "C:\\hosts\\undo.vbs"})];
        let mut count = 0;
        for (guid, wanted) in moves {
            self.asked.push((guid.clone(), wanted.clone()));
            let says = self.says.get_mut(guid.as_str()).and_then(VecDeque::pop_front).unwrap_or(Says::Done);
            let at = self.machines.iter().position(|machine| machine.guid == guid);
            if matches!(says, Says::CutOff) {
                return output(&lines);
            }
            count += 1;
            let Some(at) = at.filter(|_| !matches!(says, Says::Vanished)) else {
                self.machines.retain(|machine| machine.guid != guid);
                lines.push(json!({"azedit": "move", "guid": guid, "wanted": wanted}));
                continue;
            };
            let machine = &mut self.machines[at];
            let old = machine.scope.clone();
            if matches!(says, Says::Done | Says::Job) {
                machine.scope.clone_from(wanted);
            }
            let mut line = json!({"azedit": "move", "guid": guid, "name": machine.name, "wanted": wanted,
                "old": old, "now": machine.scope});
            let mut put = |key: &str, value: Value| line[key] = value;
            match says {
                Says::Job => {
                    put("return", 4096.into());
                    put("job", 7.into());
                }
                Says::JobFails(state, words) => {
                    put("return", 4096.into());
                    put("job", state.into());
                    put("job_error", 32775.into());
                    put("message", words.into());
                }
                Says::JobRuns => {
                    put("return", 4096.into());
                    put("job", 4.into());
                }
                Says::Returns(code) => put("return", code.into()),
                Says::Done | Says::Vanished | Says::CutOff => put("return", 0.into()),
            }
            lines.push(line);
        }
        lines.push(json!({"azedit": "end", "count": count}));
        output(&lines)
    }
}

fn output(lines: &[Value]) -> String {
    lines.iter().flat_map(|line| [ordered(line), "\r\n".to_owned()]).collect()
}

/// The script's lines begin with what they are.
fn ordered(line: &Value) -> String {
    let fields = line.as_object().unwrap();
    let rest = fields.iter().filter(|(key, _)| *key != "azedit");
    let rest: Vec<String> = rest.map(|(key, value)| format!("{}:{value}", json!(key))).collect();
    format!("{{\"azedit\":{},{}}}", fields["azedit"], rest.join(","))
}

impl Host for RecordedHost {
    fn list(&mut self) -> Result<Inventory, HostError> {
        match self.error {
            Some(code) => Inventory::of_output(&error(code)),
            None => Inventory::of_output(&self.listing()),
        }
    }

    fn move_machines(&mut self, moves: &[Move]) -> Result<Report, HostError> {
        if let Some(code) = self.error {
            return Report::of_output(&error(code));
        }
        let moves: Vec<(String, String)> =
            moves.iter().map(|order| (format!("{:X}", order.guid.hyphenated()), order.to.clone())).collect();
        Report::of_output(&self.run(&moves))
    }
}

fn error(code: &str) -> String {
    format!("{{\"azedit\":\"error\",\"doing\":\"connect\",\"code\":\"{code}\",\"message\":\"\"}}\r\n")
}
