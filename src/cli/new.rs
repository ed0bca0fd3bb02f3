//! `new`: an empty store, or one with the Hyper-V application and its operations.

use std::io::Write;

use super::args::{NewArgs, SchemaVersion, Template};
use super::failure::{Code, Failure};
use super::{Output, load};
use crate::files;
use crate::hyperv::{APPLICATION as HYPER_V_APPLICATION, catalogue};
use crate::report::show::escape;
use crate::store::{Change, Create, Guid, Kind, Name, Place, Schema, Session, Store, new_store};

/// Creates the file; one that is there already is left alone.
pub fn run(args: &NewArgs, out: &mut Output) -> Result<Code, Failure> {
    let file = load::file(&args.file)?;
    let schema = match args.schema {
        SchemaVersion::One => Schema::V1,
        SchemaVersion::Two => Schema::V2,
    };
    let mut bytes = new_store(schema, Guid::random(), "");
    if let Some(Template::HyperV) = args.from {
        bytes = with_hyper_v(bytes)?;
    }
    files::create(&file, &bytes).map_err(|error| Failure::not_created(&error))?;
    out.only_tells();
    writeln!(out, "Created {}.", escape(&args.file.to_string_lossy()))?;
    if args.from == Some(Template::HyperV) {
        writeln!(
            out,
            "It has the operations of \"{HYPER_V_APPLICATION}\" and nobody who may do them yet: create a role and an \
             assignment next."
        )?;
    }
    Ok(Code::Done)
}

fn with_hyper_v(empty: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let cannot =
        |what: &dyn std::fmt::Display| Failure::Refused(format!("the new store cannot be made: {what}"));
    let mut session = Session::new(Store::open(empty).map_err(|error| cannot(&error))?);
    let mut changes =
        vec![Change::Create(Create::new(Kind::Application, HYPER_V_APPLICATION, Place::default()))];
    changes.extend(catalogue::operations().iter().map(|operation| {
        let place =
            Place { application: Some(Name::Text(HYPER_V_APPLICATION.to_owned())), ..Place::default() };
        Change::Create(Create {
            id: Some(operation.id),
            ..Create::new(Kind::Operation, operation.name, place)
        })
    }));
    session.apply(&changes, "new").map_err(|(_, error)| cannot(&error))?;
    Ok(session.store().rendering().to_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_sample_agree() {
        let sample = include_bytes!("../../assets/InitialStore.xml");
        let store = Store::open(sample.to_vec()).unwrap();
        let application = store.find(store.root(), Kind::Application, HYPER_V_APPLICATION).unwrap();
        let sample: Vec<_> = store
            .children_of(application, Kind::Operation)
            .map(|id| (store.operation_id(id).unwrap(), store.name(id).into_owned()))
            .collect();
        let table: Vec<_> = catalogue::operations()
            .iter()
            .map(|operation| (operation.id, operation.name.to_owned()))
            .collect();
        assert_eq!(sample, table);
    }
}
