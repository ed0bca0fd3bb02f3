//! Does a security template let virtual machines log on as a service?
//!
//! From Server 2012 on each virtual machine runs under its own account. All of them are in the group
//! `NT VIRTUAL MACHINE\Virtual Machines` (S-1-5-83-0), which needs two rights. A group policy that defines one of them
//! without the group takes it away from every host it reaches (KB2779204).

mod inf;
mod strings;

use crate::accounts::{self, Sid};
use crate::check::Severity;

pub use inf::{Holder, Line, NotATemplate, Template};

/// To log on as a service.
pub const SERVICE_LOGON: &str = "SeServiceLogonRight";
/// To create symbolic links.
pub const SYMBOLIC_LINK: &str = "SeCreateSymbolicLinkPrivilege";
/// Not to log on as a service, whatever else is granted.
pub const DENY_SERVICE_LOGON: &str = "SeDenyServiceLogonRight";
/// The rights that matter to virtual machines, in the order they are reported.
pub const RIGHTS: [&str; 3] = [SERVICE_LOGON, SYMBOLIC_LINK, DENY_SERVICE_LOGON];

/// What happens without the rights.
pub const CONSEQUENCE: &str = "virtual machines fail to start, and to migrate live (event 21502), with 0x80070569: \
                               the account has not been granted the requested logon type";
/// What helps until the policy is applied the next time.
pub const CURE: &str = "`gpupdate /force` on the host brings the right back for a while: the management \
                        service adds it again when the policy is refreshed, but not always";

/// What a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Part of a group policy object: what it does not define, it leaves alone.
    Policy,
    /// What holds on one machine: what it does not list, nobody has.
    Export,
}

impl Kind {
    /// The word of the command line and of JSON.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Policy => "policy",
            Kind::Export => "export",
        }
    }

    /// What a template is by the name of its file and by what it holds; `None` = both are possible.
    ///
    /// Policies are always named `GptTmpl.inf`. An export lists every right that somebody holds, and on every Windows
    /// somebody may pass through folders (`SeChangeNotifyPrivilege`); what only an export names in practice, together
    /// with that, are the two rights that services need to act for their clients.
    pub fn guess(path: &str, template: &Template) -> Option<Kind> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let has = |right: &str| template.lines_of(right).next().is_some();
        if name.eq_ignore_ascii_case("GptTmpl.inf") || !has("SeChangeNotifyPrivilege") {
            Some(Kind::Policy)
        } else if has("SeImpersonatePrivilege") && has("SeCreateGlobalPrivilege") {
            Some(Kind::Export)
        } else {
            None
        }
    }
}

/// How a right stands for virtual machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// They have it; of the right that denies: they are not denied.
    Granted,
    /// Others have it, or nobody.
    Missing,
    /// It is defined so that nobody has it.
    Empty,
    /// The policy leaves it alone.
    NotDefined,
    /// They are denied.
    Denied,
}

impl State {
    /// The word of JSON.
    pub fn word(self) -> &'static str {
        match self {
            State::Granted => "granted",
            State::Missing => "missing",
            State::Empty => "empty",
            State::NotDefined => "not_defined",
            State::Denied => "denied",
        }
    }

    /// The words of a report about this right.
    pub fn phrase(self, right: &str) -> &'static str {
        match self {
            State::Granted if right == DENY_SERVICE_LOGON => "virtual machines are not denied",
            State::Granted => "virtual machines have it",
            State::Missing => "virtual machines lack it",
            State::Empty => "nobody has it",
            State::NotDefined => "not defined here",
            State::Denied => "virtual machines are denied",
        }
    }
}

/// A right in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// One of [`RIGHTS`].
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// Who is listed.
    pub holders: Vec<Holder>,
}

/// Something to know about a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `RI-102` …
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The right that it is about; `None` = the template.
    pub right: Option<&'static str>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What happens because of it.
    pub consequence: Option<&'static str>,
    /// What mends it for good.
    pub fix: Option<String>,
    /// What helps for a short while.
    pub cure: Option<&'static str>,
}

/// What a template means for virtual machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What it was judged as.
    pub kind: Kind,
    /// The rights, in the order of [`RIGHTS`].
    pub rights: Vec<Right>,
    /// What was found, in the order of the rights.
    pub findings: Vec<Finding>,
}

/// Judges a template.
pub fn judge(template: &Template, kind: Kind) -> Judgement {
    let mut judgement = Judgement { kind, rights: Vec::new(), findings: Vec::new() };
    for name in RIGHTS {
        let (right, findings) = judge_right(template, kind, name);
        judgement.findings.extend(findings);
        judgement.rights.push(right);
    }
    let is_defined = |right: &Right| right.name != DENY_SERVICE_LOGON && right.state != State::NotDefined;
    if kind == Kind::Policy && judgement.rights.iter().any(is_defined) {
        judgement.findings.push(Finding {
            code: "RI-107",
            severity: Severity::Info,
            right: None,
            message:
                "another policy may win on the host: `gpresult /h report.html` there names the one that does"
                    .to_owned(),
            consequence: None,
            fix: None,
            cure: None,
        });
    }
    judgement
}

/// Judges a template for hosts older than Server 2012: nothing in it matters to their virtual machines.
pub fn judge_before_2012(template: &Template, kind: Kind) -> Judgement {
    let mut judgement = judge(template, kind);
    judgement.findings = vec![Finding {
        code: "RI-106",
        severity: Severity::Info,
        right: None,
        message:
            "before Server 2012 virtual machines have no accounts of their own: nothing here concerns them"
                .to_owned(),
        consequence: None,
        fix: None,
        cure: None,
    }];
    judgement
}

/// The last of several policies that defines a right: where all of them reach one host in this order, that one decides.
/// Gives the place in the list.
pub fn winner(judgements: &[&Judgement], right: &str) -> Option<usize> {
    judgements.iter().rposition(|judgement| {
        judgement.kind == Kind::Policy
            && judgement.rights.iter().any(|r| r.name == right && r.state != State::NotDefined)
    })
}

fn judge_right(template: &Template, kind: Kind, name: &'static str) -> (Right, Vec<Finding>) {
    let lines: Vec<_> = template.lines_of(name).collect();
    let judge = if name == DENY_SERVICE_LOGON { denying } else { granting };
    // No document says which of two lines counts: the worse one is taken.
    let worst = lines
        .iter()
        .map(|line| judge(name, line, kind))
        .max_by_key(|(_, finding)| finding.as_ref().map(|finding| finding.severity));
    let Some((right, finding)) = worst else {
        return absent(name, kind);
    };
    let mut findings = Vec::from_iter(finding);
    if lines.len() > 1 {
        let message = format!("{name} is defined {} times; which line counts is not documented", lines.len());
        findings.push(about(name, "RI-109", Severity::Warning, message));
    }
    let unknown: Vec<_> = right
        .holders
        .iter()
        .filter_map(|holder| match holder {
            Holder::Name(name) if right.state != State::Granted => Some(format!("\"{name}\"")),
            _ => None,
        })
        .collect();
    if !unknown.is_empty() {
        let message = format!(
            "{name} lists what is no SID and no name that is the same everywhere: {}. It was not counted; only the host \
             and its domain know who that is",
            unknown.join(", ")
        );
        findings.push(about(name, "RI-108", Severity::Info, message));
    }
    (right, findings)
}

fn about(right: &'static str, code: &'static str, severity: Severity, message: String) -> Finding {
    Finding { code, severity, right: Some(right), message, consequence: None, fix: None, cure: None }
}

/// A right that no line is about.
fn absent(name: &'static str, kind: Kind) -> (Right, Vec<Finding>) {
    let right = |state| Right { name, state, holders: Vec::new() };
    if kind == Kind::Policy || name == DENY_SERVICE_LOGON {
        return (right(State::NotDefined), Vec::new());
    }
    let finding = Finding {
        consequence: Some(CONSEQUENCE),
        fix: Some(fix(name, kind)),
        cure: Some(CURE),
        ..about(
            name,
            "RI-101",
            Severity::Error,
            format!("nobody on this machine has {name}, so {GROUP} lacks it"),
        )
    };
    (right(State::Missing), vec![finding])
}

const GROUP: &str = "NT VIRTUAL MACHINE\\Virtual Machines (S-1-5-83-0)";

fn fix(right: &str, kind: Kind) -> String {
    match kind {
        Kind::Policy => format!(
            "add {GROUP} to {right} in this policy, or leave {right} undefined in it, or put the hosts into an \
             organizational unit that blocks the inheritance of this policy"
        ),
        Kind::Export => format!(
            "find the policy that defines {right} (`gpresult /h report.html`); add {GROUP} to it, or leave {right} \
             undefined in it, or put the host into an organizational unit that blocks its inheritance"
        ),
    }
}

/// A line that grants.
fn granting(name: &'static str, line: &Line, kind: Kind) -> (Right, Option<Finding>) {
    let right = |state| Right { name, state, holders: line.holders.clone() };
    if line.holders.iter().any(is_the_group) {
        return (right(State::Granted), None);
    }
    let machines = line.holders.iter().filter(|holder| is_one_machine(holder)).count();
    let (state, code, severity, message) = if line.holders.is_empty() {
        let message = format!("{name} is defined and empty, so {GROUP} lacks it");
        (State::Empty, "RI-103", Severity::Error, message)
    } else if machines > 0 {
        let message = format!(
            "{name} lists {machines} virtual machine{} but not {GROUP}: every other and every new one lacks it",
            if machines == 1 { "" } else { "s" }
        );
        (State::Missing, "RI-105", Severity::Warning, message)
    } else {
        let message = format!("{name} is granted to others, but not to {GROUP}");
        (State::Missing, "RI-102", Severity::Error, message)
    };
    let finding = Finding {
        consequence: Some(CONSEQUENCE),
        fix: Some(fix(name, kind)),
        cure: Some(CURE),
        ..about(name, code, severity, message)
    };
    (right(state), Some(finding))
}

/// A line that denies.
fn denying(name: &'static str, line: &Line, _kind: Kind) -> (Right, Option<Finding>) {
    let right = |state| Right { name, state, holders: line.holders.clone() };
    let Some(denied) = line.holders.iter().find(|holder| is_the_group(holder) || is_around_it(holder)) else {
        let state = if line.holders.is_empty() { State::Empty } else { State::Granted };
        return (right(state), None);
    };
    let who = match denied {
        Holder::Sid(sid) => accounts::shown(sid),
        Holder::Name(name) => name.clone(),
    };
    let finding = Finding {
        consequence: Some(CONSEQUENCE),
        fix: Some(format!("remove {who} from {name}")),
        ..about(
            name,
            "RI-104",
            Severity::Error,
            format!("{name} holds {who}, so virtual machines may not log on"),
        )
    };
    (right(State::Denied), Some(finding))
}

/// S-1-5-83-0, or its name in the words of some language: in that domain everything else is named by a GUID, which is read
/// as a SID.
fn is_the_group(holder: &Holder) -> bool {
    match holder {
        Holder::Sid(sid) => (sid.authority(), sid.subauthorities()) == (5, &[83, 0]),
        Holder::Name(name) => {
            name.split_once('\\').is_some_and(|(domain, _)| domain.eq_ignore_ascii_case("NT VIRTUAL MACHINE"))
        }
    }
}

fn is_one_machine(holder: &Holder) -> bool {
    matches!(holder, Holder::Sid(sid) if accounts::vm_guid(sid).is_some())
}

/// Everyone, and whatever logs on as a service.
fn is_around_it(holder: &Holder) -> bool {
    let is = |sid: &Sid, text: &str| Sid::parse(text).is_ok_and(|other| other == *sid);
    matches!(holder, Holder::Sid(sid) if is(sid, "S-1-1-0") || is(sid, "S-1-5-6"))
}

#[cfg(test)]
mod tests;
