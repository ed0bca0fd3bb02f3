//! `edit`: change a store by words of the change language.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::Path;

use super::args::EditArgs;
use super::failure::{Code, Failure};
use super::load::{self, Loaded};
use super::names::Directory;
use super::recipe;
use super::{Output, consent, note, save, stranded, vm};
use crate::accounts::{Sid, sids_in};
use crate::check::{Finding, Findings, Severity};
use crate::files;
use crate::hyperv;
use crate::hyperv::recipes::{self, Asked};
use crate::report::shell;
use crate::report::show::escape;
use crate::report::{differences, patches};
use crate::store::{Change, Difference, ObjId, Session, Store, What, parse_script};

/// The longest script, in bytes. Changes are made by hand or by programs, not by the hundred megabytes.
const MAX_SCRIPT: u64 = 64 << 20;

/// A change, and the number of its line where it came from a script.
type Numbered = (Option<usize>, Change);

/// Applies all changes and saves, or changes nothing.
pub fn run(mut args: EditArgs, out: &mut Output) -> Result<Code, Failure> {
    args.sort().map_err(|error| Failure::Usage(format!("{error}. Nothing was changed.")))?;
    let args = &args;
    let asked = recipe::asked(if args.script.is_none() { &args.change } else { &[] })?;
    let (lines, mut changes): (Vec<_>, Vec<_>) = match &asked {
        Some(Asked::List) => {
            write!(out, "{}", recipes::list())?;
            return Ok(Code::Done);
        }
        Some(Asked::Recipe { .. }) => (Vec::new(), Vec::new()),
        None => changes(args)?.into_iter().unzip(),
    };
    let inventory = args.inventory.as_deref().map(vm::read_inventory).transpose()?;
    let mut directory = Directory::of(&args.names, &[&args.store])?;
    if let Some(inventory) = &inventory {
        directory.learn_machines(inventory);
    }
    for (line, change) in lines.iter().zip(&mut changes) {
        if let Some(application) = &args.app {
            *change = change.clone().with_application(application);
        }
        change.members_mut().try_for_each(|member| resolve(&mut directory, member, &place(args, *line)))?;
    }
    let Loaded { path, file, stamp, store } = load::open_file(&args.store)?;
    let mut what = summary(&changes);
    if let Some(Asked::Recipe { recipe, answers, application }) = &asked {
        let application = application.as_deref().or(args.app.as_deref());
        let answers = recipe::with_sids(recipe, answers, &mut directory)?;
        let plan = recipe::plan(&store, recipe, &answers, application)?;
        plan.notes.iter().try_for_each(|note| writeln!(out, "{}", escape(note)))?;
        (changes, what) = (plan.changes, plan.label);
    }
    let before = (store.document().text().len() <= SOON_CHECKED).then(|| hyperv::findings(&store));
    let mut session = Session::new(store);
    let applied = session.apply(&changes, &*what).map_err(|(at, error)| {
        let place = place(args, lines.get(at).copied().flatten());
        Failure::Refused(format!("{place}{error} Nothing was changed."))
    })?;
    let rendering = session.store().rendering();
    if rendering.patches.is_empty() {
        writeln!(out, "Nothing to change: {} is like that already.", escape(&path))?;
        return Ok(Code::Done);
    }
    let differing = session.unsaved();
    let me = args.me.iter().map(|word| directory.sid(word)).collect::<Result<Vec<_>, _>>()?;
    let mut objections = consent::of_session(&mut session, &consent::facts(me))?;
    let mut warnings =
        before.map_or_else(Vec::new, |before| warnings(before, session.store(), &applied.touched));
    consent::name(&mut objections, &mut directory);
    let stranded = stranded::of(session.store(), &differing, inventory.as_ref());
    objections.extend(stranded.objections);
    warnings.extend(stranded.warnings);
    if args.dry_run {
        describe(out, &mut directory, &differing, (&applied.notes, &warnings))?;
        patches::write_text(&mut *out, &rendering)?;
        if !objections.is_empty() {
            writeln!(out, "Saving asks for --allow, because of:")?;
            objections
                .iter()
                .try_for_each(|objection| writeln!(out, "{}", escape(&consent::line(objection))))?;
        }
        writeln!(out, "Nothing was saved: this was a dry run.")?;
        return Ok(Code::Done);
    }
    consent::ask(&objections, &args.allow)?;
    let version = save::store(&file, &stamp, session.saved(), session.store(), &what)?;
    out.only_tells();
    describe(out, &mut directory, &differing, (&applied.notes, &warnings))?;
    writeln!(out, "Saved and on disk. Earlier version: azedit restore {} {version}", shell::word(&path))?;
    Ok(Code::Done)
}

/// A larger store is not checked for the sake of one change; `azedit check` does it.
const SOON_CHECKED: usize = 16 << 20;

/// What the checker says of what changed, and of what that brought about elsewhere, as lines.
fn warnings(before: Findings, store: &Store, touched: &[ObjId]) -> Vec<String> {
    let mut findings = before;
    let known: HashSet<(&str, ObjId, String)> = serious(&findings).map(key).collect();
    findings.update(store, touched);
    let is_about = |finding: &&Finding| touched.contains(&finding.object) || !known.contains(&key(finding));
    let lines = serious(&findings).filter(is_about).map(|finding| {
        let path = store.path(finding.object);
        format!("{} {}: {} [{path}]", finding.severity, finding.code, finding.message)
    });
    lines.collect()
}

fn serious(findings: &Findings) -> impl Iterator<Item = &Finding> {
    findings.all().filter(|finding| finding.severity >= Severity::Warning)
}

fn key(finding: &Finding) -> (&'static str, ObjId, String) {
    (finding.code, finding.object, finding.message.clone())
}

/// Prints what differs, with what goes with it, and notes what is wrong with it. Who the accounts in it are is asked only
/// now: no save waits for names.
fn describe(
    out: &mut dyn Write,
    directory: &mut Directory,
    differing: &[Difference],
    (notes, warnings): (&[String], &[String]),
) -> std::io::Result<()> {
    let members = differing.iter().filter_map(|difference| match &difference.what {
        What::Linked { text, .. } | What::Unlinked { text, .. } => Sid::parse(text.trim()).ok(),
        _ => None,
    });
    directory.learn(members.chain(notes.iter().chain(warnings).flat_map(|text| sids_in(text))));
    let names = directory.names();
    differences::write_text(&mut *out, differing, names)?;
    notes.iter().try_for_each(|note| writeln!(out, "{}", escape(&names.put_into(note))))?;
    for warning in warnings {
        note(&names.put_into(warning));
    }
    Ok(())
}

/// The change on the command line, or those of the script.
fn changes(args: &EditArgs) -> Result<Vec<Numbered>, Failure> {
    let Some(script) = &args.script else {
        let change = Change::parse_words(&args.change)
            .map_err(|error| Failure::Usage(format!("{error}. Nothing was changed.")))?;
        return Ok(vec![(None, change)]);
    };
    let name = script.display();
    let bytes = read_script(script).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    // A redirection of Windows PowerShell leaves UTF-16. What an encoding is only guessed for could be wrong names.
    let text = files::decode_text(bytes).ok().filter(|text| text.guessed.is_none()).ok_or_else(|| {
        Failure::Refused(format!(
            "{name} is neither UTF-8 nor UTF-16 with a byte order mark. Nothing was changed."
        ))
    })?;
    let changes = parse_script(&text.text).map_err(|(line, error)| {
        Failure::Refused(format!("{name}, line {line}: {error}. Nothing was changed."))
    })?;
    Ok(changes.into_iter().map(|(line, change)| (Some(line), change)).collect())
}

/// Where a change stands in the script, as the beginning of a sentence about it.
fn place(args: &EditArgs, line: Option<usize>) -> String {
    let script = args.script.as_ref().zip(line);
    script.map(|(script, line)| format!("{}, line {line}: ", script.display())).unwrap_or_default()
}

fn read_script(script: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let source: &mut dyn Read = if script == Path::new("-") {
        &mut std::io::stdin().lock()
    } else {
        &mut std::fs::File::open(script)?
    };
    source.take(MAX_SCRIPT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SCRIPT {
        return Err(std::io::Error::other("a script may have at most 64 MiB"));
    }
    Ok(bytes)
}

/// Puts the SID in the place of a name. What is a SID stays as it is written.
fn resolve(directory: &mut Directory, member: &mut String, place: &str) -> Result<(), Failure> {
    if Sid::parse(member).is_ok() {
        return Ok(());
    }
    let sid = directory
        .member(member)
        .map_err(|failure| Failure::Refused(format!("{place}{failure}. Nothing was changed.")))?;
    *member = sid.to_string();
    Ok(())
}

/// What the log says of the save: the number of changes and the first of them.
fn summary(changes: &[Change]) -> String {
    match changes {
        [] => String::new(),
        [change] => change.to_string(),
        [first, ..] => format!("{} changes: {first} …", changes.len()),
    }
}
