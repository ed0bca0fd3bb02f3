//! `rights`: does a security template, or this machine, let virtual machines log on as a service.

use std::ffi::OsStr;

use super::args::{FailOn, RightsArgs, TemplateKind, TextOrJson};
use super::failure::{Code, Failure};
use super::names::Directory;
use super::{Output, machine};
use crate::check::Severity;
use crate::files;
use crate::hyperv::rights::{self, Holder, Judgement, Kind, Template};
use crate::report::rights::{Judged, write_json, write_text};
use crate::report::unreadable::Unreadable;

/// Prints what the templates mean, in the order of the arguments.
pub fn run(args: &RightsArgs, out: &mut Output) -> Result<Code, Failure> {
    let judged = judge(args).or_else(|failure| match (failure, args.format) {
        (Failure::Unreadable(error), TextOrJson::Json) => {
            error.write_json(&mut *out)?;
            Err(Failure::Reported(Code::Unreadable))
        }
        (failure, _) => Err(failure),
    })?;
    match args.format {
        TextOrJson::Text => {
            let mut directory = Directory::of(&args.names, &[])?;
            let rights = judged.iter().flat_map(|judged| &judged.judgement.rights);
            let holders = rights.flat_map(|right| &right.holders).filter_map(|holder| match holder {
                Holder::Sid(sid) => Some(*sid),
                Holder::Name(_) => None,
            });
            directory.learn(holders);
            write_text(&mut *out, &judged, directory.names())?;
        }
        TextOrJson::Json => write_json(&mut *out, &judged)?,
    }
    let threshold = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
    };
    let mut findings = judged.iter().flat_map(|judged| &judged.judgement.findings);
    Ok(if findings.any(|finding| finding.severity >= threshold) { Code::Found } else { Code::Done })
}

fn judge(args: &RightsArgs) -> Result<Vec<Judged>, Failure> {
    if args.local {
        let template = machine::rights().map_err(|why| Unreadable::io("this machine".to_owned(), why))?;
        let judgement = judge_as(args, &template, Kind::Export);
        return Ok(vec![Judged { path: "this machine".to_owned(), judgement }]);
    }
    args.files.iter().map(|file| judge_file(args, file)).collect()
}

fn judge_file(args: &RightsArgs, file: &OsStr) -> Result<Judged, Failure> {
    let path = file.to_string_lossy().into_owned();
    let bytes =
        files::read(file.as_ref()).map_err(|error| Unreadable::io(path.clone(), error.without_path()))?.bytes;
    let template = Template::read(&bytes).map_err(|error| Unreadable::io(path.clone(), error.to_string()))?;
    let told = args.kind.map(|kind| match kind {
        TemplateKind::Policy => Kind::Policy,
        TemplateKind::Export => Kind::Export,
    });
    let kind = told.or_else(|| Kind::guess(&path, &template));
    let judgement = match kind {
        Some(kind) => judge_as(args, &template, kind),
        None => either(args, &template).ok_or_else(|| {
            Failure::Usage(format!(
                "{path}: cannot tell whether this is part of a policy or an export of a machine, and that decides; say \
                 --kind policy or --kind export"
            ))
        })?,
    };
    Ok(Judged { path, judgement })
}

/// The judgement where the kind makes no difference to the rights.
fn either(args: &RightsArgs, template: &Template) -> Option<Judgement> {
    let [policy, export] = [Kind::Policy, Kind::Export].map(|kind| judge_as(args, template, kind));
    (policy.rights == export.rights).then_some(policy)
}

fn judge_as(args: &RightsArgs, template: &Template, kind: Kind) -> Judgement {
    if args.before_2012 { rights::judge_before_2012(template, kind) } else { rights::judge(template, kind) }
}
