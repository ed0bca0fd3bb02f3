//! Security identifiers (SIDs): parse, print, well-known names, virtual machine accounts.
//!
//! - [`Sid`]: the value, its text and its binary form ([MS-DTYP] 2.4.2); [`SidReader`] reads many;
//! - [`well_known`], [`display_name`], [`shown`], [`resolve`]: the names every Windows host agrees on;
//! - [`standing`]: what a SID means as a member of a role assignment;
//! - [`vm_sid`], [`vm_guid`], [`vm_account`]: the account of a Hyper-V virtual machine;
//! - [`read_pasted`]: who somebody is, as Windows prints it;
//! - [`convert()`]: one word typed by a person, as all of these;
//! - [`Account`], [`Names`]: accounts that not every host knows, and what was told of them; [`read_map`] and
//!   [`write_map`] carry them from one machine to another;
//! - [`host`]: who Windows says somebody is.
//!
//! All but the last is arithmetic and one table (`assets/wellknown-sids.tsv`). The names of a domain's own accounts are
//! known only to that domain and are never guessed.

mod account;
mod convert;
pub mod host;
mod known;
mod map;
mod names;
mod reader;
mod sid;
mod vm;
mod whoami;
#[cfg(windows)]
mod windows;

pub use account::{Account, MOST_LOCAL, Question, Reply, Sort, Unnamed};
pub use convert::{Conversion, ConvertError, convert};
pub use known::{Names, Unresolved, sids_in};
pub use map::{Map, MapError, read_map, write_map};
pub use names::{
    Breadth, Standing, WellKnown, breadth, display_name, is_broad, lasting, never_a_member, resolve, shown,
    standing, well_known,
};
pub use reader::SidReader;
pub use sid::{MAX_SUBAUTHORITIES, Sid, SidError};
pub use vm::{vm_account, vm_guid, vm_sid};
pub use whoami::{Pasted, read_pasted};
