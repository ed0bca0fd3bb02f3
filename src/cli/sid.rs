//! `sid`: SID ⇄ well-known name ⇄ GUID of a virtual machine.

use std::io::Write;

use serde::Serialize;

use super::args::{SidArgs, TextOrJson};
use super::failure::{Code, Failure};
use super::note;
use crate::accounts;
use crate::report::json;
use crate::report::show::escape;

/// A value and what it stands for; all null where it stands for nothing.
#[derive(Serialize)]
struct Value<'v> {
    input: &'v str,
    sid: Option<String>,
    name: Option<String>,
    vm: Option<String>,
}

/// Prints one line, or one JSON object, for each value. Exits with 1 when a value stands for no SID.
pub fn run(args: &SidArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let mut code = Code::Done;
    let mut values = Vec::new();
    for input in &args.values {
        let found = accounts::convert(input).inspect_err(|error| {
            code = Code::Found;
            note(&format!("{input}: {error}"));
        });
        let found = found.ok();
        values.push(Value {
            input,
            sid: found.as_ref().map(|found| found.sid.to_string()),
            name: found.as_ref().and_then(|found| found.name.clone()),
            vm: found.and_then(|found| found.vm),
        });
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
            for Value { sid, name, .. } in values.iter().filter(|value| value.sid.is_some()) {
                // A virtual machine's GUID is within the name of its account.
                let words: Vec<_> = [sid, name].into_iter().flatten().map(|word| escape(word)).collect();
                writeln!(out, "{}", words.join("  "))?;
            }
        }
    }
    Ok(code)
}
