//! `show`: a store, or one object of it.

use std::io::Write;

use super::args::{ShowArgs, ShowFormat};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{find, load};
use crate::report::{html, markdown, outline, store_json, store_text};

/// Prints the store or the object in the format asked for.
pub fn run(args: &ShowArgs, out: &mut dyn Write) -> Result<Code, Failure> {
    let store = match load::open(&args.store) {
        Ok(store) => store,
        Err(error) if args.format == ShowFormat::Json => {
            error.write_json(out)?;
            return Err(Failure::Reported(Code::Unreadable));
        }
        Err(error) => return Err(error.into()),
    };
    let path = args.store.to_string_lossy();
    let object = match &args.object {
        Some(word) => find::object(&store, word, args.app.as_deref())?,
        None => store.root(),
    };
    let names = Directory::of(&args.names, &[&args.store])?.of_store(&store);
    let sections = || outline::sections(&store, &names, object, &path);
    match args.format {
        ShowFormat::Text => store_text::write(out, sections())?,
        ShowFormat::Markdown => markdown::write(out, sections())?,
        ShowFormat::Html => html::write(out, &path, sections())?,
        ShowFormat::Json if object == store.root() => store_json::write_store(out, &store, &names, &path)?,
        ShowFormat::Json => store_json::write_object(out, &store, &names, object)?,
    }
    Ok(Code::Done)
}
