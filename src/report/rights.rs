//! What security templates mean for virtual machines, as text and JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::json;
use super::show::escape;
use crate::accounts::Names;
use crate::hyperv::rights::{self, Holder, Judgement, RIGHTS};

/// A template that was judged.
pub struct Judged {
    /// What the user called it.
    pub path: String,
    /// What it means.
    pub judgement: Judgement,
}

/// The policies that decide a right where several define it, by their places among the judged.
fn winners(judged: &[Judged]) -> Vec<(&'static str, &Judged)> {
    let judgements: Vec<_> = judged.iter().map(|judged| &judged.judgement).collect();
    let policies = judgements.iter().filter(|judgement| judgement.kind == rights::Kind::Policy).count();
    if policies < 2 {
        return Vec::new();
    }
    let winner = |right| Some((right, judged.get(rights::winner(&judgements, right)?)?));
    RIGHTS.into_iter().filter_map(winner).collect()
}

fn state_of<'j>(judged: &'j Judged, right: &str) -> Option<&'j rights::Right> {
    judged.judgement.rights.iter().find(|known| known.name == right)
}

/// Writes, for each template, its rights and what was found, and which of several policies decides.
pub fn write_text(mut out: impl Write, judged: &[Judged], names: &Names) -> io::Result<()> {
    for (at, Judged { path, judgement }) in judged.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} ({})", escape(path), judgement.kind.word())?;
        for right in &judgement.rights {
            let holders: Vec<_> = right.holders.iter().map(|holder| holder_text(names, holder)).collect();
            let holders =
                if holders.is_empty() { String::new() } else { format!(": {}", holders.join(", ")) };
            writeln!(out, "  {:30} {}{}", right.name, right.state.phrase(right.name), escape(&holders))?;
        }
        let said = |text: &str| escape(&names.put_into(text)).into_owned();
        for finding in &judgement.findings {
            writeln!(out, "  {} {}: {}.", finding.severity, finding.code, said(&finding.message))?;
            for (label, text) in
                [("then", finding.consequence), ("fix", finding.fix.as_deref()), ("for now", finding.cure)]
            {
                if let Some(text) = text {
                    writeln!(out, "    {label}: {}.", said(text))?;
                }
            }
        }
    }
    let winners = winners(judged);
    if !winners.is_empty() {
        writeln!(
            out,
            "\nWhere all of these policies reach one host, applied in this order, the last that defines a right wins:"
        )?;
        for (right, winner) in winners {
            let state = state_of(winner, right).map_or("", |known| known.state.phrase(right));
            writeln!(out, "  {right:30} {}: {state}", escape(&winner.path))?;
        }
    }
    Ok(())
}

fn holder_text(names: &Names, holder: &Holder) -> String {
    match holder {
        Holder::Sid(sid) => names.shown(sid),
        Holder::Name(name) => name.clone(),
    }
}

/// Writes `{"format":1,"files":[{"path","kind","rights":[{"name","state","holders"}],"findings":[…]}],"winners":[…]}`.
///
/// A finding is `{"code","severity","right","message","consequence","fix","cure"}`. A holder is a SID, or a name that
/// only a domain knows. `winners` says which of several policies decides each right, where all of them reach one host in
/// the order given: `{"name","path","state"}`.
pub fn write_json(out: impl Write, judged: &[Judged]) -> io::Result<()> {
    let winners = winners(judged)
        .into_iter()
        .filter_map(|(name, winner)| {
            let state = state_of(winner, name)?.state.word();
            Some(WinnerShape { name, path: &winner.path, state })
        })
        .collect();
    json::write(out, &Document { format: 1, files: judged.iter().map(file_shape).collect(), winners })
}

#[derive(Serialize)]
struct Document<'j> {
    format: u32,
    files: Vec<FileShape<'j>>,
    winners: Vec<WinnerShape<'j>>,
}

#[derive(Serialize)]
struct FileShape<'j> {
    path: &'j str,
    kind: &'static str,
    rights: Vec<RightShape>,
    findings: Vec<FindingShape<'j>>,
}

#[derive(Serialize)]
struct RightShape {
    name: &'static str,
    state: &'static str,
    holders: Vec<String>,
}

#[derive(Serialize)]
struct FindingShape<'j> {
    code: &'static str,
    severity: &'static str,
    right: Option<&'static str>,
    message: &'j str,
    consequence: Option<&'static str>,
    fix: Option<&'j str>,
    cure: Option<&'static str>,
}

#[derive(Serialize)]
struct WinnerShape<'j> {
    name: &'static str,
    path: &'j str,
    state: &'static str,
}

fn file_shape(judged: &Judged) -> FileShape<'_> {
    let Judged { path, judgement } = judged;
    let rights = judgement.rights.iter().map(|right| RightShape {
        name: right.name,
        state: right.state.word(),
        holders: right.holders.iter().map(ToString::to_string).collect(),
    });
    let findings = judgement.findings.iter().map(|finding| FindingShape {
        code: finding.code,
        severity: finding.severity.word(),
        right: finding.right,
        message: &finding.message,
        consequence: finding.consequence,
        fix: finding.fix.as_deref(),
        cure: finding.cure,
    });
    FileShape { path, kind: judgement.kind.word(), rights: rights.collect(), findings: findings.collect() }
}
