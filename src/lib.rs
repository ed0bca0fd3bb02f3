//! azedit: an editor for Authorization Manager (`AzMan`) XML policy stores.
//!
//! The modules, in reading order. Each may use those above it, never those below:
//!
//! - [`xml`]: a lossless XML document: bytes in, the same bytes out. Knows nothing of `AzMan`.
//! - [`accounts`]: SIDs: parse, print, well-known names.
//! - [`store`]: the policy store: typed objects over the document, invertible changes, history.
//! - [`access`]: who may do what, and why; the guard over saves.
//! - [`check`]: the rules a store should keep, as a table.
//! - [`hyperv`]: what Hyper-V adds: its operations, findings, recipes, denied events; virtual machines and their
//!   scopes, the live store, logon rights. Nothing above knows of it.
//! - [`report`]: stores, findings and differences as text, JSON, Markdown, HTML, SARIF.
//! - [`files`]: reading and replacing files: atomic save, backup, recovery journal. Knows no store.
//! - [`app`]: the interactive program as a state machine; opens no file and knows no terminal.
//! - [`ui`]: draws [`app`]. The only importer of `ratatui`.
//! - [`term`]: the terminal's edge: input, session, event loop. The only importer of `crossterm`.
//! - [`cli`]: one file per subcommand.

pub mod access;
pub mod accounts;
pub mod app;
pub mod check;
pub mod cli;
pub mod files;
pub mod hyperv;
pub mod report;
pub mod store;
pub mod term;
pub mod ui;
pub mod xml;
