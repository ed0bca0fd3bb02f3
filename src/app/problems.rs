//! The problems pane beyond looking: what a fix would do, fixing all of a kind, hiding a kind for the session.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::accounts::Names;
use crate::check::{self, Finding};
use crate::hyperv::rules::cannot_connect_member;
use crate::store::{Change, Store};

use super::actions::Id;
use super::doc::Doc;
use super::effect::Effect;
use super::state::App;
use super::{editing, enabled};

/// Changes named in a preview; more are counted.
const NAMED: usize = 2;

/// Whether Fix can do something about a problem.
pub fn has_fix(store: &Store, finding: &Finding) -> bool {
    cannot_connect_member(store, finding).is_some() || !check::fix(store, finding).is_empty()
}

/// What fixing the selected problem would do; `None` where there is no safe fix.
pub fn preview(doc: &Doc, finding: &Finding, names: &Names) -> Option<String> {
    if let Some(sid) = cannot_connect_member(doc.store(), finding) {
        let who = names.name(&sid).map_or_else(|| sid.to_string(), Cow::into_owned);
        return Some(format!("shows what would let {who} connect"));
    }
    let changes = check::fix(doc.store(), finding);
    let shown: Vec<String> = changes.iter().take(NAMED).map(ToString::to_string).collect();
    match changes.len() {
        0 => None,
        count if count > NAMED => {
            Some(format!("{} and {} more", shown.join("; "), count.saturating_sub(NAMED)))
        }
        _ => Some(shown.join("; ")),
    }
}

/// The kind of the selected problem.
fn selected(app: &App) -> Result<&'static str, String> {
    enabled::store(app)?;
    let finding = app.doc().and_then(Doc::selected_problem);
    finding.map(|finding| finding.code).ok_or_else(|| "No problem is selected.".to_owned())
}

/// Whether [`fix_all`] can act: as far as the selected problem tells.
pub fn can_fix_all(app: &App) -> Result<(), String> {
    enabled::change(app)?;
    let code = selected(app)?;
    let doc = enabled::doc(app)?;
    let has_fix = doc.selected_problem().is_some_and(|finding| !check::fix(doc.store(), finding).is_empty());
    if has_fix { Ok(()) } else { Err(format!("{code} has no safe fix: it needs a decision.")) }
}

/// Fixes all problems of the selected one's kind, as one step.
///
/// A fix may settle another problem of the kind too, or make its fix another one; so each is taken as the store is
/// after the ones before.
pub fn fix_all(app: &mut App, effects: &mut Vec<Effect>) {
    let Some(doc) = app.doc_mut() else { return };
    let Some(code) = doc.selected_problem().map(|finding| finding.code) else { return };
    let all: Vec<Finding> =
        doc.findings.iter().flat_map(check::Findings::all).filter(|f| f.code == code).cloned().collect();
    let mut changes: Vec<Change> = Vec::new();
    let mut asked = HashSet::new();
    let mut left = 0usize;
    for finding in &all {
        let fix = check::fix(doc.store(), finding);
        if fix.is_empty() {
            left = left.saturating_add(1);
        }
        // Two findings may ask for the same.
        changes.extend(fix.into_iter().filter(|change| asked.insert(change.to_string())));
    }
    // What no longer applies was settled by another fix.
    let changes = doc.session.settled(changes);
    let fixed = all.len().saturating_sub(left);
    let label = format!("fix all {fixed} of {code}");
    if let Err(why) = editing::apply(app, &changes, &label, effects) {
        return app.fail(why);
    }
    if left > 0 {
        app.tell(format!("Fixed {fixed} of {code}; {left} need a decision."));
    }
}

/// Whether there is a problem to hide.
pub fn can_hide(app: &App) -> Result<(), String> {
    selected(app).map(|_| ())
}

/// Hides all problems of the selected one's kind until the store is closed.
pub fn hide(app: &mut App) {
    let Ok(code) = selected(app) else { return };
    let Some(doc) = app.doc_mut() else { return };
    doc.hidden.insert(code);
    doc.count_problems();
    let help = app.keys.named(Id::Help);
    app.tell(format!("{code} is hidden for this session. {help} and \"hidden\" shows it again."));
}

/// Whether something is hidden.
pub fn can_show(app: &App) -> Result<(), String> {
    enabled::store(app)?;
    if app.doc().is_some_and(|doc| !doc.hidden.is_empty()) {
        Ok(())
    } else {
        Err(format!("No problem is hidden: {} hides a kind.", app.keys.named(Id::HideProblems)))
    }
}

/// Shows again what was hidden.
pub fn show_hidden(app: &mut App) {
    if let Some(doc) = app.doc_mut() {
        doc.hidden.clear();
        doc.count_problems();
    }
    app.tell("All problems are shown again.");
}

impl Doc {
    /// The problems that are shown, in the store's order.
    pub fn shown_problems(&self) -> impl Iterator<Item = &Finding> {
        let all = self.findings.iter().flat_map(check::Findings::all);
        all.filter(|finding| !self.hidden.contains(finding.code))
    }

    /// That the store has none, and how machines are found that have: they are in no list of the store's.
    pub fn no_problems(&self) -> String {
        let have = match self.machines.alarming() {
            0 => return "No problems.".to_owned(),
            1 => "1 virtual machine has one".to_owned(),
            many => format!("{many} virtual machines have some"),
        };
        let which = self.keys.named(Id::ProblemsOnly);
        format!("No problems in the store; {have}: {which} shows which.")
    }

    /// How many problems are hidden.
    pub fn hidden_problems(&self) -> usize {
        let Some(findings) = &self.findings else { return 0 };
        self.hidden.iter().map(|code| findings.count_of(code).0).sum()
    }
}
