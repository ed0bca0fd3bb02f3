//! Who accounts are: names that every host knows, maps of names, and on Windows the machine itself.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::args::NamesArgs;
use super::failure::Failure;
use super::{load, note};
use crate::accounts::{Names, Question, Sid, Unnamed, Unresolved, host, vm_sid};
use crate::hyperv::inventory::Inventory;
use crate::store::Store;
use crate::term::{Clerk, PATIENCE, configured_names, names};

/// What a report waits for names altogether. What is not known by then stays a SID.
const BUDGET: Duration = Duration::from_secs(20);

/// What is known of accounts, and whom to ask for more.
pub struct Directory {
    names: Names,
    clerk: Option<Clerk>,
}

impl Directory {
    /// Reads the maps that were asked for, that of the configuration, and those beside these stores.
    pub fn of(args: &NamesArgs, stores: &[&OsStr]) -> Result<Directory, Failure> {
        let mut known = Names::default();
        for path in &args.names {
            names::load(path, &mut known).map_err(Failure::Usage)?.iter().for_each(|told| note(told));
        }
        let beside = stores.iter().filter_map(|store| map_beside(store));
        // Nobody asked for these by name: what is wrong with them keeps nobody from his work.
        for path in configured_names().into_iter().chain(beside) {
            match names::load(&path, &mut known) {
                Ok(told) => told.iter().for_each(|told| note(told)),
                Err(why) => note(&format!("{why} Its names are not used.")),
            }
        }
        let clerk = (host::CAN_BE_ASKED && !args.no_lookup).then(|| Clerk::new(host::ask, PATIENCE));
        Ok(Directory { names: known, clerk })
    }

    /// Takes in what a host calls its virtual machines: their accounts go by it.
    pub fn learn_machines(&mut self, inventory: &Inventory) {
        for machine in &inventory.machines {
            self.names.learn_machine(vm_sid(machine.guid), &machine.name);
        }
    }

    /// What is known by now.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The account that a word means. A name that is not known is asked for.
    pub fn sid(&mut self, word: &str) -> Result<Sid, Failure> {
        self.find(word, Names::resolve)
    }

    /// The same for a member: one that can never be a member is refused.
    pub fn member(&mut self, word: &str) -> Result<Sid, Failure> {
        self.find(word, Names::resolve_member)
    }

    fn find(
        &mut self,
        word: &str,
        resolve: impl Fn(&Names, &str) -> Result<Sid, Unresolved>,
    ) -> Result<Sid, Failure> {
        let usage = |why: String| Failure::Usage(format!("{word}: {why}"));
        match resolve(&self.names, word) {
            Err(Unresolved::Unknown) => {}
            found => return found.map_err(|why| usage(why.to_string())),
        }
        let sid = self.ask(&Question::Name(word.trim().to_owned())).map_err(|why| usage(unknown(&why)))?;
        // What is asked for may be a domain, which is an answer and no member.
        resolve(&self.names, &sid.to_string()).map_err(|why| usage(why.to_string()))
    }

    fn ask(&mut self, question: &Question) -> Result<Sid, Unnamed> {
        let clerk = self.clerk.as_mut().ok_or(Unnamed::NobodyToAsk)?;
        let account = clerk.answer(question)?.into_iter().next().ok_or(Unnamed::Unknown)?;
        let sid = account.sid;
        self.names.learn(account);
        Ok(sid)
    }

    /// Asks who these are, as far as that is not known and may be asked. Says what was left out.
    pub fn learn(&mut self, sids: impl Iterator<Item = Sid>) {
        self.learn_within(sids, Some(BUDGET));
    }

    /// The same, however long it takes.
    pub fn learn_all(&mut self, sids: impl Iterator<Item = Sid>) {
        self.learn_within(sids, None);
    }

    fn learn_within(&mut self, sids: impl Iterator<Item = Sid>, budget: Option<Duration>) {
        if self.clerk.is_none() {
            return;
        }
        let begun = Instant::now();
        let mut left = 0_usize;
        for sid in sids {
            if !self.names.is_stranger(&sid) {
                continue;
            }
            if budget.is_some_and(|budget| begun.elapsed() >= budget) {
                left += 1;
                continue;
            }
            if let Err(why) = self.ask(&Question::Sid(sid)) {
                self.names.has_none(sid, why);
            }
        }
        if left > 0 {
            note(&format!(
                "{left} accounts were not asked about: it would take too long. azedit sid --map asks for all of a store, \
                 and --names FILE reads what it wrote"
            ));
        }
    }

    /// Asks who the members of a store are, and gives what is known of them and of nobody else.
    pub fn of_store(&mut self, store: &Store) -> Names {
        let sids = members(store);
        self.learn(sids.iter().copied());
        self.only(&sids)
    }

    /// What is known of these and of nobody else.
    pub fn only(&self, sids: &[Sid]) -> Names {
        let mut names = Names::default();
        for account in sids.iter().filter_map(|sid| self.names.account(sid)) {
            names.learn(account.clone());
        }
        names
    }
}

/// Why nobody is found by a name, and what to do.
fn unknown(why: &Unnamed) -> String {
    match why {
        Unnamed::NobodyToAsk => {
            "not a SID, not a virtual machine's GUID, and not a name that is known here; give the \
                                 SID (on Windows: whoami /user, or Get-ADUser) or a map of names (--names)"
                .to_owned()
        }
        Unnamed::Unknown | Unnamed::Deleted => {
            "nobody of this name is known here; write DOMAIN\\user or user@domain, or give the SID".to_owned()
        }
        Unnamed::TimedOut => format!(
            "who that is could not be found out within {} seconds; give the SID or a map of names (--names)",
            PATIENCE.as_secs()
        ),
        Unnamed::Failed(why) => format!("who that is could not be found out: {why}"),
    }
}

/// The members and non-members of a store, each once, sorted.
pub fn members(store: &Store) -> Vec<Sid> {
    let leaves = store.walk().flat_map(|id| store.leaves(id));
    let texts = leaves.filter(|&leaf| store.leaf_kind(leaf).is_member()).map(|leaf| store.text(leaf));
    let mut sids: Vec<Sid> = texts.filter_map(|text| Sid::parse(text.trim()).ok()).collect();
    sids.sort_unstable();
    sids.dedup();
    sids
}

fn map_beside(store: &OsStr) -> Option<PathBuf> {
    let file = load::file(store).ok()?;
    Some(names::beside(&file)).filter(|map| map.is_file())
}

/// The stores among arguments, as [`Directory::of`] takes them.
pub fn stores(arguments: &[OsString]) -> Vec<&OsStr> {
    arguments.iter().map(OsString::as_os_str).collect()
}
