//! From two pictures of a store to objections.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::picture::{Key, Known, Operation, Picture};
use super::{APPLICATION_GONE, BROAD, CODES, Facts, LOCKOUT, OWN_ACCESS, Objection, Program};
use crate::access::rights::{Rights, numbers};
use crate::access::token;
use crate::accounts::{self, Sid};

/// The longest name that somebody is asked to type.
const LONGEST_TYPED: usize = 64;

pub(super) fn compare(saved: &Picture, now: &Picture, facts: &Facts) -> Vec<Objection> {
    let mut objections = Vec::new();
    let mut taken = BTreeSet::new();
    for before in &saved.applications {
        let same = |test: &dyn Fn(&Known) -> bool| {
            now.applications.iter().enumerate().position(|(at, known)| !taken.contains(&at) && test(known))
        };
        let by_guid = || same(&|known| known.guid.is_some() && known.guid == before.guid);
        match by_guid().or_else(|| same(&|known| known.name == before.name)) {
            Some(at) => {
                taken.insert(at);
                let (now, program) = (&now.applications[at], facts.program(&before.name));
                let lockout = lockout(before, now)
                    .or_else(|| unusable(before, now, program?))
                    .or_else(|| emptied(before, now, program?));
                if lockout.is_none() {
                    objections.extend(own_access(before, now, program));
                }
                objections.extend(lockout);
                objections.extend(renamed(before, now, program));
                broad(Some(before), now, program, &mut objections);
            }
            None => objections.extend(gone(before, facts.program(&before.name))),
        }
    }
    for (_, new) in now.applications.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        broad(None, new, facts.program(&new.name), &mut objections);
    }
    objections.sort_by_key(|objection| CODES.iter().position(|code| *code == objection.code));
    objections
}

fn objection(code: &'static str, known: &Known, who: Option<Sid>, sentence: String) -> Objection {
    let name = match who.filter(|_| code == BROAD) {
        Some(sid) => {
            accounts::well_known(&sid).map_or_else(|| sid.to_string(), |known| known.name.to_owned())
        }
        None => known.name.clone(),
    };
    let can_be_typed = !name.is_empty()
        && name.len() <= LONGEST_TYPED
        && name.trim() == name
        && name.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    Objection {
        code,
        sentence,
        application: known.path.clone(),
        who,
        name: if can_be_typed { name } else { code.to_owned() },
    }
}

/// Somebody who may do all of `needed`.
fn holder(known: &Known, needed: &[u64]) -> Option<Sid> {
    let all = |plain: &[u64]| plain.iter().zip(needed).all(|(held, needed)| held & needed == *needed);
    known.members.iter().find(|(_, plain)| all(plain)).map(|(sid, _)| *sid)
}

/// Somebody who may do everything, where there is anything to do.
fn full_holder(known: &Known) -> Option<Sid> {
    let operations = known.operations.len();
    let everything: Vec<usize> = (0..operations).collect();
    (operations > 0).then(|| holder(known, &set(operations, everything.into_iter()))).flatten()
}

fn set(size: usize, numbers: impl Iterator<Item = usize>) -> Vec<u64> {
    let mut set = vec![0; size.div_ceil(64)];
    numbers.for_each(|number| set[number / 64] |= 1 << (number % 64));
    set
}

fn lockout(before: &Known, now: &Known) -> Option<Objection> {
    let name = &before.name;
    if let Some(who) = full_holder(before) {
        let (sid, who) = (who, accounts::shown(&who));
        let known: HashSet<&Key> = before.operations.iter().map(|operation| &operation.key).collect();
        let operations = now.operations.iter().enumerate();
        let kept: Vec<usize> =
            operations.filter(|(_, operation)| known.contains(&operation.key)).map(|(at, _)| at).collect();
        if kept.is_empty() {
            let sentence = format!(
                "All operations of the application \"{name}\" would be gone, and nobody could do what {who} can do now."
            );
            return Some(objection(LOCKOUT, before, Some(sid), sentence));
        }
        if holder(now, &set(now.operations.len(), kept.into_iter())).is_none() {
            let sentence = format!(
                "Nobody would be left who may do everything in the application \"{name}\", as {who} may now."
            );
            return Some(objection(LOCKOUT, before, Some(sid), sentence));
        }
    }
    (before.somebody && !now.somebody).then(|| {
        let sentence = format!("Nobody would be left who may do anything in the application \"{name}\".");
        objection(LOCKOUT, before, None, sentence)
    })
}

/// The operations with these numbers; `None` where one of them is not there.
fn numbered(known: &Known, numbers: impl Iterator<Item = u32>) -> Option<Vec<u64>> {
    let mut found = vec![0; known.operations.len().div_ceil(64)];
    for number in numbers {
        let mut same = known.operations.iter().enumerate();
        let (at, _) = same.find(|(_, operation)| operation.key == Key::Number(number))?;
        found[at / 64] |= 1 << (at % 64);
    }
    Some(found)
}

/// What the program needs of those operations that were there.
fn needed<'p>(before: &Known, program: &'p Program) -> impl Iterator<Item = u32> + Clone + use<'p> {
    let there: Vec<u32> = program
        .needs
        .iter()
        .copied()
        .filter(|&number| before.operations.iter().any(|operation| operation.key == Key::Number(number)))
        .collect();
    program.needs.iter().copied().filter(move |number| there.contains(number))
}

fn has_all(held: &[u64], needed: &[u64]) -> bool {
    held.iter().zip(needed).all(|(held, needed)| held & needed == *needed)
}

/// `"Read Service Configuration" (100) and "Reconfigure Service" (105)`, as the store that was saved calls them.
fn named(before: &Known, numbers: impl Iterator<Item = u32>) -> String {
    let name = |number: u32| {
        let operation = before.operations.iter().find(|operation| operation.key == Key::Number(number));
        format!("\"{}\" ({number})", operation.map_or("", |operation| operation.name.as_str()))
    };
    numbers.map(name).collect::<Vec<_>>().join(" and ")
}

/// Nobody would be left with what the program asks everybody for.
fn unusable(before: &Known, now: &Known, program: &Program) -> Option<Objection> {
    let needs = needed(before, program);
    needs.clone().next()?;
    let who = holder(before, &numbered(before, needs.clone())?)?;
    let is_left = numbered(now, needs.clone()).is_some_and(|needed| holder(now, &needed).is_some());
    if is_left {
        return None;
    }
    let sentence = format!(
        "Nobody would be left with {} at the own level of the application \"{}\", as {} is now: nobody could use {}.",
        named(before, needs),
        before.name,
        accounts::shown(&who),
        program.name
    );
    Some(objection(LOCKOUT, before, Some(who), sentence))
}

/// The application that the program asks would be there, and nothing in it.
fn emptied(before: &Known, now: &Known, program: &Program) -> Option<Objection> {
    let is_emptied =
        before.anybody && !now.anybody || !before.operations.is_empty() && now.operations.is_empty();
    is_emptied.then(|| {
        let sentence = format!(
            "The application \"{}\" would be emptied: {} asks it, and would let nobody in.",
            before.name, program.name
        );
        objection(APPLICATION_GONE, before, None, sentence)
    })
}

/// The account that asks would lose its own last way in.
fn own_access(before: &Known, now: &Known, program: Option<&Program>) -> Option<Objection> {
    let is_any = |set: &[u64]| set.iter().any(|word| *word != 0);
    let name = &before.name;
    if is_any(&before.caller) && !is_any(&now.caller) {
        let sentence =
            format!("You could do nothing any more at the own level of the application \"{name}\".");
        return Some(objection(OWN_ACCESS, before, None, sentence));
    }
    let program = program?;
    let needs = needed(before, program);
    needs.clone().next()?;
    let had = has_all(&before.caller, &numbered(before, needs.clone())?);
    let has = numbered(now, needs.clone()).is_some_and(|needed| has_all(&now.caller, &needed));
    (had && !has).then(|| {
        let sentence = format!(
            "You would no longer have {} at the own level of the application \"{name}\": {} would not let you in.",
            named(before, needs),
            program.name
        );
        objection(OWN_ACCESS, before, None, sentence)
    })
}

fn gone(before: &Known, program: Option<&Program>) -> Option<Objection> {
    let name = &before.name;
    match full_holder(before) {
        Some(who) => {
            let sentence = format!(
                "The application \"{name}\" would be gone, and nobody could do what {} can do now.",
                accounts::shown(&who)
            );
            Some(objection(LOCKOUT, before, Some(who), sentence))
        }
        None if before.anybody => {
            let sentence = format!("The application \"{name}\" would be gone, and what its members may do.");
            Some(objection(APPLICATION_GONE, before, None, sentence))
        }
        None => program.map(|program| {
            let sentence = format!("The application \"{name}\", which {} asks, would be gone.", program.name);
            objection(APPLICATION_GONE, before, None, sentence)
        }),
    }
}

fn renamed(before: &Known, now: &Known, program: Option<&Program>) -> Option<Objection> {
    ((before.anybody || program.is_some()) && before.name != now.name).then(|| {
        let sentence = format!(
            "The application \"{}\" would be called \"{}\": a program that asks for it by its name would let nobody in.",
            before.name, now.name
        );
        objection(APPLICATION_GONE, before, None, sentence)
    })
}

/// What classes of accounts gain.
fn broad(before: Option<&Known>, now: &Known, program: Option<&Program>, objections: &mut Vec<Objection>) {
    let acts = acting(now, program);
    let translation = before.map(|before| Translation::new(before, now));
    // By account: what it gains, and where.
    let mut gains: BTreeMap<Sid, Gain> = BTreeMap::new();
    let mut held: Vec<_> = now.broad.iter().collect();
    held.sort_unstable_by_key(|(key, _)| **key);
    for (&(level, sid), rights) in held {
        let mut had = Rights::none(now.operations.len().div_ceil(64));
        if let (Some(before), Some(translation)) = (before, &translation) {
            let level = level.and_then(|at| same_scope(before, now, at));
            let levels = [Some(None), level.map(Some)];
            for class in std::iter::once(sid).chain(token::implied(&sid)) {
                for level in levels.iter().flatten() {
                    if let Some(rights) = before.broad.get(&(*level, class)) {
                        translation.join(&mut had, rights);
                    }
                }
            }
        }
        let plain = minus(&rights.plain, &had.plain);
        let any = minus(&rights.any, &had.any);
        let acting = both(&any, &acts);
        let Some(worst) = numbers(&both(&plain, &acts)).chain(numbers(&acting)).next() else { continue };
        let gain = gains.entry(sid).or_default();
        gain.worst = Some(gain.worst.map_or(worst, |other| other.min(worst)));
        gain.conditional &= plain.iter().all(|word| *word == 0);
        gain.operations.extend(numbers(&plain).chain(numbers(&any)));
        match level {
            None => gain.everywhere = true,
            Some(at) => gain.scopes.push(at),
        }
    }
    for (sid, gain) in gains {
        let sentence = gain.sentence(now, &sid);
        objections.push(objection(BROAD, before.unwrap_or(now), Some(sid), sentence));
    }
}

/// The operations that are not known to change nothing.
fn acting(now: &Known, program: Option<&Program>) -> Vec<u64> {
    let acts = |operation: &Operation| {
        let number = match operation.key {
            Key::Number(number) => Some(number),
            Key::Guid(_) | Key::Name(_) => None,
        };
        program.is_none_or(|program| !(program.only_reads)(number, &operation.name))
    };
    let acting = now.operations.iter().enumerate().filter(|(_, operation)| acts(operation));
    set(now.operations.len(), acting.map(|(at, _)| at))
}

fn both(one: &[u64], other: &[u64]) -> Vec<u64> {
    one.iter().zip(other).map(|(one, other)| one & other).collect()
}

fn minus(now: &[u64], before: &[u64]) -> Vec<u64> {
    now.iter().zip(before).map(|(now, before)| now & !before).collect()
}

/// The number that a scope had before: by GUID, else by name.
fn same_scope(before: &Known, now: &Known, at: usize) -> Option<usize> {
    let scope = now.scopes.get(at)?;
    let by_guid = scope.guid.and_then(|guid| before.by_guid.get(&guid));
    by_guid.or_else(|| before.by_name.get(&scope.name)).copied()
}

/// What one class gains in one application.
struct Gain {
    operations: BTreeSet<usize>,
    /// One that is worth asking about.
    worst: Option<usize>,
    everywhere: bool,
    scopes: Vec<usize>,
    conditional: bool,
}

impl Default for Gain {
    fn default() -> Gain {
        Gain {
            operations: BTreeSet::new(),
            worst: None,
            everywhere: false,
            scopes: Vec::new(),
            conditional: true,
        }
    }
}

impl Gain {
    fn sentence(&self, now: &Known, sid: &Sid) -> String {
        let name = |at: &usize| now.operations.get(*at).map_or("", |operation| operation.name.as_str());
        let what = match self.operations.len() {
            1 => format!("the operation \"{}\"", self.worst.as_ref().map_or("", name)),
            count if count == now.operations.len() => format!("all {count} operations"),
            count => {
                format!("{count} operations, \"{}\" among them,", self.worst.as_ref().map_or("", name))
            }
        };
        let scope = |at: &usize| now.scopes.get(*at).map_or("", |scope| scope.name.as_str());
        let place = match self.scopes.as_slice() {
            _ if self.everywhere => String::new(),
            [one] => format!(" in the scope \"{}\"", scope(one)),
            several => format!(" in {} scopes", several.len()),
        };
        let condition = if self.conditional { ", where a rule allows it" } else { "" };
        format!(
            "{} would gain {what}{place} of the application \"{}\"{condition}.",
            accounts::shown(sid),
            now.name
        )
    }
}

/// From the numbers of operations before to those now.
struct Translation {
    /// For each operation now, those before that are the same. `None`: the numbers are the same ones.
    sources: Option<Vec<Vec<usize>>>,
}

impl Translation {
    fn new<'k>(before: &'k Known, now: &'k Known) -> Translation {
        let keys = |known: &'k Known| -> Vec<&'k Key> {
            known.operations.iter().map(|operation| &operation.key).collect()
        };
        let (before, now) = (keys(before), keys(now));
        if before == now {
            return Translation { sources: None };
        }
        let mut by_key: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, key) in before.into_iter().enumerate() {
            by_key.entry(key).or_default().push(at);
        }
        let sources = now.iter().map(|key| by_key.get(key).cloned().unwrap_or_default());
        Translation { sources: Some(sources.collect()) }
    }

    /// Adds what was held before.
    fn join(&self, had: &mut Rights, before: &Rights) {
        let Some(sources) = &self.sources else { return had.join(before) };
        let holds = |set: &[u64], at: usize| set.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1);
        for (now, sources) in sources.iter().enumerate() {
            for &at in sources {
                had.plain[now / 64] |= u64::from(holds(&before.plain, at)) << (now % 64);
                had.any[now / 64] |= u64::from(holds(&before.any, at)) << (now % 64);
            }
        }
    }
}
