//! Reading a large store in pieces, each in a thread of its own.

use super::super::Kind;
use super::super::model::{LeafRecord, NONE, ObjectRecord, UnknownRecord};
use super::{Builder, Inside, Reached, Tick};
use crate::xml::{Document, Reader, Span};

/// Smaller stores are read by one thread: starting more would take longer.
const WORTH_THREADS: usize = 4 << 20;

/// What a scope stands in: where a store is cut, the pieces lie in these elements.
const AROUND_SCOPES: &[&str] = &["AzAdminManager", "AzApplication"];

/// How many threads read it.
pub(super) fn threads(document: &Document) -> usize {
    if document.text().len() < WORTH_THREADS {
        1
    } else {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(8)
    }
}

/// Where pieces of about the same size begin: at a scope, after the front.
pub(super) fn cut(text: &str, pieces: usize) -> Vec<Span> {
    let mut starts = vec![0];
    for number in 1..pieces {
        let from = text.len() / pieces * number;
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        if let Some(found) = memchr::memmem::find(rest, b"<AzScope ") {
            starts.push(from + found);
        }
    }
    starts.dedup();
    starts.push(text.len());
    let offset = |at: usize| u32::try_from(at).unwrap_or(NONE);
    starts.windows(2).map(|pair| Span { start: offset(pair[0]), end: offset(pair[1]) }).collect()
}

/// Reads each piece in a thread of its own. `None`: there is only one, or it cannot be done that way, or was not to be.
pub(super) fn read_in_pieces<'d>(
    document: &'d Document,
    pieces: &[Span],
    tick: Tick<'_>,
) -> Option<Builder<'d>> {
    if pieces.len() < 2 {
        return None;
    }
    let last = pieces.len() - 1;
    let read = |number: usize| -> Option<Builder<'d>> {
        let piece = pieces[number];
        let mut builder = Builder::new(document, (piece.end - piece.start) as usize);
        if number == 0 {
            // All the others will be put behind it.
            builder.reserve(document.text().len());
        } else {
            builder.begin_among_scopes();
        }
        let before = if number == 0 { &[] } else { AROUND_SCOPES };
        let after = if number == last { &[] } else { AROUND_SCOPES };
        let reached = builder.read(Reader::of_piece(document, piece, before, after), tick).ok()?;
        matches!(reached, Reached::End).then_some(builder)
    };
    let read = &read;
    let (first, others) = std::thread::scope(|scope| {
        let others: Vec<_> = (1..pieces.len()).map(|number| scope.spawn(move || read(number))).collect();
        let first = read(0);
        let others: Vec<_> = others.into_iter().map(|thread| thread.join().ok().flatten()).collect();
        (first, others)
    });
    let mut whole = first?;
    for other in others {
        whole.append(other?)?;
    }
    Some(whole)
}

impl<'d> Builder<'d> {
    /// Stands in for what a piece does not see: object 0 for the store, object 1 for the application.
    fn begin_among_scopes(&mut self) {
        let nowhere = Span { start: 0, end: 0 };
        let store = self.object(Kind::Store, NONE, nowhere, &[]);
        let application = self.object(Kind::Application, store, nowhere, &[]);
        self.inside = vec![Inside::Object(store), Inside::Object(application)];
    }

    /// Puts behind this what was read from the next piece. `None`: they do not fit, or are too many.
    pub(super) fn append(&mut self, next: Builder<'d>) -> Option<()> {
        let [Inside::Object(store), Inside::Object(application)] = self.inside[..] else { return None };
        let first_object = u32::try_from(self.objects.len()).ok()?;
        let first_leaf = u32::try_from(self.leaves.len()).ok()?;
        let number = |id: u32| match id {
            NONE => NONE,
            0 => store,
            1 => application,
            id => id - 2 + first_object,
        };
        for (standing_in, real) in [(0, store), (1, application)] {
            let stand_in = &next.objects[standing_in];
            let real = &mut self.objects[real as usize];
            real.end = real.end.max(stand_in.end);
            // The application itself is not a new child of the store, only what came behind it.
            let first = match stand_in.first_child {
                1 => next.objects[1].next,
                first => first,
            };
            if first == NONE {
                continue;
            }
            let last = std::mem::replace(&mut real.last_child, number(stand_in.last_child));
            match last {
                NONE => real.first_child = number(first),
                last => self.objects[last as usize].next = number(first),
            }
        }
        self.objects.extend(next.objects.into_iter().skip(2).map(|object| ObjectRecord {
            parent: number(object.parent),
            first_child: number(object.first_child),
            last_child: number(object.last_child),
            next: number(object.next),
            first_leaf: object.first_leaf + first_leaf,
            ..object
        }));
        self.leaves
            .extend(next.leaves.into_iter().map(|leaf| LeafRecord { owner: number(leaf.owner), ..leaf }));
        self.unknown.extend(next.unknown.into_iter().map(|u| UnknownRecord { owner: number(u.owner), ..u }));
        self.inside.clear();
        for inside in next.inside {
            self.inside.push(match inside {
                Inside::Object(id) => Inside::Object(number(id)),
                Inside::Leaf(_) | Inside::Unknown => return None,
            });
        }
        Some(())
    }
}
