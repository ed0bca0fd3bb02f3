//! What the guard over saves has to know about Hyper-V: it asks one application by name, everybody for two operations in
//! the default scope, and some operations only look.

use super::catalogue::{self, READ_SERVICE, RECONFIGURE_SERVICE};
use crate::access::guard::{Facts, Program};
use crate::accounts::Sid;

/// The facts for a save. `caller` are the SIDs of the account that saves and of its groups, empty where they are not
/// known; `application` is what the host's registry value `ServiceApplication` says, where it is known.
pub fn facts(caller: Vec<Sid>, application: Option<&str>) -> Facts {
    let hyper_v = Program {
        name: "Hyper-V",
        application: application.unwrap_or(super::APPLICATION).to_owned(),
        needs: &[READ_SERVICE, RECONFIGURE_SERVICE],
        only_reads: catalogue::only_reads,
    };
    Facts { caller, programs: vec![hyper_v] }
}
