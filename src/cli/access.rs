//! `access`: the matrix member × operation × scope.

use std::io::Write;

use super::args::{AccessArgs, AccessFormat};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{find, names, who};
use crate::access::{Access, Principal, Where};
use crate::report::access::{Rows, write_rows_json};
use crate::report::{access_html, access_table};

/// Prints what everybody, or one account, may do in an application.
pub fn run(args: &AccessArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let store = who::open(&args.store, args.format == AccessFormat::Json, out)?;
    let mut directory = Directory::of(&args.names, &[&args.store])?;
    let asked = match &args.who {
        Some(word) => {
            let (sid, token) = who::account(&mut directory, word, &args.token)?;
            Some((token, Principal::Account(sid)))
        }
        None if args.token.exact || !args.token.group.is_empty() => {
            return Err(Failure::Usage("--group and --exact are about an account: name one".to_owned()));
        }
        None => None,
    };
    let application = find::application(&store, args.app.as_deref())?;
    let access = Access::of(&store, application, Where::Anywhere);
    let mut sids = names::members(&store);
    if let Some((_, Principal::Account(sid))) = &asked {
        sids.push(*sid);
    }
    directory.learn(sids.iter().copied());
    let names = directory.only(&sids);
    let rows = Rows { access: &access, store: &store, application, who: asked, names: &names };
    match args.format {
        AccessFormat::Text => access_table::write_text(out, &rows)?,
        AccessFormat::Json => write_rows_json(out, &rows)?,
        AccessFormat::Csv => access_table::write_csv(out, &rows)?,
        AccessFormat::Markdown => access_table::write_markdown(out, &rows)?,
        AccessFormat::Html => {
            access_html::write(out, &args.store.to_string_lossy(), &rows)?;
        }
    }
    Ok(Code::Done)
}
