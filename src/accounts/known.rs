//! The names that are known: those that are the same everywhere, what a name map or Windows told, and what a Hyper-V host
//! calls its virtual machines.

use super::vm::VM_DOMAIN;
use super::{Account, Sid, Sort, Unnamed, display_name, never_a_member, resolve, vm_account};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Names of accounts that not every host knows, and what was asked in vain.
///
/// What is told first stays: a map that the user gave is not displaced by what Windows says later. A name that every
/// host gives a SID comes before any other name of it, so that no map can call Everyone something else.
///
/// The account of a virtual machine is shown by what its host calls the machine, `NT VIRTUAL MACHINE\Joes VM` for
/// `NT VIRTUAL MACHINE\<GUID>`. Whoever may make machines chooses their names, so the domain stays before them: no
/// machine can pass for somebody else's account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    told: BTreeMap<Sid, Account>,
    /// `NT VIRTUAL MACHINE\Joes VM`, by the machine's account. Several may have one name: then it stands for none.
    machines: BTreeMap<Sid, String>,
    /// By name in lower case, with the domain and without; machines with it only.
    by_name: HashMap<String, Vec<Sid>>,
    unnamed: HashMap<Sid, Unnamed>,
    /// So many names were told or changed.
    news: u64,
}

/// Why a word stands for no account, as far as is known here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// It begins as a SID does, and is none; or stands for what can never be a member.
    #[error("{0}")]
    Wrong(String),
    /// Several accounts have this name.
    #[error("several accounts have this name: {}; give the domain or the SID", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// No account that is known here. Windows may know it.
    #[error("no SID, and no name that is known here")]
    Unknown,
}

impl Names {
    /// Takes in an account. What is known already stays; says whether this is news.
    pub fn learn(&mut self, account: Account) -> bool {
        self.unnamed.remove(&account.sid);
        if self.told.contains_key(&account.sid) {
            return false;
        }
        let full = account.name.to_lowercase();
        if let Some((_, bare)) = full.split_once('\\') {
            self.by_name.entry(bare.to_owned()).or_default().push(account.sid);
        }
        self.by_name.entry(full).or_default().push(account.sid);
        self.told.insert(account.sid, account);
        self.news = self.news.saturating_add(1);
        true
    }

    /// Takes in what a host calls the virtual machine of this account. What is told last holds: a machine may get another
    /// name. One that is somebody's already, a GUID or `Virtual Machines`, is not taken.
    pub fn learn_machine(&mut self, sid: Sid, name: &str) {
        let full = format!("{VM_DOMAIN}\\{name}");
        if self.machines.get(&sid) == Some(&full) {
            return;
        }
        if let Some(before) = self.machines.remove(&sid)
            && let Some(sids) = self.by_name.get_mut(&before.to_lowercase())
        {
            sids.retain(|other| *other != sid);
        }
        if !name.is_empty() && resolve(&full).is_none() {
            self.by_name.entry(full.to_lowercase()).or_default().push(sid);
            self.machines.insert(sid, full);
        }
        self.news = self.news.saturating_add(1);
    }

    /// What a host calls the virtual machine of this account, without a domain; others may be called the same.
    pub fn machine(&self, sid: &Sid) -> Option<&str> {
        Some(self.machines.get(sid)?.split_once('\\')?.1)
    }

    /// The accounts of the virtual machines that were told of, sorted.
    pub fn machines(&self) -> impl Iterator<Item = Sid> {
        self.machines.keys().copied()
    }

    /// Grows with every name that becomes known or changes: what was written with names before is to be written again.
    pub const fn news(&self) -> u64 {
        self.news
    }

    /// A word that an account goes by besides its name: `joe@contoso.com`, `.\joe`.
    pub fn is_called(&mut self, word: &str, sid: Sid) {
        let sids = self.by_name.entry(word.trim().to_lowercase()).or_default();
        // Who asked for it by this word has seen who it is.
        *sids = vec![sid];
    }

    /// Notes that a SID has no name, and why.
    pub fn has_none(&mut self, sid: Sid, why: Unnamed) {
        if !self.told.contains_key(&sid) {
            self.unnamed.insert(sid, why);
        }
    }

    /// Forgets what was asked in vain, so that it is asked again.
    pub fn ask_again(&mut self) {
        self.unnamed.clear();
    }

    /// What was told, sorted by SID.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = &Account> {
        self.told.values()
    }

    /// What was told of an account.
    pub fn account(&self, sid: &Sid) -> Option<&Account> {
        self.told.get(sid)
    }

    /// The account's name: the one that every host gives it, or the one that was told.
    pub fn name(&self, sid: &Sid) -> Option<Cow<'_, str>> {
        self.own_name(sid).map(Cow::Borrowed).or_else(|| display_name(sid).map(Cow::Owned))
    }

    /// The name that was told, if it is the one to be shown.
    fn own_name(&self, sid: &Sid) -> Option<&str> {
        if let Some(machine) = self.machines.get(sid) {
            let is_its_alone = self.by_name.get(&machine.to_lowercase()).is_some_and(|sids| sids == &[*sid]);
            return is_its_alone.then_some(machine);
        }
        let account = self.told.get(sid)?;
        // One of every domain, `<domain>\Domain Admins`, says less than what was told.
        display_name(sid).is_none_or(|name| name.starts_with('<')).then_some(&account.name)
    }

    /// The same for a SID as it is written in a store.
    pub fn name_of(&self, text: &str) -> Option<Cow<'_, str>> {
        self.name(&Sid::parse(text.trim()).ok()?)
    }

    /// Why a SID has no name, where that was asked.
    pub fn why_unnamed(&self, sid: &Sid) -> Option<&Unnamed> {
        self.unnamed.get(sid)
    }

    /// Whether asking Windows who has this SID may tell something new.
    pub fn is_stranger(&self, sid: &Sid) -> bool {
        let is_told = self.told.contains_key(sid) || self.unnamed.contains_key(sid);
        !is_told
            && display_name(sid).is_none_or(|name| name.starts_with('<'))
            && never_a_member(sid).is_none()
    }

    /// `CONTOSO\joe (S-1-5-…)`, or the bare SID.
    pub fn shown(&self, sid: &Sid) -> String {
        self.name(sid).map_or_else(|| sid.to_string(), |name| format!("{name} ({sid})"))
    }

    /// The same for a SID as it is written in a store.
    pub fn shown_of<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.name_of(text).map_or(Cow::Borrowed(text), |name| Cow::Owned(format!("{name} ({text})")))
    }

    /// The account that a person means by a word: a SID, a name that is the same everywhere, the GUID of a virtual
    /// machine, or a name that was told, without regard to case.
    pub fn resolve(&self, word: &str) -> Result<Sid, Unresolved> {
        let word = word.trim();
        let sid = match Sid::parse(word) {
            Ok(sid) => sid,
            Err(error) if word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("S-1-")) => {
                return Err(Unresolved::Wrong(error.to_string()));
            }
            Err(_) => match resolve(word).or_else(|| vm_account(word)) {
                Some(sid) => sid,
                None => self.told_by_name(word)?,
            },
        };
        Ok(sid)
    }

    /// The same for a member: one that can never be a member is refused.
    pub fn resolve_member(&self, word: &str) -> Result<Sid, Unresolved> {
        let sid = self.resolve(word)?;
        let sort = self.told.get(&sid).map_or(Sort::Untold, |account| account.sort);
        match never_a_member(&sid).or(sort.never_a_member()) {
            Some(why) => Err(Unresolved::Wrong(format!("{sid} can never be a member: it is {why}"))),
            None => Ok(sid),
        }
    }

    fn told_by_name(&self, word: &str) -> Result<Sid, Unresolved> {
        match self.by_name.get(&word.to_lowercase()).map(Vec::as_slice) {
            None | Some([]) => Err(Unresolved::Unknown),
            Some([sid]) => Ok(*sid),
            Some(several) => Err(Unresolved::Ambiguous(several.iter().map(|sid| self.shown(sid)).collect())),
        }
    }

    /// The SIDs whose told names, those of machines among them, fit. What is known everywhere is not among them.
    pub fn find(&self, fits: impl Fn(&str) -> bool) -> impl Iterator<Item = Sid> {
        let told = self.told.values().map(|account| (account.sid, &account.name));
        let machines = self.machines.iter().map(|(sid, name)| (*sid, name));
        told.chain(machines).filter(move |(_, name)| fits(name)).map(|(sid, _)| sid)
    }

    /// A sentence with the names that were told before the SIDs in it: `CONTOSO\joe (S-1-5-…) is listed twice`. A SID in
    /// parentheses has its name already, unless that is one of every domain or a machine's GUID; one in quotes is about
    /// its spelling.
    pub fn put_into<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.put(text, false)
    }

    /// The same with the names in the place of the SIDs, for where there is room for one line: `CONTOSO\joe is listed
    /// twice`.
    pub fn put_instead<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.put(text, true)
    }

    fn put<'t>(&self, text: &'t str, is_alone: bool) -> Cow<'t, str> {
        if (self.told.is_empty() && self.machines.is_empty()) || !text.contains(SID_START) {
            return Cow::Borrowed(text);
        }
        let mut named = String::with_capacity(text.len());
        for (bare, rest) in words(text) {
            let sid = Sid::parse(bare).ok().filter(|_| !named.ends_with('"'));
            match sid.and_then(|sid| Some((sid, self.own_name(&sid)?))) {
                Some((sid, name)) if named.ends_with('(') => {
                    if let Some(vague) = display_name(&sid)
                        && let Some(before) = named.strip_suffix(&format!("{vague} ("))
                    {
                        named.truncate(before.len());
                        named.extend([name, " ("]);
                    }
                    named.push_str(bare);
                }
                Some((_, name)) if is_alone => named.push_str(name),
                Some((_, name)) => named.extend([name, " (", bare, ")"]),
                None => named.push_str(bare),
            }
            named.push_str(rest);
        }
        Cow::Owned(named)
    }
}

/// How a SID begins.
const SID_START: &str = "S-1-";

/// The SIDs in a sentence, as [`Names::put_into`] finds them.
pub fn sids_in(text: &str) -> impl Iterator<Item = Sid> {
    let text = if text.contains(SID_START) { text } else { "" };
    words(text).filter_map(|(bare, _)| Sid::parse(bare).ok())
}

/// The words of a text that could be SIDs, each with what stands behind it up to the next.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_other = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    text.split_inclusive(is_other).map(move |word| word.split_at(word.trim_end_matches(is_other).len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOE: &str = "S-1-5-21-1-2-3-1104";

    fn sid(text: &str) -> Sid {
        Sid::parse(text).unwrap()
    }

    fn account(text: &str, name: &str, sort: Sort) -> Account {
        Account { sid: sid(text), name: name.to_owned(), sort }
    }

    fn names() -> Names {
        let mut names = Names::default();
        assert!(names.learn(account(JOE, "CONTOSO\\joe", Sort::User)));
        names.learn(account("S-1-5-21-1-2-3-512", "CONTOSO\\Domänen-Admins", Sort::Group));
        names.learn(account("S-1-5-21-4-5-6-1104", "FABRIKAM\\joe", Sort::User));
        names.learn(account("S-1-5-21-4-5-6", "FABRIKAM", Sort::Domain));
        names.learn(account("S-1-1-0", "CONTOSO\\boss", Sort::User));
        names
    }

    #[test]
    fn what_every_host_knows_cannot_be_called_otherwise() {
        let names = names();
        let name = |text: &str| names.name(&sid(text)).map(Cow::into_owned);
        assert_eq!(name(JOE).as_deref(), Some("CONTOSO\\joe"));
        assert_eq!(name("S-1-5-21-1-2-3-512").as_deref(), Some("CONTOSO\\Domänen-Admins"));
        assert_eq!(name("S-1-5-21-7-8-9-512").as_deref(), Some("<domain>\\Domain Admins"));
        assert_eq!(name("S-1-1-0").as_deref(), Some("Everyone"));
        assert_eq!(name("S-1-5-21-1-2-3-1105"), None);
        assert_eq!(names.shown(&sid(JOE)), format!("CONTOSO\\joe ({JOE})"));
    }

    #[test]
    fn what_was_told_first_stays() {
        let mut names = names();
        assert!(!names.learn(account(JOE, "CONTOSO\\other", Sort::User)));
        assert_eq!(names.name_of(JOE).as_deref(), Some("CONTOSO\\joe"));
        assert_eq!(names.resolve("CONTOSO\\other"), Err(Unresolved::Unknown));
    }

    #[test]
    fn a_word_means_one_account_or_says_why_not() {
        let names = names();
        for word in [JOE, "contoso\\JOE", " CONTOSO\\joe "] {
            assert_eq!(names.resolve(word), Ok(sid(JOE)), "{word}");
        }
        assert_eq!(names.resolve("domänen-admins"), Ok(sid("S-1-5-21-1-2-3-512")));
        assert_eq!(names.resolve("everyone"), Ok(sid("S-1-1-0")));
        assert!(names.resolve("E57917F3-31C3-456E-B1BA-5E45B4CC7E0C").is_ok());
        let why = names.resolve("joe").unwrap_err().to_string();
        assert!(why.contains("CONTOSO\\joe (S-1-5-21-1-2-3-1104), FABRIKAM\\joe"), "{why}");
        assert_eq!(names.resolve("CONTOSO\\john"), Err(Unresolved::Unknown));
        assert!(matches!(names.resolve("S-1-5-"), Err(Unresolved::Wrong(_))));
        assert_eq!(names.resolve_member(JOE), Ok(sid(JOE)));
        for word in ["FABRIKAM", "S-1-5-21-4-5-6", "S-1-3-0"] {
            assert!(matches!(names.resolve_member(word), Err(Unresolved::Wrong(_))), "{word}");
        }
    }

    #[test]
    fn the_account_of_a_machine_goes_by_the_machines_name() {
        const VM: &str = "S-1-5-83-1-3849918451-1164849603-1163836081-209636532";
        const ITS_GUID: &str = "NT VIRTUAL MACHINE\\E57917F3-31C3-456E-B1BA-5E45B4CC7E0C";
        let (vm, other) = (sid(VM), sid("S-1-5-83-1-1-2-3-4"));
        let mut names = names();
        assert_eq!(names.shown(&vm), format!("{ITS_GUID} ({VM})"));
        names.learn_machine(vm, "Joes VM");
        assert_eq!(names.machine(&vm), Some("Joes VM"));
        assert_eq!(names.shown(&vm), format!("NT VIRTUAL MACHINE\\Joes VM ({VM})"));
        assert_eq!(names.resolve("nt virtual machine\\joes vm"), Ok(vm));
        assert_eq!(names.resolve(ITS_GUID), Ok(vm));
        // A machine that is called as an account is does not take its place.
        assert_eq!(names.resolve("Joes VM"), Err(Unresolved::Unknown));
        assert_eq!(names.find(|name| name.contains("Joes")).collect::<Vec<_>>(), [vm]);
        for (text, named) in [
            (format!("{ITS_GUID} ({VM}) gains"), format!("NT VIRTUAL MACHINE\\Joes VM ({VM}) gains")),
            (format!("{VM} gains"), format!("NT VIRTUAL MACHINE\\Joes VM ({VM}) gains")),
            (format!("Joe ({VM}) gains"), format!("Joe ({VM}) gains")),
        ] {
            assert_eq!(names.put_into(&text), named);
            assert_eq!(names.put_into(&named), named, "once more");
        }
        assert_eq!(names.put_instead(&format!("{VM} gains")), "NT VIRTUAL MACHINE\\Joes VM gains");
        // Two of one name have none between them, until one of them gets another.
        let news = names.news();
        names.learn_machine(other, "JOES VM");
        assert_eq!(names.shown(&vm), format!("{ITS_GUID} ({VM})"));
        assert!(matches!(names.resolve("NT VIRTUAL MACHINE\\Joes VM"), Err(Unresolved::Ambiguous(_))));
        names.learn_machine(other, "Old VM");
        assert_eq!(names.name(&vm).as_deref(), Some("NT VIRTUAL MACHINE\\Joes VM"));
        assert_eq!(names.name(&other).as_deref(), Some("NT VIRTUAL MACHINE\\Old VM"));
        assert_eq!(names.news(), news + 2);
        names.learn_machine(other, "Old VM");
        assert_eq!(names.news(), news + 2);
        // Names that are somebody's already.
        for name in ["Virtual machines", "E57917F3-31C3-456E-B1BA-5E45B4CC7E0C", ""] {
            names.learn_machine(other, name);
            assert_eq!(
                (names.machine(&other), names.name(&other)),
                (None, display_name(&other).map(Cow::from))
            );
        }
        // No map of names has them.
        assert!(names.accounts().all(|account| account.sid != vm));
    }

    #[test]
    fn only_strangers_are_asked_about_and_once() {
        let mut names = names();
        let stranger = sid("S-1-5-21-1-2-3-1105");
        assert!(names.is_stranger(&stranger) && names.is_stranger(&sid("S-1-5-21-7-8-9-512")));
        for known in [JOE, "S-1-5-32-544", "S-1-5-5-0-1", "S-1-5-83-1-1-2-3-4"] {
            assert!(!names.is_stranger(&sid(known)), "{known}");
        }
        names.has_none(stranger, Unnamed::TimedOut);
        assert!(!names.is_stranger(&stranger));
        assert_eq!(names.why_unnamed(&stranger), Some(&Unnamed::TimedOut));
        names.ask_again();
        assert!(names.is_stranger(&stranger));
        names.has_none(sid(JOE), Unnamed::Unknown);
        assert_eq!(names.why_unnamed(&sid(JOE)), None);
    }

    #[test]
    fn a_sentence_gets_the_names_of_its_sids() {
        let names = names();
        let put = |text: &str| names.put_into(text).into_owned();
        assert_eq!(put(&format!("{JOE} is listed twice.")), format!("CONTOSO\\joe ({JOE}) is listed twice."));
        assert_eq!(
            put(&format!("Nobody but CONTOSO\\joe ({JOE}).")),
            format!("Nobody but CONTOSO\\joe ({JOE}).")
        );
        assert_eq!(put("S-1-5-32-544, x, S-1-5-"), "S-1-5-32-544, x, S-1-5-");
        assert_eq!(put("\"S-1-5-021-1-2-3-1104\" is odd"), "\"S-1-5-021-1-2-3-1104\" is odd");
        assert_eq!(put("S-1-1-0 is listed twice."), "S-1-1-0 is listed twice.", "no map renames Everyone");
        assert_eq!(names.put_instead(&format!("{JOE} is listed twice.")), "CONTOSO\\joe is listed twice.");
        let admins = "S-1-5-21-1-2-3-512";
        assert_eq!(
            put(&format!("<domain>\\Domain Admins ({admins}) and Users ({admins})")),
            format!("CONTOSO\\Domänen-Admins ({admins}) and Users ({admins})")
        );
        let found = sids_in("S-1-1-0, (S-1-5-32-544); S-1-5-: xS-1-1-0").map(|sid| sid.to_string());
        assert_eq!(found.collect::<Vec<_>>(), ["S-1-1-0", "S-1-5-32-544"]);
    }
}
