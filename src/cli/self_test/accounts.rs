//! Names of accounts, both ways, and maps of them.

use super::{Checks, Outcome};
use crate::accounts::{self, Account, Question, Reply, Sid, Sort, Unnamed, host, read_map, write_map};
use crate::cli::caller;
use crate::term::{Clerk, PATIENCE};

const GROUP: &str = "accounts";

/// Tries lookups, where there is somebody to ask, and what needs nobody.
pub(super) fn check(with_names: bool, checks: &mut Checks) {
    checks.tried(GROUP, "name map", name_map());
    let mut clerk = Clerk::new(host::ask, PATIENCE);
    let mut ask = |question: &Question| clerk.answer(question);
    let own = caller::sids().first().copied().or_else(|| by_name(&mut ask));
    lookups(&mut ask, own, with_names, checks);
}

/// Who runs this, by the name that Windows gives every program.
fn by_name(ask: &mut dyn FnMut(&Question) -> Reply) -> Option<Sid> {
    let name = std::env::var("USERNAME").ok().filter(|_| host::CAN_BE_ASKED)?;
    Some(ask(&Question::Name(name)).ok()?.first()?.sid)
}

/// What is written is read back, hostile names too.
fn name_map() -> Result<String, String> {
    let names = ["CONTOSO\\joe", "a \"b\", c; d", " blanks ", "\u{202e}desrever"];
    let accounts: Vec<Account> = (1000..)
        .zip(names)
        .map(|(number, name)| Account {
            sid: Sid::from_parts(5, [21, 1, 2, 3, number]),
            name: name.to_owned(),
            sort: Sort::User,
        })
        .collect();
    let read = read_map(&write_map(accounts.iter())).map_err(|error| error.to_string())?;
    if read.accounts == accounts {
        Ok("written and read back".to_owned())
    } else {
        Err("it reads back different".to_owned())
    }
}

/// Asks both ways: who has this SID, and what SID has who was named.
fn lookups(ask: &mut dyn FnMut(&Question) -> Reply, own: Option<Sid>, with_names: bool, checks: &mut Checks) {
    let known = [("BUILTIN\\Administrators", "S-1-5-32-544"), ("Everyone", "S-1-1-0")];
    for (name, sid) in known {
        let outcome = match Sid::parse(sid) {
            Ok(sid) => both_ways(ask, sid, true),
            Err(error) => Outcome::Fail(error.to_string()),
        };
        checks.add(GROUP, name, outcome);
    }
    checks.add(
        GROUP,
        "the own account",
        match own {
            Some(sid) => both_ways(ask, sid, with_names),
            None => Outcome::Skipped("who runs this is not known as a SID".to_owned()),
        },
    );
    let nobody = Sid::from_parts(5, [21, 1, 2, 3, 4711]);
    let outcome = match ask(&Question::Sid(nobody)) {
        Err(Unnamed::Unknown) => Outcome::Pass("is unknown".to_owned()),
        Err(Unnamed::NobodyToAsk) => Outcome::Skipped(nobody_to_ask()),
        Err(why) => Outcome::Fail(why.to_string()),
        Ok(_) => Outcome::Fail("has a name".to_owned()),
    };
    checks.add(GROUP, "a SID that nobody has", outcome);
}

fn both_ways(ask: &mut dyn FnMut(&Question) -> Reply, sid: Sid, says_name: bool) -> Outcome {
    let account = match ask(&Question::Sid(sid)).map(|accounts| accounts.into_iter().next()) {
        Ok(Some(account)) => account,
        Ok(None) => return Outcome::Fail("an empty answer".to_owned()),
        Err(Unnamed::NobodyToAsk) => return Outcome::Skipped(nobody_to_ask()),
        Err(why) => return Outcome::Fail(format!("its SID: {why}")),
    };
    match ask(&Question::Name(account.name.clone())).map(|accounts| accounts.first().map(|found| found.sid)) {
        Ok(Some(found)) if found == sid => {}
        Ok(Some(_)) => return Outcome::Fail("its name leads to another SID".to_owned()),
        Ok(None) => return Outcome::Fail("an empty answer".to_owned()),
        Err(why) => return Outcome::Fail(format!("its name: {why}")),
    }
    let kind = match (account.sort, accounts::well_known(&sid)) {
        (Sort::Untold, _) => "an account",
        (sort, _) => sort.word(),
    };
    let name = if says_name { format!(", {}", account.name) } else { String::new() };
    Outcome::Pass(format!("found both ways: {kind}{name}"))
}

fn nobody_to_ask() -> String {
    "this is no Windows machine".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(ask: fn(&Question) -> Reply) -> Vec<Outcome> {
        let mut checks = Checks::default();
        let own = Sid::from_parts(5, [21, 1, 2, 3, 1104]);
        lookups(&mut |question| ask(question), Some(own), false, &mut checks);
        checks.0.into_iter().map(|check| check.outcome).collect()
    }

    fn told(sid: &str, name: &str) -> Vec<Account> {
        vec![Account { sid: Sid::parse(sid).unwrap(), name: name.to_owned(), sort: Sort::User }]
    }

    fn directory(question: &Question) -> Reply {
        let known = [
            ("S-1-5-32-544", "VORDEFINIERT\\Administratoren"),
            ("S-1-1-0", "Jeder"),
            ("S-1-5-21-1-2-3-1104", "CONTOSO\\joe"),
        ];
        let found = known.iter().find(|(sid, name)| match question {
            Question::Sid(asked) => asked.to_string() == *sid,
            Question::Name(asked) => asked == name,
            Question::Local => false,
        });
        found.map_or(Err(Unnamed::Unknown), |(sid, name)| Ok(told(sid, name)))
    }

    #[test]
    fn lookups_pass_in_any_language_and_name_nobody_of_a_domain() {
        let outcomes = outcomes(directory);
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Pass(_))), "{outcomes:?}");
        assert!(!format!("{outcomes:?}").contains("joe"));
    }

    #[test]
    fn what_does_not_work_fails() {
        assert!(
            outcomes(|_| Err(Unnamed::TimedOut)).iter().all(|outcome| matches!(outcome, Outcome::Fail(_)))
        );
        // A name that leads to somebody else.
        let wrong = outcomes(|question| match question {
            Question::Name(_) => Ok(told("S-1-5-21-9-9-9-1000", "x")),
            question => directory(question),
        });
        assert!(matches!(wrong.first(), Some(Outcome::Fail(_))), "{wrong:?}");
        assert!(
            outcomes(|_| Err(Unnamed::NobodyToAsk))
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Skipped(_)))
        );
    }

    #[test]
    fn a_map_is_read_back() {
        assert!(name_map().is_ok());
    }
}
