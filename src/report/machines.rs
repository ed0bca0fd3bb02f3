//! Virtual machines, plans to move them, and what came of it, as text and JSON.

use std::io::{self, Write};

use serde::Serialize;
use uuid::Uuid;

use super::json;
use super::show::{escape, pad};
use crate::hyperv::inventory::{Inventory, Machine, guid_text, scope_words};
use crate::hyperv::moves::{Move, Plan, Planned, Why};
use crate::hyperv::outcome::Outcome;
use crate::hyperv::output::Report;

/// Columns of the table; what is longer is cut in its middle.
const NAME: usize = 28;
const STATE: usize = 8;

/// Writes a line for each machine: name, state, GUID, scope. `known` tells whether the store has a scope.
pub fn write_list_text(
    mut out: impl Write,
    inventory: &Inventory,
    known: impl Fn(&str) -> bool,
) -> io::Result<()> {
    if let Some(host) = &inventory.host {
        writeln!(out, "{}:", escape(host))?;
    }
    for machine in &inventory.machines {
        let Machine { guid, name, scope, .. } = machine;
        let scope = match scope.as_deref() {
            None => "(the host did not say its scope)".to_owned(),
            Some("") => "(default scope)".to_owned(),
            Some(scope) if known(scope) => scope.to_owned(),
            Some(scope) => format!("{scope} (not in the store: treated as the default scope)"),
        };
        let name = pad(&escape(name), NAME, "…");
        writeln!(out, "{name} {:STATE$} {}  {}", machine.state_word(), guid_text(*guid), escape(&scope))?;
    }
    if inventory.machines.is_empty() {
        writeln!(out, "No virtual machine.")?;
    }
    Ok(())
}

/// Writes `{"format":1,"host":…,"machines":[{"guid","name","state","scope"}]}`, an inventory that `--inventory` reads.
/// `state` is WMI's `EnabledState` (2 runs, 3 is off); `scope` is `""` for the default scope.
pub fn write_list_json(out: impl Write, inventory: &Inventory) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'i> {
        format: u32,
        host: Option<&'i str>,
        machines: &'i [Machine],
    }
    json::write(out, &Document { format: 1, host: inventory.host.as_deref(), machines: &inventory.machines })
}

/// Writes what will be done, in order.
pub fn write_plan_text(mut out: impl Write, plan: &Plan) -> io::Result<()> {
    for held in &plan.held {
        match &held.becomes {
            Some(name) => writeln!(
                out,
                "First \"{}\" must be in the store beside \"{}\", until its machines have moved.",
                escape(name),
                escape(&held.name)
            )?,
            None => writeln!(
                out,
                "\"{}\" must stay in the store until its machines have moved.",
                escape(&held.name)
            )?,
        }
    }
    for planned in &plan.moves {
        writeln!(out, "{}", escape(&line(planned)))?;
    }
    if plan.moves.is_empty() {
        writeln!(out, "Nothing to move: every machine is in its scope already.")?;
    }
    Ok(())
}

/// A planned move as a sentence.
pub fn line(planned: &Planned) -> String {
    let order = &planned.order;
    let from = order.from.as_deref().map_or_else(|| "its scope".to_owned(), scope_words);
    let why = match planned.why {
        Why::Asked => "",
        Why::Renamed => ", because its scope gets that name",
        Why::Deleted => ", because its scope is deleted",
        Why::Missing => ", where it is treated as being already: the store has no such scope",
    };
    let name = if order.name.is_empty() {
        guid_text(order.guid)
    } else {
        format!("{} ({})", order.name, guid_text(order.guid))
    };
    format!("{name}: from {from} to {}{why}.", scope_words(&order.to))
}

/// What came of the move of a machine to a scope: `Johns VM: is in "S" now, read back from the host`.
pub fn outcome_words(guid: Uuid, name: &str, to: &str, report: &Report) -> String {
    let name = if name.is_empty() { guid_text(guid) } else { name.to_owned() };
    let to = scope_words(to);
    let outcome = match report.outcome(guid) {
        Some(Outcome::Moved) => format!("is in {to} now, read back from the host"),
        Some(Outcome::Already) => format!("was in {to} already"),
        Some(Outcome::Vanished) => "NOT MOVED: the host has no such machine any more".to_owned(),
        Some(Outcome::Failed(why)) => format!("NOT MOVED: {why}"),
        None => "NOT MOVED: the script ended before its turn".to_owned(),
    };
    format!("{name}: {outcome}")
}

/// What came of moves, for the log of the store: of those that the host spoke of, and of those that were meant to be.
pub fn log_words(report: &Report, moves: &[Move]) -> String {
    let told = report.results.iter().map(|result| {
        outcome_words(result.guid, result.name.as_deref().unwrap_or_default(), &result.wanted, report)
    });
    let untold = moves.iter().filter(|order| report.outcome(order.guid).is_none());
    let untold = untold.map(|order| outcome_words(order.guid, &order.name, &order.to, report));
    told.chain(untold).collect::<Vec<_>>().join("; ")
}

/// Writes what came of each move, and how to undo them.
pub fn write_outcomes_text(mut out: impl Write, plan: &Plan, report: &Report) -> io::Result<()> {
    for planned in &plan.moves {
        let Move { guid, name, to, .. } = &planned.order;
        writeln!(out, "{}.", escape(&outcome_words(*guid, name, to, report)))?;
    }
    if let Some(undo) = &report.undo {
        writeln!(out, "To undo, run on the host: cscript //nologo \"{}\"", escape(undo))?;
    }
    Ok(())
}

/// Writes `{"format":1,"held":[{"name","becomes"}],"moves":[{"guid","name","from","to","why","outcome","reason"}],"undo":…}`.
///
/// `why` is `asked`, `renamed`, `deleted` or `missing`; `outcome` is `moved`, `already`, `vanished`, `failed` (with
/// `reason`), `not_tried`, or null where nothing was to be done yet.
pub fn write_moves_json(out: impl Write, plan: &Plan, report: Option<&Report>) -> io::Result<()> {
    let moves = plan.moves.iter().map(|planned| move_shape(planned, report));
    let held = plan.held.iter().map(|held| HeldShape { name: &held.name, becomes: held.becomes.as_deref() });
    let undo = report.and_then(|report| report.undo.as_deref());
    json::write(out, &MovesDocument { format: 1, held: held.collect(), moves: moves.collect(), undo })
}

#[derive(Serialize)]
struct MovesDocument<'p> {
    format: u32,
    held: Vec<HeldShape<'p>>,
    moves: Vec<MoveShape<'p>>,
    undo: Option<&'p str>,
}

#[derive(Serialize)]
struct HeldShape<'p> {
    name: &'p str,
    becomes: Option<&'p str>,
}

#[derive(Serialize)]
struct MoveShape<'p> {
    guid: String,
    name: &'p str,
    from: Option<&'p str>,
    to: &'p str,
    why: &'static str,
    outcome: Option<&'static str>,
    reason: Option<String>,
}

fn move_shape<'p>(planned: &'p Planned, report: Option<&Report>) -> MoveShape<'p> {
    let order = &planned.order;
    let why = match planned.why {
        Why::Asked => "asked",
        Why::Renamed => "renamed",
        Why::Deleted => "deleted",
        Why::Missing => "missing",
    };
    let (outcome, reason) = match report.map(|report| report.outcome(order.guid)) {
        None => (None, None),
        Some(None) => (Some("not_tried"), None),
        Some(Some(Outcome::Moved)) => (Some("moved"), None),
        Some(Some(Outcome::Already)) => (Some("already"), None),
        Some(Some(Outcome::Vanished)) => (Some("vanished"), None),
        Some(Some(Outcome::Failed(reason))) => (Some("failed"), Some(reason)),
    };
    MoveShape {
        guid: guid_text(order.guid),
        name: &order.name,
        from: order.from.as_deref(),
        to: &order.to,
        why,
        outcome,
        reason,
    }
}
