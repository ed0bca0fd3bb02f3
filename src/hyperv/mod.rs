//! What Hyper-V adds to a policy store: virtual machines and their scopes, the live store, logon rights.
//!
//! - [`cluster`]: the stores of a cluster's nodes side by side;
//! - [`encoding`]: text files as Windows programs leave them;
//! - [`rights`]: does a security template let virtual machines log on as a service;
//! - [`inventory`]: a host's virtual machines, read from the lines of a script or from JSON;
//! - [`moves`]: which virtual machine goes to which scope, in what order, and what came of it;
//! - [`script`]: the script that lists and moves them on a host;
//! - [`live`]: which store a host uses, and what stands in the way of changing it.
//!
//! Nothing here opens a file, starts a process, or looks at a clock.

pub mod cluster;
pub mod encoding;
pub mod inventory;
pub mod live;
pub mod moves;
pub mod rights;
pub mod script;
