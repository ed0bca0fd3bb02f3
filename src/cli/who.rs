//! `can` and `who-can`: one question about one operation.

use std::ffi::OsStr;
use std::io::Write;

use super::args::{CanArgs, TextOrJson, TokenArgs, WhoCanArgs};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{find, load};
use crate::access::{Access, Answer, Token, Where};
use crate::accounts::Sid;
use crate::report::access;
use crate::store::{ObjId, Store};

/// Prints whether an account may do something, and why.
pub fn can(args: &CanArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let store = open(&args.store, args.format == TextOrJson::Json, out)?;
    let mut directory = Directory::of(&args.names, &[&args.store])?;
    let (who, token) = account(&mut directory, &args.who, &args.token)?;
    let application = find::application(&store, args.app.as_deref())?;
    let (place, shown) = place(&store, application, args.scope.as_deref())?;
    let operation = find::operation(&store, application, &args.operation)?;
    let (answer, because) = Access::of(&store, application, place).can(&token, operation);
    let mut sids: Vec<Sid> = because.iter().filter_map(|because| because.member).chain([who]).collect();
    sids.sort_unstable();
    sids.dedup();
    directory.learn(sids.iter().copied());
    let names = directory.only(&sids);
    match args.format {
        TextOrJson::Json => access::write_can_json(out, (&store, &names), answer, &because)?,
        TextOrJson::Text => {
            let what = format!("{}, {shown}", access::operation(&store, operation));
            let who = access::account(&names, &who);
            access::write_can_text(out, (&store, &names), answer, &because, (&who, &what))?;
        }
    }
    Ok(if answer == Answer::Yes { Code::Done } else { Code::Found })
}

/// Prints everybody who may do something, and why.
pub fn who_can(args: &WhoCanArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let store = open(&args.store, args.format == TextOrJson::Json, out)?;
    let application = find::application(&store, args.app.as_deref())?;
    let (place, shown) = place(&store, application, args.scope.as_deref())?;
    let operation = find::operation(&store, application, &args.operation)?;
    let holders = Access::of(&store, application, place).who_can(operation);
    let names = Directory::of(&args.names, &[&args.store])?.of_store(&store);
    match args.format {
        TextOrJson::Json => access::write_who_json(out, (&store, &names), &holders)?,
        TextOrJson::Text if holders.is_empty() => {
            writeln!(out, "Nobody may {}, {shown}.", access::operation(&store, operation))?;
        }
        TextOrJson::Text => access::write_who_text(out, (&store, &names), &holders)?,
    }
    Ok(Code::Done)
}

/// The account that a word and its options mean.
pub fn account(directory: &mut Directory, who: &str, options: &TokenArgs) -> Result<(Sid, Token), Failure> {
    let sid = directory.sid(who)?;
    let groups: Vec<Sid> =
        options.group.iter().map(|group| directory.sid(group)).collect::<Result<_, _>>()?;
    Ok((sid, if options.exact { Token::exact(sid, groups) } else { Token::new(sid, groups) }))
}

/// Opens a store; one that cannot be read is told in the format asked for.
pub fn open(argument: &OsStr, is_json: bool, out: &mut dyn Write) -> Result<Store, Failure> {
    match load::open(argument) {
        Ok(store) => Ok(store),
        Err(error) if is_json => {
            error.write_json(out)?;
            Err(Failure::Reported(Code::Unreadable))
        }
        Err(error) => Err(error.into()),
    }
}

fn place(store: &Store, application: ObjId, scope: Option<&str>) -> Result<(Where, String), Failure> {
    match scope {
        None => Ok((Where::Default, "at the application's own level".to_owned())),
        Some(name) => {
            let scope = find::scope(store, application, name)?;
            Ok((Where::Scope(scope), access::place(store, Some(scope))))
        }
    }
}
