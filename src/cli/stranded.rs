//! Virtual machines that a change to a store leaves behind: they know their scope by its name, and one whose scope is
//! renamed or deleted falls to the default scope, which tells nobody.

use crate::access::guard::Objection;
use crate::hyperv;
use crate::hyperv::inventory::{Inventory, scope_words};
use crate::hyperv::moves::{Held, leaving};
use crate::store::{Difference, Store};

/// The code of the objection.
pub const MACHINES: &str = "machines";

/// What there is to say of a change.
#[derive(Debug, Default)]
pub struct Stranded {
    /// Machines are known to be in the scopes that leave.
    pub objections: Vec<Objection>,
    /// It is not known whether any are.
    pub warnings: Vec<String>,
}

/// What becomes of the machines of a Hyper-V host; `inventory` are those that are known.
pub fn of(store: &Store, differing: &[Difference], inventory: Option<&Inventory>) -> Stranded {
    let mut stranded = Stranded::default();
    let leaving = leaving(differing);
    // In a store of another program a scope is no place for machines.
    if leaving.is_empty() || inventory.is_none() && hyperv::application(store).is_none() {
        return stranded;
    }
    for scope in &leaving {
        match inventory {
            Some(inventory) => stranded.objections.extend(objection(scope, inventory)),
            None => stranded.warnings.push(format!(
                "a virtual machine that is in scope \"{}\" falls to the default scope until it is moved to {} (azedit vm \
                 move); --inventory FILE asks about those that are",
                scope.name,
                target(scope)
            )),
        }
    }
    stranded
}

fn target(scope: &Held) -> String {
    scope.becomes.as_deref().map_or_else(|| "another scope".to_owned(), scope_words)
}

fn objection(scope: &Held, inventory: &Inventory) -> Option<Objection> {
    let names: Vec<_> = inventory
        .machines
        .iter()
        .filter(|machine| machine.scope.as_ref() == Some(&scope.name))
        .map(|machine| machine.name.as_str())
        .collect();
    let are = match names.len() {
        0 => return None,
        1 => "a virtual machine is".to_owned(),
        several => format!("{several} virtual machines are"),
    };
    Some(Objection {
        code: MACHINES,
        application: hyperv::APPLICATION.to_owned(),
        who: None,
        name: scope.name.clone(),
        sentence: format!(
            "{are} in scope \"{}\" and would fall to the default scope: {}. Make {} first, move them there (azedit vm \
             move), and then let this scope go",
            scope.name,
            names.join(", "),
            target(scope)
        ),
    })
}
