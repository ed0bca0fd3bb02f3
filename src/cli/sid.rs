//! `sid`: SID ⇄ name ⇄ GUID of a virtual machine; and maps of names.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::args::{SidArgs, TextOrJson};
use super::failure::{Code, Failure};
use super::names::{Directory, members, stores};
use super::{load, note};
use crate::accounts::{self, Sid, vm_guid, write_map};
use crate::files;
use crate::report::json;
use crate::report::show::escape;

/// A value and what it stands for; all null where it stands for nothing.
#[derive(Serialize)]
struct Value<'v> {
    input: &'v str,
    sid: Option<String>,
    name: Option<String>,
    vm: Option<String>,
    /// What kind of account, where that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// Why there is no name, where somebody was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    unnamed: Option<String>,
}

/// Prints one line, or one JSON object, for each value. Exits with 1 when a value stands for no SID.
pub fn run(args: &SidArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    if !args.map.is_empty() {
        return map(args, out);
    }
    let mut code = Code::Done;
    let mut directory = Directory::of(&args.names, &[])?;
    let mut values = Vec::new();
    for input in &args.values {
        let found = find(&mut directory, input).inspect_err(|failure| {
            code = Code::Found;
            note(&failure.to_string());
        });
        values.push(value(&mut directory, input, found.ok()));
    }
    match args.format {
        TextOrJson::Json => {
            #[derive(Serialize)]
            struct Document<'v> {
                format: u32,
                values: Vec<Value<'v>>,
            }
            json::write(out, &Document { format: 1, values })?;
        }
        TextOrJson::Text => {
            for Value { sid, name, unnamed, kind, .. } in values.iter().filter(|value| value.sid.is_some()) {
                // A virtual machine's GUID is within the name of its account.
                let why = unnamed.as_ref().map(|why| format!("({why})"));
                let kind = kind.filter(|kind| !kind.is_empty()).map(|kind| format!("({kind})"));
                let words = [sid.clone(), name.clone(), kind, why];
                let words: Vec<_> = words.iter().flatten().map(|word| escape(word)).collect();
                writeln!(out, "{}", words.join("  "))?;
            }
        }
    }
    Ok(code)
}

/// The SID of a word; a GUID without hyphens is one too here, where nothing else is meant.
fn find(directory: &mut Directory, word: &str) -> Result<Sid, Failure> {
    match accounts::convert(word) {
        Ok(found) => Ok(found.sid),
        Err(_) => directory.sid(word),
    }
}

fn value<'v>(directory: &mut Directory, input: &'v str, sid: Option<Sid>) -> Value<'v> {
    let Some(sid) = sid else {
        return Value { input, sid: None, name: None, vm: None, kind: None, unnamed: None };
    };
    directory.learn(std::iter::once(sid));
    let names = directory.names();
    Value {
        input,
        sid: Some(sid.to_string()),
        name: names.name(&sid).map(std::borrow::Cow::into_owned),
        vm: vm_guid(&sid).map(|guid| format!("{:X}", guid.hyphenated())),
        kind: names.account(&sid).map(|account| account.sort.word()),
        unnamed: names.why_unnamed(&sid).map(ToString::to_string),
    }
}

/// Writes a map of the names of the stores' members. Exits with 1 when some have none.
fn map(args: &SidArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let mut directory = Directory::of(&args.names, &stores(&args.map))?;
    let mut sids = Vec::new();
    for store in &args.map {
        sids.extend(members(&load::open(store)?));
    }
    sids.sort_unstable();
    sids.dedup();
    // What every host knows needs no map.
    sids.retain(|sid| directory.names().account(sid).is_some() || directory.names().is_stranger(sid));
    directory.learn_all(sids.iter().copied());
    let names = directory.only(&sids);
    let mut text = write_map(names.accounts());
    for sid in sids.iter().filter(|sid| names.account(sid).is_none()) {
        let why = directory.names().why_unnamed(sid).map_or_else(String::new, |why| format!(": {why}"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {sid}{}", why.replace(['\r', '\n'], " "));
    }
    let told = names.accounts().len();
    match &args.output {
        Some(path) => {
            files::create(path, text.as_bytes()).map_err(|error| Failure::not_created(&error))?;
            writeln!(out, "{}", written(path, told))?;
        }
        None => out.write_all(text.as_bytes())?,
    }
    let left = sids.len() - told;
    if left > 0 {
        note(&format!("{left} of {} accounts have no name here", sids.len()));
    }
    Ok(if left > 0 { Code::Found } else { Code::Done })
}

fn written(path: &Path, told: usize) -> String {
    let accounts = if told == 1 { "1 account".to_owned() } else { format!("{told} accounts") };
    format!("{}: {accounts}", escape(&path.display().to_string()))
}
