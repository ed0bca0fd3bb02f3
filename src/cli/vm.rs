//! `vm`: the virtual machines of a host and their scopes.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;

use uuid::Uuid;

use super::args::{
    HostArgs, MoveArgs, ScriptLanguage, TextOrJson, VmCommand, VmListArgs, VmMoveArgs, VmScriptArgs,
};
use super::failure::{Code, Failure};
use super::{Output, load, note, save};
use crate::files::{self, FileError, StateDir};
use crate::hyperv::inventory::Inventory;
use crate::hyperv::moves::{self, Host, Move, Plan, Planned, Problem, Why};
use crate::hyperv::output::{HostError, Report};
use crate::hyperv::script::{self, Language};
use crate::report::machines;
use crate::report::show::escape;
use crate::report::unreadable::Unreadable;
use crate::term::ScriptHost;

/// Runs one of the subcommands.
pub fn run(command: &VmCommand, out: &mut Output) -> Result<Code, Failure> {
    match command {
        VmCommand::List(args) => list(args, out),
        VmCommand::Move(args) => move_machines(args, out),
        VmCommand::Script(args) => write_script(args, out),
        VmCommand::Config(args) => super::evidence::run(args, out),
    }
}

fn list(args: &VmListArgs, out: &mut Output) -> Result<Code, Failure> {
    let store = args.store.as_deref().map(load::open).transpose()?;
    let inventory = match inventory(&args.host) {
        Err(Failure::Unreadable(error)) if args.format == TextOrJson::Json => {
            error.write_json(&mut *out)?;
            return Err(Failure::Reported(Code::Unreadable));
        }
        inventory => inventory?,
    };
    match args.format {
        TextOrJson::Json => machines::write_list_json(out, &inventory)?,
        TextOrJson::Text => {
            let known = |scope: &str| store.as_ref().is_none_or(|store| moves::has_scope(store, scope));
            machines::write_list_text(out, &inventory, known)?;
        }
    }
    Ok(Code::Done)
}

fn move_machines(args: &VmMoveArgs, out: &mut Output) -> Result<Code, Failure> {
    let inventory = inventory(&args.host)?;
    let plan = plan(&args.moves, &inventory)?;
    if args.dry_run || plan.moves.is_empty() {
        match args.format {
            TextOrJson::Json => machines::write_moves_json(out, &plan, None)?,
            TextOrJson::Text => {
                machines::write_plan_text(&mut *out, &plan)?;
                writeln!(
                    out,
                    "Nothing was moved{}.",
                    if args.dry_run { ": this was a dry run" } else { "" }
                )?;
            }
        }
        return Ok(Code::Done);
    }
    if args.host.inventory.is_some() {
        return Err(Failure::Refused(
            "an inventory is not the host: nothing was moved. Leave --inventory out on Windows, or write a script with \
             azedit vm script and run it on the host"
                .to_owned(),
        ));
    }
    if let Some(held) = plan.held.first() {
        return Err(Failure::Refused(format!(
            "nothing was moved: the machines of \"{}\" move when the store is saved with both its old and its new scopes; \
             save such a store first, and move before the old scope goes",
            held.name
        )));
    }
    let orders = plan.orders();
    let report =
        host(&args.host).move_machines(&orders).map_err(|error| unreachable_host(&args.host, &error))?;
    if let Err(error) = keep(args.moves.store.as_deref(), save::state(), (&report, &orders)) {
        note(&format!("the log of the store does not tell of these moves: {error}"));
    }
    out.only_tells();
    match args.format {
        TextOrJson::Json => machines::write_moves_json(out, &plan, Some(&report))?,
        TextOrJson::Text => machines::write_outcomes_text(out, &plan, &report)?,
    }
    Ok(if plan.left(&report).moves.is_empty() { Code::Done } else { Code::Found })
}

/// Keeps what came of moves in the log of the store that the host uses, where that was named, as the editor does. They
/// have been made: that the log cannot take it does not undo them.
fn keep(
    store: Option<&OsStr>,
    state: Result<StateDir, FileError>,
    (report, moves): (&Report, &[Move]),
) -> Result<(), FileError> {
    let Some(Ok(store)) = store.map(load::file) else { return Ok(()) };
    files::note(&state?, &store, &machines::log_words(report, moves))
}

fn write_script(args: &VmScriptArgs, out: &mut Output) -> Result<Code, Failure> {
    let language = match args.language {
        ScriptLanguage::Vbscript => Language::VbScript,
        ScriptLanguage::Powershell => Language::PowerShell,
    };
    let host = args.host.host.as_deref().unwrap_or(".");
    let MoveArgs { machines, to, to_default, was, .. } = &args.moves;
    let text = if machines.is_empty() && to.is_none() && !to_default && was.is_none() {
        script::listing(language, host)
    } else {
        let plan = if args.host.inventory.is_some() {
            plan(&args.moves, &inventory(&args.host)?)?
        } else {
            plan_unseen(&args.moves)?
        };
        script::moving(language, host, &plan.orders())
    };
    let text = text.map_err(|error| Failure::Usage(error.to_string()))?;
    match &args.output {
        None => out.write_all(text.as_bytes())?,
        Some(path) => {
            files::create(path, text.as_bytes()).map_err(|error| Failure::not_created(&error))?;
            out.only_tells();
            let file = path.to_string_lossy();
            let run = match language {
                Language::VbScript => "cscript //nologo",
                Language::PowerShell => "powershell -ExecutionPolicy Bypass -File",
            };
            writeln!(out, "Wrote {}. On the host: {run} \"{}\"", escape(&file), escape(&file))?;
        }
    }
    Ok(Code::Done)
}

/// The host that is meant. A command is stopped by the terminal, and the script with it.
fn host(args: &HostArgs) -> ScriptHost<'static> {
    ScriptHost::new(args.host.as_deref(), save::state().map_err(|error| error.to_string()), &|| false)
}

/// The host's machines: from a file, or asked now.
fn inventory(args: &HostArgs) -> Result<Inventory, Failure> {
    let Some(file) = &args.inventory else {
        return host(args).list().map_err(|error| unreachable_host(args, &error));
    };
    read_inventory(file)
}

/// The machines that a file lists; `-` is standard input.
pub fn read_inventory(file: &Path) -> Result<Inventory, Failure> {
    let path = file.to_string_lossy().into_owned();
    let bytes = read(file, &path)?;
    Inventory::read(&bytes).map_err(|error| Unreadable::io(path, error.to_string()).into())
}

fn read(file: &Path, path: &str) -> Result<Vec<u8>, Failure> {
    if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes)
            .map_err(|error| Unreadable::io(path.to_owned(), error.to_string()))?;
        return Ok(bytes);
    }
    let opened = files::read(file).map_err(|error| Unreadable::io(path.to_owned(), error.without_path()))?;
    Ok(opened.bytes)
}

fn unreachable_host(args: &HostArgs, error: &HostError) -> Failure {
    let host = args.host.clone().unwrap_or_else(|| "this machine".to_owned());
    Unreadable::io(host, error.to_string()).into()
}

/// Plans what was asked for, and refuses what would not do what was meant.
fn plan(args: &MoveArgs, inventory: &Inventory) -> Result<Plan, Failure> {
    let target = target(args)?;
    let mut asked: Vec<(Uuid, String)> = Vec::new();
    for word in &args.machines {
        let machine = inventory.find(word).map_err(Failure::Usage)?;
        if asked.iter().all(|(guid, _)| *guid != machine.guid) {
            asked.push((machine.guid, target.to_owned()));
        }
    }
    let Some(store) = &args.store else {
        note_unchecked(target);
        let moves = asked.iter().filter_map(|(guid, to)| {
            let machine = inventory.machine(*guid)?;
            let order =
                Move { guid: *guid, name: machine.name.clone(), from: machine.scope.clone(), to: to.clone() };
            (machine.scope.as_ref() != Some(to)).then_some(Planned { order, why: Why::Asked })
        });
        return Ok(Plan { moves: moves.collect(), ..Plan::default() });
    };
    let wanted = load::open(store)?;
    let saved = args.was.as_deref().map(load::open).transpose()?;
    let mut plan = moves::plan(inventory, saved.as_ref().unwrap_or(&wanted), &wanted, &asked);
    if args.was.is_none() {
        // Without a change to the store, only what was asked for moves.
        plan.moves.retain(|planned| planned.why == Why::Asked);
        plan.held.clear();
    }
    refuse(&plan.problems, args)?;
    Ok(plan)
}

/// A plan made without having seen the host: its machines are named by GUIDs.
fn plan_unseen(args: &MoveArgs) -> Result<Plan, Failure> {
    let target = target(args)?;
    if args.was.is_some() {
        return Err(Failure::Usage("--was needs --inventory: it asks whose scopes change".to_owned()));
    }
    match &args.store {
        None => note_unchecked(target),
        Some(store) => {
            let store = load::open(store)?;
            if !moves::has_scope(&store, target) {
                let scope = target.to_owned();
                refuse(&[Problem::NoScope { machine: "the machines".to_owned(), scope }], args)?;
            }
        }
    }
    let mut plan = Plan::default();
    for word in &args.machines {
        let guid = Uuid::try_parse(word.trim()).map_err(|_| {
            Failure::Usage(format!(
                "\"{word}\" is no GUID; to name machines by their names give --inventory FILE"
            ))
        })?;
        let order = Move { guid, name: String::new(), from: None, to: target.to_owned() };
        plan.moves.push(Planned { order, why: Why::Asked });
    }
    Ok(plan)
}

fn target(args: &MoveArgs) -> Result<&str, Failure> {
    match (&args.to, args.machines.is_empty()) {
        (None, false) if !args.to_default => {
            Err(Failure::Usage("say where to: --to SCOPE or --to-default".to_owned()))
        }
        (Some(_), true) => Err(Failure::Usage("say which virtual machines".to_owned())),
        (None, true) if args.was.is_none() => Err(Failure::Usage("say which virtual machines".to_owned())),
        (Some(scope), false) if scope.is_empty() => {
            Err(Failure::Usage("the default scope is --to-default".to_owned()))
        }
        (to, _) => Ok(to.as_deref().unwrap_or_default()),
    }
}

fn note_unchecked(target: &str) {
    if !target.is_empty() {
        note(&format!(
            "without --store it was not checked that there is a scope \"{target}\"; a machine of a scope that the store \
             lacks falls to the default scope, and the host says so only in its log"
        ));
    }
}

/// The guard: what would not do what was meant is refused until its code is named.
fn refuse(problems: &[Problem], args: &MoveArgs) -> Result<(), Failure> {
    let is_allowed = |problem: &&Problem| {
        matches!(problem, Problem::NoScope { .. }) && args.allow.iter().any(|code| code == "unknown-scope")
    };
    let open: Vec<String> = problems
        .iter()
        .filter(|problem| !is_allowed(problem))
        .map(|problem| format!("  unknown-scope: {problem}"))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "refused, nothing was moved:\n{}\nIf that is what you want, add --allow unknown-scope.",
        open.join("\n")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_moves_is_in_the_log_of_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateDir::locate(Some(&folder.path().join("state"))).unwrap();
        let store = folder.path().join("store.xml");
        std::fs::write(&store, "<x/>").unwrap();
        let output = "{\"azedit\":\"move\",\"guid\":\"E57917F3-31C3-456E-B1BA-5E45B4CC7E0C\",\"name\":\"Johns VM\",\
                      \"wanted\":\"S\",\"old\":\"\",\"now\":\"S\",\"return\":0}\r\n";
        let report = Report::of_output(output).unwrap();
        let joe =
            Move { guid: Uuid::from_u128(7), name: "Joes VM".to_owned(), from: None, to: String::new() };
        let moves = [Move { guid: report.results[0].guid, name: "Johns VM".to_owned(), ..joe.clone() }, joe];
        let written = |store: Option<&OsStr>| keep(store, Ok(state.clone()), (&report, &moves));
        written(None).unwrap();
        assert_eq!(files::notes(&state, &store).unwrap(), []);
        written(Some(store.as_os_str())).unwrap();
        let notes = files::notes(&state, &store).unwrap();
        let said: Vec<&str> = notes.iter().map(|note| note.what.as_str()).collect();
        assert_eq!(
            said,
            [
                "Johns VM: is in \"S\" now, read back from the host; Joes VM: NOT MOVED: the script ended before its turn"
            ]
        );
        let nowhere = FileError::NoSuchVersion { path: store.clone(), id: String::new() };
        assert!(keep(Some(store.as_os_str()), Err(nowhere), (&report, &moves)).is_err());
    }
}
