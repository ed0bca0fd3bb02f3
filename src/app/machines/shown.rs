//! Machines among what is shown of a store: which is selected, where its row is, what an action has to do with it.

use std::sync::Arc;

use crate::accounts::vm_sid;
use crate::app::actions::Id;
use crate::app::doc::Doc;
use crate::app::layout::Pane;
use crate::app::node::{Node, Part};
use crate::app::state::App;
use crate::hyperv::moves::Scopes;

use super::{Homecoming, Listed, Machines, Resident};

/// Why an action has nothing to do with the machine that is selected, or with those that are marked.
///
/// # Errors
/// In a sentence.
pub fn why_not(app: &App, id: Id) -> Result<(), String> {
    let Some(doc) = app.doc() else { return Ok(()) };
    let is_about = doc.marked.machines().len() > 0
        || (app.focus != Pane::Problems && doc.marked.is_empty() && doc.machine().is_some());
    if !is_about {
        return Ok(());
    }
    let to = app.keys.named(Id::MoveMachines);
    let done = match id {
        Id::Rename => "renamed",
        Id::Delete => "deleted",
        Id::Describe => "described",
        Id::MoveTo => return Err(format!("{to} moves virtual machines to a scope.")),
        Id::CopyTo
        | Id::AddMembers
        | Id::AddNonMembers
        | Id::Roles
        | Id::Tasks
        | Id::Operations
        | Id::Groups
        | Id::Members
        | Id::EditRule
        | Id::NewAttribute
        | Id::WhereUsed => {
            return Err(format!(
                "That is not for a virtual machine: {to} moves it to a scope, {} copies its GUID.",
                app.keys.named(Id::Copy)
            ));
        }
        _ => return Ok(()),
    };
    Err(format!("A virtual machine is {done} in Hyper-V Manager: azedit moves it to a scope ({to})."))
}

/// Tells what the machines of all stores are called, where that is news: their accounts are shown by it.
pub fn tell_names(app: &mut App) {
    let App { docs, names, .. } = app;
    for machines in docs.iter_mut().map(|doc| &mut doc.machines) {
        if std::mem::take(&mut machines.has_new_names) {
            let names = Arc::make_mut(names);
            machines.all().for_each(|(_, Resident { machine, .. })| {
                names.learn_machine(vm_sid(machine.guid), &machine.name);
            });
        }
    }
}

impl Doc {
    /// The selected machine.
    pub fn machine(&self) -> Option<(u32, &Resident)> {
        match self.node().part {
            Part::Machine(number) => Some((number, self.machines.get(number)?)),
            _ => None,
        }
    }

    /// The row of a machine.
    pub fn machine_node(&self, number: u32) -> Option<Node> {
        let holds = |listed: &[Listed]| listed.iter().any(|one| one.number == number);
        let (object, _) = self.machines.roster.places().find(|(_, listed)| holds(listed))?;
        Some(Node { object, part: Part::Machine(number) })
    }

    /// Brings the machines and their rows up to the store.
    pub fn settle_machines(&mut self) {
        let Doc { machines, tree, session, marked, .. } = self;
        if machines.all.is_empty() {
            return;
        }
        machines.settle(session.store());
        marked.settle_machines(|number| machines.get(number).is_some_and(|one| one.is_there));
        tree.set_machines(session.store(), machines.roster());
        if matches!(self.node().part, Part::Machine(_)) {
            self.sheet.of = None;
        }
    }

    /// Takes over the machines that stood beside an earlier reading of the file.
    pub fn take_over(&mut self, machines: Machines) {
        self.machines = machines.reread();
        self.machines.settle_in(self.session.store());
        self.settle_machines();
    }

    /// Takes in homes before a step is told of: those that it changes.
    pub fn keep_homes(&mut self, homes: Homecoming) {
        let revision = self.session.revision();
        self.machines.keep(revision, homes.0);
    }

    /// Shows a machine.
    pub fn reveal_machine(&mut self, number: u32) {
        if let Some(node) = self.machine_node(number) {
            self.tree.reveal_node(self.session.store(), node);
            self.settle_sheet();
        }
    }

    /// The scopes of the store that the host reads: as it was last read or written.
    pub fn saved_scopes(&mut self) -> Scopes {
        // What was written opens; should it not, only the names of now are known.
        self.session.with_saved(Scopes::of).unwrap_or_else(|_| Scopes::of(self.session.store()))
    }
}
