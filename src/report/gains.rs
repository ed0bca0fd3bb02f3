//! What anyone gains or loses between two stores, in words and as JSON.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::access::{operation, place, principal};
use super::json;
use super::names::Told;
use super::show::escape;
use crate::access::{Gain, Principal};
use crate::accounts::Names;
use crate::store::{Kind, ObjId, Store};

/// So many operations are named; more are counted.
const NAMED: usize = 4;

/// A store and what is gained or lost in it.
pub type Side<'s> = (&'s Store, &'s [Gain]);

/// Writes a sentence for each member: what is gained first.
pub fn write_text(mut out: impl Write, names: &Names, gained: Side<'_>, lost: Side<'_>) -> io::Result<()> {
    let sentences = sentences("gains", gained, names).into_iter().chain(sentences("loses", lost, names));
    sentences.into_iter().try_for_each(|sentence| writeln!(out, "{sentence}"))
}

/// So many places are named; more are counted.
const PLACES: usize = 3;

/// Who gains or loses what and where, in the order of the gains. The same at several places is one sentence. What the
/// store says is escaped.
pub fn sentences(verb: &str, (store, gains): Side<'_>, names: &Names) -> Vec<String> {
    let several = store.children_of(store.root(), Kind::Application).nth(1).is_some();
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for gain in gains {
        let mut place = place(store, gain.scope);
        if several {
            place = format!("{place} of {}", escape(&store.name(gain.application)));
        }
        let what = format!("{} {verb} {}", principal(store, names, gain.principal), what(store, gain));
        let at = *known.entry(what.clone()).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, places)) => places.push(place),
            None => groups.push((what, vec![place])),
        }
    }
    let sentence = |(what, places): (String, Vec<String>)| {
        let more = places.len().saturating_sub(PLACES);
        let first = places.iter().take(PLACES).map(String::as_str).collect::<Vec<_>>().join(", ");
        match more {
            0 => format!("{what} {first}"),
            1 => format!("{what} {first} and in 1 more place"),
            _ => format!("{what} {first} and in {more} more places"),
        }
    };
    groups.into_iter().map(sentence).collect()
}

fn what(store: &Store, gain: &Gain) -> String {
    let named = |ids: &[ObjId]| match ids {
        ids if gain.is_all && ids.len() > 1 => format!("all {} operations", ids.len()),
        ids if ids.len() <= NAMED => {
            ids.iter().map(|&id| operation(store, id)).collect::<Vec<_>>().join(", ")
        }
        ids => format!("{} operations", ids.len()),
    };
    match (gain.plain.as_slice(), gain.conditional.as_slice()) {
        (plain, []) => named(plain),
        ([], conditional) => format!("{} (conditional)", named(conditional)),
        (plain, conditional) => {
            format!(
                "{} operations, {} of them conditional,",
                plain.len() + conditional.len(),
                conditional.len()
            )
        }
    }
}

/// Writes `{"format":1,"gained":[{"member","operation","scope",…}],"lost":[…]}`, where each also has `application`,
/// `id` (the operation's number) and `answer` (`yes` or `conditional`). `member` is null for whoever a group finds; `names`
/// has the names of accounts, where some are known.
pub fn write_json(out: impl Write, names: &Names, gained: Side<'_>, lost: Side<'_>) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'n> {
        format: u32,
        gained: Vec<Shape>,
        lost: Vec<Shape>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'n>,
    }
    let names = Told(names);
    json::write(out, &Document { format: 1, gained: shapes(gained), lost: shapes(lost), names })
}

#[derive(Serialize)]
struct Shape {
    member: Option<String>,
    operation: String,
    id: Option<u32>,
    scope: Option<String>,
    application: String,
    answer: &'static str,
}

fn shapes((store, gains): Side<'_>) -> Vec<Shape> {
    let of = |gain: &Gain, id: ObjId, answer: &'static str| Shape {
        member: match gain.principal {
            Principal::Account(sid) => Some(sid.to_string()),
            Principal::Found(_) => None,
        },
        operation: store.name(id).into_owned(),
        id: store.operation_id(id),
        scope: gain.scope.map(|scope| store.name(scope).into_owned()),
        application: store.name(gain.application).into_owned(),
        answer,
    };
    let mut shapes = Vec::new();
    for gain in gains {
        shapes.extend(gain.plain.iter().map(|&id| of(gain, id, "yes")));
        shapes.extend(gain.conditional.iter().map(|&id| of(gain, id, "conditional")));
    }
    shapes
}
