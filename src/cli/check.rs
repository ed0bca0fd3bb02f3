//! `check`: the findings of one store or of many.

use std::ffi::OsString;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{CheckArgs, CheckFormat, FailOn};
use super::failure::{Code, Failure};
use super::load::{self, Loaded};
use super::mend::Mended;
use super::names::{Directory, stores};
use super::progress::Progress;
use super::{Output, consent, mend, note, save};
use crate::accounts::sids_in;
use crate::check::{Findings, Severity};
use crate::hyperv;
use crate::report::findings::{self, Checked, Found};
use crate::report::sarif;
use crate::report::unreadable::Unreadable;
use crate::store::{Session, Store};

/// Prints the findings of every store, in the order of the arguments.
pub fn run(args: &CheckArgs, out: &mut Output) -> Result<Code, Failure> {
    if let Some(code) = &args.explain {
        return explain(code, out);
    }
    let mut directory = Directory::of(&args.names, &stores(&args.stores))?;
    let checked = match args.stores.as_slice() {
        all if args.fix => all.iter().map(|store| mend_one(store, &args.allow, &mut directory)).collect(),
        // The usual case pays for neither threads nor a progress bar.
        [store] => vec![check_one(store)],
        all => check_all(all),
    };
    // A store that could not be saved ends the command, but only after what was found has been printed.
    let mut failed = None;
    let mut reported = Vec::with_capacity(checked.len());
    for (argument, result) in args.stores.iter().zip(checked) {
        let path = argument.to_string_lossy().into_owned();
        match result {
            Ok(findings) => reported.push(Checked { path, findings: Ok(findings) }),
            Err(Failure::Unreadable(error)) => reported.push(Checked { path, findings: Err(error) }),
            Err(failure) => {
                note(&format!("{path}: {failure}"));
                failed = failed.or(Some(failure));
            }
        }
    }
    match args.format {
        CheckFormat::Text => {
            let all = reported.iter().flat_map(|checked| checked.findings.iter().flatten());
            directory.learn(all.flat_map(|found| sids_in(&found.message)));
            for found in reported.iter_mut().flat_map(|checked| checked.findings.iter_mut().flatten()) {
                found.message = directory.names().put_into(&found.message).into_owned();
            }
            findings::write_text(&mut *out, &reported)?;
        }
        CheckFormat::Json => findings::write_json(&mut *out, &reported)?,
        CheckFormat::Sarif => sarif::write(&mut *out, &reported)?,
    }
    let mut unreadable = reported.iter().filter_map(|checked| checked.findings.as_ref().err()).peekable();
    if unreadable.peek().is_some() {
        if args.format == CheckFormat::Text {
            out.flush()?;
            unreadable.for_each(|error| note(&error.to_string()));
        }
        return Err(Failure::Reported(Code::Unreadable));
    }
    if let Some(failure) = failed {
        return Err(Failure::Reported(failure.code()));
    }
    let threshold = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
    };
    let mut severities =
        reported.iter().flat_map(|checked| checked.findings.iter().flatten()).map(|found| found.severity);
    Ok(if severities.any(|severity| severity >= threshold) { Code::Found } else { Code::Done })
}

fn check_one(argument: &OsString) -> Result<Vec<Found>, Failure> {
    let store = load::open(argument)?;
    Ok(found(&store, &hyperv::findings(&store)))
}

fn found(store: &Store, findings: &Findings) -> Vec<Found> {
    findings.all().map(|finding| Found::new(store, finding)).collect()
}

/// Checks many stores, as many at a time as there are processors. The results are in the order of the arguments.
fn check_all(arguments: &[OsString]) -> Vec<Result<Vec<Found>, Failure>> {
    let progress = Progress::of(arguments.len(), "stores");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(argument) = arguments.get(at)
        {
            done.push((at, check_one(argument)));
            progress.step();
        }
        done
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(arguments.len());
    let mut results = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        for other in others {
            match other.join() {
                Ok(done) => results.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    drop(progress);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Mends what can safely be mended, saves, and gives the findings that are left; `allowed` is what `--allow` named.
fn mend_one(
    argument: &OsString,
    allowed: &[String],
    directory: &mut Directory,
) -> Result<Vec<Found>, Failure> {
    let Loaded { path, file, stamp, store } = load::open_file(argument)?;
    let baseline = store.rendering();
    let mut findings = hyperv::findings(&store);
    let mut session = Session::new(store);
    let mended = mend::all(&mut session, &mut findings);
    let Mended { count, told } = mended;
    if count > 0 {
        let mut objections = consent::of_session(&mut session, &consent::facts(Vec::new()))?;
        consent::name(&mut objections, directory);
        consent::ask(&objections, allowed)?;
        let what = format!("check --fix mended {count} findings");
        let version = save::store(&file, &stamp, &baseline, session.store(), &what)?;
        note(&format!(
            "{path}: mended {count}. Earlier version: azedit restore {} {version}",
            crate::report::shell::word(&path)
        ));
        directory.learn(told.iter().flat_map(|line| sids_in(line)));
        for line in &told {
            note(&format!("  {}", directory.names().put_into(line)));
        }
        if told.len() < count {
            note(&format!("  and {} more", count - told.len()));
        }
        // What is left is told with its lines in the file as it is now, not in the one that was read.
        let saved = session.store().rendering().to_bytes();
        let saved = Store::open(saved).map_err(|error| Unreadable::not_opened(path, error))?;
        return Ok(found(&saved, &hyperv::findings(&saved)));
    }
    let found = found(session.store(), &findings);
    if !found.is_empty() {
        note(&format!("{path}: nothing was mended: what was found needs a decision"));
    }
    Ok(found)
}

/// Prints what a code means.
fn explain(code: &str, out: &mut Output) -> Result<Code, Failure> {
    let Some(rule) = hyperv::rule(code) else {
        return Err(Failure::Usage(format!("there is no finding with the code \"{code}\"")));
    };
    writeln!(out, "{} ({}): {}\n\n{}", rule.code, rule.severity, rule.title, rule.help)?;
    if rule.fix.is_some() {
        writeln!(out, "\n`azedit check --fix STORE` mends it.")?;
    }
    Ok(Code::Done)
}
