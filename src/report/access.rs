//! Answers about access, as text and JSON.

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::json;
use super::names::Told;
use super::show::escape;
use crate::access::{Access, Answer, Because, Condition, Principal, Row, Token};
use crate::accounts::{Names, Sid};
use crate::store::{ObjId, Store};

/// A SID with its name, if that is known.
pub fn account(names: &Names, sid: &Sid) -> String {
    names.name(sid).map_or_else(|| sid.to_string(), |name| format!("{} ({sid})", escape(&name)))
}

/// A member, or whoever a group finds.
pub fn principal(store: &Store, names: &Names, who: Principal) -> String {
    match who {
        Principal::Account(sid) => account(names, &sid),
        Principal::Found(group) => format!("whoever the group {} finds", escape(&store.name(group))),
    }
}

/// An operation by name and number.
pub fn operation(store: &Store, id: ObjId) -> String {
    let name = store.name(id);
    match store.operation_id(id) {
        Some(number) => format!("{} ({number})", escape(&name)),
        None => escape(&name).into_owned(),
    }
}

/// Where a row holds.
pub fn place(store: &Store, scope: Option<ObjId>) -> String {
    scope.map_or_else(|| "everywhere".to_owned(), |scope| format!("in {}", escape(&store.name(scope))))
}

/// A way as a sentence: `role assignment Administrator in Joes VM Scope: S-1-…; definition Administrator`.
pub fn because(store: &Store, known: &Names, because: &Because) -> String {
    let name = |id: ObjId| escape(&store.name(id)).into_owned();
    let names = |ids: &mut dyn Iterator<Item = ObjId>| ids.map(name).collect::<Vec<_>>().join(" › ");
    let scope = store.scope(because.assignment).map(|scope| format!(" in {}", name(scope)));
    let member = because.member.map_or_else(|| "whoever is found".to_owned(), |sid| account(known, &sid));
    let groups = names(&mut because.groups.iter().copied());
    let groups = if groups.is_empty() { groups } else { format!(" by group {groups}") };
    let definitions = match because.role {
        None => "the operation itself".to_owned(),
        role => format!("definition {}", names(&mut role.into_iter().chain(because.tasks.iter().copied()))),
    };
    let condition = because.condition.map(|condition| match condition {
        Condition::Rule => "; if its rule says so",
        Condition::Ldap => "; if its LDAP query says so",
    });
    format!(
        "role assignment {}{}: {member}{groups}; {definitions}{}",
        name(because.assignment),
        scope.unwrap_or_default(),
        condition.unwrap_or_default()
    )
}

/// The same in lines that fit a terminal: the assignment, how the account is in it, how it comes to the operation.
fn write_way(out: &mut impl Write, store: &Store, known: &Names, because: &Because) -> io::Result<()> {
    let name = |id: ObjId| escape(&store.name(id)).into_owned();
    let names = |ids: &[ObjId]| ids.iter().map(|&id| name(id)).collect::<Vec<_>>().join(" › ");
    let scope = store.scope(because.assignment).map(|scope| format!(" in {}", name(scope)));
    writeln!(out, "  role assignment {}{}", name(because.assignment), scope.unwrap_or_default())?;
    let groups = names(&because.groups);
    match (because.member, groups.is_empty()) {
        (Some(sid), true) => writeln!(out, "    lists {}", account(known, &sid))?,
        (Some(sid), false) => {
            writeln!(out, "    has group {groups}\n    which lists {}", account(known, &sid))?;
        }
        (None, _) => writeln!(out, "    has group {groups}, which finds its members")?,
    }
    let definitions: Vec<ObjId> = because.role.into_iter().chain(because.tasks.iter().copied()).collect();
    match definitions.as_slice() {
        [] => writeln!(out, "    has the operation itself")?,
        definitions => writeln!(out, "    has definition {}", names(definitions))?,
    }
    match because.condition {
        None => Ok(()),
        Some(Condition::Rule) => writeln!(out, "    if its rule says so"),
        Some(Condition::Ldap) => writeln!(out, "    if its LDAP query says so"),
    }
}

/// Writes the answer to `can` and each way. `who` and `what` are put into words already.
pub fn write_can_text(
    mut out: impl Write,
    (store, names): (&Store, &Names),
    answer: Answer,
    reasons: &[Because],
    (who, what): (&str, &str),
) -> io::Result<()> {
    let may = if answer == Answer::No { "may not" } else { "may" };
    writeln!(out, "{}: {who}\n  {may} {what}", answer.word())?;
    reasons.iter().try_for_each(|reason| write_way(&mut out, store, names, reason))
}

/// Writes `{"format":1,"answer":…,"because":[…]}`, and `names` where some are known: SIDs and the names of their
/// accounts.
pub fn write_can_json(
    out: impl Write,
    (store, names): (&Store, &Names),
    answer: Answer,
    because: &[Because],
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'n> {
        format: u32,
        answer: &'static str,
        because: Vec<Reason>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'n>,
    }
    let because = because.iter().map(|because| reason(store, because)).collect();
    json::write(out, &Document { format: 1, answer: answer.word(), because, names: Told(names) })
}

/// Who may do something, whether surely, and why.
pub type Holder = (Principal, Answer, Vec<Because>);

/// Writes every member and each of its ways.
pub fn write_who_text(
    mut out: impl Write,
    (store, names): (&Store, &Names),
    holders: &[Holder],
) -> io::Result<()> {
    for (who, answer, reasons) in holders {
        let sure = if *answer == Answer::Yes { "" } else { "  (conditional)" };
        writeln!(out, "{}{sure}", principal(store, names, *who))?;
        reasons.iter().try_for_each(|reason| write_way(&mut out, store, names, reason))?;
    }
    Ok(())
}

/// Writes `{"format":1,"members":[{"member","answer","because"}]}`, and `names` as above; `member` is null for whoever a group finds.
pub fn write_who_json(
    out: impl Write,
    (store, names): (&Store, &Names),
    holders: &[Holder],
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'n> {
        format: u32,
        members: Vec<Entry>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'n>,
    }
    #[derive(Serialize)]
    struct Entry {
        member: Option<String>,
        answer: &'static str,
        because: Vec<Reason>,
    }
    let members = holders.iter().map(|(who, answer, because)| Entry {
        member: sid_text(*who),
        answer: answer.word(),
        because: because.iter().map(|because| reason(store, because)).collect(),
    });
    json::write(out, &Document { format: 1, members: members.collect(), names: Told(names) })
}

fn sid_text(who: Principal) -> Option<String> {
    match who {
        Principal::Account(sid) => Some(sid.to_string()),
        Principal::Found(_) => None,
    }
}

/// A way in JSON.
#[derive(Serialize)]
struct Reason {
    assignment: String,
    level: &'static str,
    scope: Option<String>,
    member: Option<String>,
    through_groups: Vec<String>,
    role: Option<String>,
    through_tasks: Vec<String>,
    condition: Option<&'static str>,
}

fn reason(store: &Store, because: &Because) -> Reason {
    let name = |id: ObjId| store.name(id).into_owned();
    let scope = store.scope(because.assignment);
    Reason {
        assignment: name(because.assignment),
        level: if scope.is_some() { "scope" } else { "application" },
        scope: scope.map(name),
        member: because.member.map(|sid| sid.to_string()),
        through_groups: because.groups.iter().map(|&id| name(id)).collect(),
        role: because.role.map(name),
        through_tasks: because.tasks.iter().map(|&id| name(id)).collect(),
        condition: because.condition.map(Condition::word),
    }
}

/// The rows that `access` is asked for.
pub struct Rows<'r> {
    /// Where they come from.
    pub access: &'r Access<'r>,
    /// The store that this is about.
    pub store: &'r Store,
    /// The application.
    pub application: ObjId,
    /// One account; `None`: every member by itself.
    pub who: Option<(Token, Principal)>,
    /// What is known of who the members are.
    pub names: &'r Names,
}

impl Rows<'_> {
    /// What is said where there is no row.
    pub(super) fn nothing(&self) -> String {
        match &self.who {
            Some((_, who)) => format!("{} may do nothing.", principal(self.store, self.names, *who)),
            None => "Nobody may do anything.".to_owned(),
        }
    }

    /// Gives each row as it is found: a large store has more than memory.
    ///
    /// # Errors
    /// What `each` returns ends it.
    pub fn each<E>(&self, each: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        match &self.who {
            Some((token, principal)) => self.access.rows_of(token, *principal, each),
            None => self.access.all_rows(each),
        }
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(None)?;
        self.each(|row| rows.serialize_element(&shape(self.store, &row)))?;
        rows.end()
    }
}

#[derive(Serialize)]
struct Shape {
    member: Option<String>,
    scope: Option<String>,
    operation: Operation,
    answer: &'static str,
    because: Vec<Reason>,
}

#[derive(Serialize)]
struct Operation {
    name: String,
    id: Option<u32>,
}

fn shape(store: &Store, row: &Row) -> Shape {
    Shape {
        member: sid_text(row.principal),
        scope: row.scope.map(|scope| store.name(scope).into_owned()),
        operation: Operation {
            name: store.name(row.operation).into_owned(),
            id: store.operation_id(row.operation),
        },
        answer: row.answer.word(),
        because: row.because.iter().map(|because| reason(store, because)).collect(),
    }
}

/// Writes `{"format":1,"rows":[{"member","scope","operation":{"name","id"},"answer","because"}]}`, and `names` as above.
pub fn write_rows_json(out: impl Write, rows: &Rows<'_>) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'r> {
        format: u32,
        rows: &'r Rows<'r>,
        #[serde(skip_serializing_if = "Told::is_empty")]
        names: Told<'r>,
    }
    json::write(out, &Document { format: 1, rows, names: Told(rows.names) })
}
