//! The names every Windows host agrees on, and what some SIDs mean as members.
//!
//! All of it is read from one table, `assets/wellknown-sids.tsv`. Only rows taken from [MS-DTYP] give names; the
//! others are kept for what they say about membership.

use super::vm::VM_DOMAIN;
use super::{Sid, vm_guid, vm_sid};
use std::fmt;
use std::sync::LazyLock;
use uuid::Uuid;

/// The name of a well-known account, in English as [MS-DTYP] gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WellKnown {
    /// `BUILTIN`, `NT AUTHORITY` …; empty where Windows shows none (`Everyone`); `<domain>` where the SID alone
    /// does not tell which domain it is.
    pub domain: &'static str,
    /// `Administrators`, `SYSTEM` …
    pub name: &'static str,
}

impl fmt::Display for WellKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.domain.is_empty() {
            f.write_str(self.name)
        } else {
            write!(f, "{}\\{}", self.domain, self.name)
        }
    }
}

/// How many accounts a broad SID stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Practically everybody who reaches the host: Everyone, Authenticated Users, Users, Domain Users …
    Anyone,
    /// A wide class, by the way of logging on or by origin: INTERACTIVE, NETWORK, Guests, Domain Computers …
    Many,
}

/// The name of a well-known SID: one fixed SID (`BUILTIN\Administrators`) or one of every domain
/// (`<domain>\Domain Admins`).
pub fn well_known(sid: &Sid) -> Option<WellKnown> {
    TABLE.find(sid, |row| row.name)
}

/// The accounts that every host has by a fixed SID and that can be members.
pub fn lasting() -> impl Iterator<Item = Sid> {
    let rows = TABLE.exact.iter().filter(|(_, row)| row.name.is_some() && row.never.is_none());
    rows.map(|(sid, _)| *sid)
}

/// What to show beside the SID: a well-known name, or `NT VIRTUAL MACHINE\<GUID>`.
pub fn display_name(sid: &Sid) -> Option<String> {
    let vm = || Some(format!("{VM_DOMAIN}\\{:X}", vm_guid(sid)?.hyphenated()));
    well_known(sid).map(|name| name.to_string()).or_else(vm)
}

/// An account in a sentence: `BUILTIN\Administrators (S-1-5-32-544)`, or the SID alone.
pub fn shown(sid: &Sid) -> String {
    display_name(sid).map_or_else(|| sid.to_string(), |name| format!("{name} ({sid})"))
}

/// The SID of a name that means the same on every host.
///
/// Upper and lower case do not matter. The domain may be left out only for names Windows finds without one:
/// `Everyone`, and those of `BUILTIN` and `NT AUTHORITY`. Names of a domain's own accounts, translated names and
/// SDDL aliases give `None`; so does text that is itself a SID.
pub fn resolve(name: &str) -> Option<Sid> {
    let (domain, account) =
        name.rsplit_once('\\').map_or((None, name), |(domain, account)| (Some(domain), account));
    if domain.is_some_and(|domain| domain.eq_ignore_ascii_case(VM_DOMAIN))
        && let Ok(guid) = Uuid::try_parse(account)
    {
        return Some(vm_sid(guid));
    }
    let fits = |known: &WellKnown| {
        known.name.eq_ignore_ascii_case(account)
            && match domain {
                Some(domain) => !domain.is_empty() && known.domain.eq_ignore_ascii_case(domain),
                None => matches!(known.domain, "" | "BUILTIN" | "NT AUTHORITY"),
            }
    };
    let mut found =
        TABLE.exact.iter().filter(|(_, row)| row.name.as_ref().is_some_and(fits)).map(|(sid, _)| *sid);
    // A name that two SIDs share names neither.
    found.next().filter(|_| found.next().is_none())
}

/// What a SID means as a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Why it can never be a member of a role assignment or group, as a phrase that follows "it is"; `None` if it
    /// can. S-1-9-…, made by applications that use `AzMan` without Windows accounts, can.
    pub never: Option<&'static str>,
    /// How broad it is; `None` for single accounts and ordinary groups.
    pub breadth: Option<Breadth>,
}

/// What the SID means as a member.
#[inline]
pub fn standing(sid: &Sid) -> Standing {
    // Nearly every member of a large store is a domain's own account. Those have numbers from 1000 on, and no
    // well-known one has ([MS-DTYP] 2.4.2.4).
    if let (5, [21, _, _, _, rid]) = (sid.authority(), sid.subauthorities())
        && *rid >= 1000
    {
        return Standing::default();
    }
    Standing { never: never_a_member(sid), breadth: breadth(sid) }
}

/// See [`Standing::never`].
pub fn never_a_member(sid: &Sid) -> Option<&'static str> {
    TABLE.find(sid, |row| row.never)
}

/// See [`Standing::breadth`].
pub fn breadth(sid: &Sid) -> Option<Breadth> {
    TABLE.find(sid, |row| row.breadth)
}

/// Whether this SID stands for a class of accounts rather than a chosen few.
pub fn is_broad(sid: &Sid) -> bool {
    breadth(sid).is_some()
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::read(include_str!("../../assets/wellknown-sids.tsv")));

#[derive(Clone, Copy)]
struct Row {
    name: Option<WellKnown>,
    never: Option<&'static str>,
    breadth: Option<Breadth>,
}

struct Table {
    /// Sorted by SID.
    exact: Vec<(Sid, Row)>,
    /// Accounts of every domain, S-1-5-21-*-*-*-RID, sorted by RID.
    of_a_domain: Vec<(u32, Row)>,
    /// The other patterns.
    patterns: Vec<(Pattern, Row)>,
}

struct Pattern {
    authority: u64,
    /// `None` is any number.
    subs: Vec<Option<u32>>,
    /// More numbers may follow, at least one.
    open: bool,
}

impl Table {
    fn read(text: &'static str) -> Table {
        let mut table = Table { exact: Vec::new(), of_a_domain: Vec::new(), patterns: Vec::new() };
        // After the comments comes one line with the columns' names.
        for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let mut columns = line.split('\t');
            let mut column = || columns.next().unwrap_or_default();
            let (sid, name, domain, _alias, member, source) =
                (column(), column(), column(), column(), column(), column());
            let is_name = source.starts_with("MS-DTYP") && !name.starts_with('<');
            let row = Row {
                name: is_name.then_some(WellKnown { domain, name }),
                never: member.strip_prefix("never:"),
                breadth: match member {
                    "anyone" => Some(Breadth::Anyone),
                    "many" => Some(Breadth::Many),
                    _ => None,
                },
            };
            if let Ok(sid) = Sid::parse(sid) {
                table.exact.push((sid, row));
            } else if let Some(rid) = sid.strip_prefix("S-1-5-21-*-*-*-").and_then(|rid| rid.parse().ok()) {
                table.of_a_domain.push((rid, row));
            } else if let Some(pattern) = Pattern::read(sid) {
                table.patterns.push((pattern, row));
            }
        }
        table.exact.sort_unstable_by_key(|(sid, _)| *sid);
        table.of_a_domain.sort_unstable_by_key(|(rid, _)| *rid);
        table
    }

    /// What the most exact row that fits and has it says.
    fn find<T>(&self, sid: &Sid, get: impl Fn(&Row) -> Option<T>) -> Option<T> {
        if let (5, [21, _, _, _, rid]) = (sid.authority(), sid.subauthorities()) {
            let found = self.of_a_domain.binary_search_by_key(rid, |(rid, _)| *rid).ok();
            if let Some(value) = found.and_then(|at| get(&self.of_a_domain.get(at)?.1)) {
                return Some(value);
            }
        }
        let exact = self.exact.binary_search_by_key(sid, |(sid, _)| *sid).ok();
        exact.and_then(|at| get(&self.exact.get(at)?.1)).or_else(|| {
            self.patterns.iter().filter(|(pattern, _)| pattern.fits(sid)).find_map(|(_, row)| get(row))
        })
    }
}

impl Pattern {
    /// `S-1-5-5-*-*`, `S-1-16-**`.
    fn read(text: &str) -> Option<Pattern> {
        let mut parts = text.strip_prefix("S-1-")?.split('-');
        let authority = parts.next()?.parse().ok()?;
        let open = text.ends_with("-**");
        let part = |part: &str| if part == "*" { Some(None) } else { part.parse().ok().map(Some) };
        let subs = parts.filter(|part| *part != "**").map(part).collect::<Option<Vec<_>>>()?;
        Some(Pattern { authority, subs, open })
    }

    fn fits(&self, sid: &Sid) -> bool {
        let subs = sid.subauthorities();
        let length_fits =
            if self.open { subs.len() > self.subs.len() } else { subs.len() == self.subs.len() };
        self.authority == sid.authority()
            && length_fits
            && self.subs.iter().zip(subs).all(|(pattern, sub)| pattern.is_none_or(|number| number == *sub))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid(text: &str) -> Sid {
        Sid::parse(text).unwrap()
    }

    #[test]
    fn every_row_of_the_table_is_understood() {
        let rows =
            include_str!("../../assets/wellknown-sids.tsv").lines().filter(|line| line.starts_with("S-1-"));
        assert_eq!(rows.count(), TABLE.exact.len() + TABLE.of_a_domain.len() + TABLE.patterns.len());
        for pair in TABLE.exact.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} twice", pair[0].0);
        }
        assert!(TABLE.of_a_domain.iter().all(|(rid, _)| *rid < 1000));
        assert!(TABLE.of_a_domain.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn names() {
        for (text, name) in [
            ("S-1-5-32-544", Some("BUILTIN\\Administrators")),
            ("S-1-5-32-578", Some("BUILTIN\\Hyper-V Administrators")),
            ("S-1-1-0", Some("Everyone")),
            ("S-1-5-18", Some("NT AUTHORITY\\SYSTEM")),
            ("S-1-5-11", Some("NT AUTHORITY\\Authenticated Users")),
            ("S-1-5-83-0", Some("NT VIRTUAL MACHINE\\Virtual Machines")),
            ("S-1-5-21-1-2-3-512", Some("<domain>\\Domain Admins")),
            ("S-1-5-21-1-2-3-500", Some("<machine or domain>\\Administrator")),
            ("S-1-5-21-0-0-0-497", Some("NT AUTHORITY\\Claims Valid")),
            (
                "S-1-5-83-1-3849918451-1164849603-1163836081-209636532",
                Some("NT VIRTUAL MACHINE\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C"),
            ),
            ("S-1-5-21-1-2-3-1104", None),
            // Of the right form but of no domain: five numbers, not four.
            ("S-1-5-21-1-2-3-4-512", None),
            ("S-1-9-1-2-3", None),
            // Rows that no public document confirms give no name.
            ("S-1-5-32-581", None),
            ("S-1-5-21-1-2-3-503", None),
            ("S-1-16-4711", None),
        ] {
            assert_eq!(display_name(&sid(text)).as_deref(), name, "{text}");
        }
    }

    #[test]
    fn every_fixed_name_resolves_to_its_sid_in_any_case() {
        for (sid, row) in &TABLE.exact {
            let Some(name) = row.name else { continue };
            assert_eq!(resolve(&name.to_string()), Some(*sid), "{name}");
            assert_eq!(resolve(&name.to_string().to_uppercase()), Some(*sid), "{name}");
        }
        assert_eq!(resolve("Administrators"), Some(sid("S-1-5-32-544")));
        assert_eq!(resolve("builtin\\administrators"), Some(sid("S-1-5-32-544")));
        assert_eq!(resolve("system"), Some(sid("S-1-5-18")));
        assert_eq!(
            resolve("NT Virtual Machine\\e57917f3-31c3-456e-b1ba-5e45b4cc7e0c"),
            Some(sid("S-1-5-83-1-3849918451-1164849603-1163836081-209636532"))
        );
        for name in [
            "",
            "\\Everyone",
            "CONTOSO\\Administrators",
            "DOMAIN\\joe",
            "Domain Admins",
            "<domain>\\Domain Admins",
            "BA",
            "DPS",
            "Administratoren",
            "S-1-1-0",
            "NT VIRTUAL MACHINE\\JoesVM",
            "Logon session",
        ] {
            assert_eq!(resolve(name), None, "{name}");
        }
    }

    #[test]
    fn sids_that_can_never_be_a_member() {
        for (text, never) in [
            ("S-1-0-0", true),
            ("S-1-3-0", true),
            ("S-1-3-4", true),
            ("S-1-5-5-0-12345", true),
            ("S-1-5-10", true),
            ("S-1-15-3-1", true),
            ("S-1-16-12288", true),
            ("S-1-16-9999", true),
            ("S-1-5-32", true),
            ("S-1-5-21-1-2-3", true),
            ("S-1-1-0", false),
            ("S-1-5-5-1", false),
            ("S-1-5-32-544", false),
            ("S-1-5-21-1-2-3-1104", false),
            ("S-1-5-21-1-2-3-512", false),
            ("S-1-9-1-2-3", false),
            ("S-1-15-2-1", false),
        ] {
            assert_eq!(never_a_member(&sid(text)).is_some(), never, "{text}");
        }
    }

    #[test]
    fn broad_members() {
        for (text, expected) in [
            ("S-1-1-0", Some(Breadth::Anyone)),
            ("S-1-5-7", Some(Breadth::Anyone)),
            ("S-1-5-11", Some(Breadth::Anyone)),
            ("S-1-5-32-545", Some(Breadth::Anyone)),
            ("S-1-5-21-1-2-3-513", Some(Breadth::Anyone)),
            ("S-1-5-32-546", Some(Breadth::Many)),
            ("S-1-5-4", Some(Breadth::Many)),
            ("S-1-5-32-544", None),
            ("S-1-5-21-1-2-3-512", None),
            ("S-1-5-21-1-2-3-1104", None),
        ] {
            assert_eq!(breadth(&sid(text)), expected, "{text}");
            assert_eq!(is_broad(&sid(text)), expected.is_some());
            assert_eq!(standing(&sid(text)), Standing { never: None, breadth: expected });
        }
    }
}
