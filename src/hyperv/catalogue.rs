//! The operations that Hyper-V knows, as far as public documents tell.
//!
//! A reference to compare with, no authority: most numbers are recalled (assets/hyperv-operations.tsv says which are
//! sourced), documents misname operations, and hosts differ. What a store says of itself wins everywhere.

use std::sync::LazyLock;

use crate::store::{ObjId, Store, fold};

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The Virtual Machine Management Service itself.
    Service,
    /// Switches, ports, adapters.
    Network,
    /// Virtual machines.
    VirtualMachine,
}

impl Group {
    /// The heading over its operations.
    pub const fn heading(self) -> &'static str {
        match self {
            Group::Service => "Service",
            Group::Network => "Network",
            Group::VirtualMachine => "Virtual machines",
        }
    }
}

/// An operation as Hyper-V knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The number that Hyper-V asks for.
    pub id: u32,
    /// Its name.
    pub name: &'static str,
    /// The first Windows Server version that has it: `2008`, `2008 R2`.
    pub since: &'static str,
    /// What it is about.
    pub group: Group,
    /// It only looks at the configuration.
    pub only_reads: bool,
}

/// Always asked for in the default scope: reading the service's configuration.
pub const READ_SERVICE: u32 = 100;
/// Always asked for in the default scope: changing the service's configuration.
pub const RECONFIGURE_SERVICE: u32 = 105;
/// Asked for in the default scope when a console is connected.
pub const VIEW_SWITCH_SERVICE: u32 = 295;
/// Keyboard and mouse of a virtual machine.
pub const INPUT: u32 = 340;
/// The screen of a virtual machine.
pub const OUTPUT: u32 = 345;

static OPERATIONS: LazyLock<Vec<Operation>> =
    LazyLock::new(|| include_str!("../../assets/hyperv-operations.tsv").lines().filter_map(row).collect());

/// Comments begin with `#`, the heading with a word.
fn row(line: &'static str) -> Option<Operation> {
    let mut columns = line.split('\t');
    let mut column = || columns.next();
    Some(Operation {
        id: column()?.parse().ok()?,
        name: column()?,
        since: column()?,
        group: match column()? {
            "service" => Group::Service,
            "network" => Group::Network,
            _ => Group::VirtualMachine,
        },
        only_reads: column()? == "reads",
    })
}

/// Every operation, by number.
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// The operation with this number.
pub fn operation(id: u32) -> Option<&'static Operation> {
    let at = OPERATIONS.binary_search_by_key(&id, |operation| operation.id).ok()?;
    OPERATIONS.get(at)
}

/// Whether a store's operation is the one of the catalogue, by number and name: what another program calls by the
/// same number may be anything.
pub fn known(number: Option<u32>, name: &str) -> Option<&'static Operation> {
    operation(number?).filter(|known| fold(known.name) == fold(name))
}

/// Whether an operation of a store is known to look only.
pub fn only_reads(number: Option<u32>, name: &str) -> bool {
    known(number, name).is_some_and(|operation| operation.only_reads)
}

/// What an operation of the Hyper-V application is about; `None` for one that the catalogue does not know and for
/// those of other applications.
pub fn group_of(store: &Store, operation: ObjId) -> Option<Group> {
    let application = store.application(operation)?;
    if !super::is_hyper_v(store, application) {
        return None;
    }
    Some(self::operation(store.operation_id(operation)?)?.group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole_and_in_order() {
        assert_eq!(operations().len(), 34);
        assert!(operations().is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(operations().iter().filter(|operation| operation.since == "2008").count(), 33);
        let count = |group| operations().iter().filter(|operation| operation.group == group).count();
        assert_eq!([Group::Service, Group::Network, Group::VirtualMachine].map(count), [2, 21, 11]);
        for id in [READ_SERVICE, RECONFIGURE_SERVICE, VIEW_SWITCH_SERVICE, INPUT, OUTPUT, 355] {
            assert!(operation(id).is_some(), "{id}");
        }
    }

    #[test]
    fn only_what_is_called_read_or_view_reads() {
        for known in operations() {
            let by_name = known.name.starts_with("View ") || known.name.starts_with("Read ");
            assert_eq!(known.only_reads, by_name, "{}", known.name);
        }
    }

    #[test]
    fn a_number_alone_proves_nothing() {
        assert!(only_reads(Some(265), "view switches"));
        assert!(!only_reads(Some(265), "Delete Everything"));
        assert!(!only_reads(None, "View Switches"));
        assert!(!only_reads(Some(315), "Start Virtual Machine"));
    }
}
