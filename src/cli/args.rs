//! The whole command line as clap sees it: `--help`, completions and the manual page come from here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::access::guard;

mod edit;
mod host;
mod read;

pub use edit::{CHANGES, EditArgs};
pub use host::{
    HostArgs, MoveArgs, RightsArgs, ScriptLanguage, TemplateKind, VmArgs, VmCommand, VmConfigArgs,
    VmListArgs, VmMoveArgs, VmScriptArgs,
};

/// What the help of every command that takes a store ends with.
pub const STORES: &str = "STORE is a path, an AzMan URL (msxml://C:\\folder\\store.xml), - for standard input \
                      (commands that only read), or live, the store that this host's registry names (Windows).";

/// An editor and a command line for Authorization Manager (AzMan) XML policy stores.
#[derive(Debug, Parser)]
#[command(name = "azedit", version, args_conflicts_with_subcommands = true, after_help = STORES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub editor: EditorArgs,
}

/// `azedit [STORE]…`: the full-screen editor.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own.
pub struct EditorArgs {
    /// The stores to edit, the first one shown; without any the live store on a Hyper-V host, elsewhere a start screen
    #[arg(value_name = "STORE")]
    pub stores: Vec<OsString>,
    /// Open a built-in sample store, unsaved
    #[arg(long, conflicts_with = "stores")]
    pub sample: bool,
    /// Look, but change nothing
    #[arg(long)]
    pub read_only: bool,
    /// Change Virtual Machine Manager's store too, although it is written anew every 30 minutes
    #[arg(long)]
    pub edit_vmm: bool,
    /// The virtual machines of the host, to be shown under their scopes: what `vm list` or its script printed
    #[arg(long, value_name = "FILE", conflicts_with = "host")]
    pub inventory: Option<PathBuf>,
    /// Ask this Hyper-V host for its virtual machines; `.` is this machine (Windows)
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Theme: a name (dark, light, mono, high-contrast, harbour, pinewood, ember, dusk, paper, glacier) or a file
    #[arg(long, value_name = "THEME")]
    pub theme: Option<String>,
    /// The characters to draw with
    #[arg(long, value_name = "SET")]
    pub glyphs: Option<Glyphs>,
    /// No borders, and the terminal's cursor on the selection: for screen readers
    #[arg(long)]
    pub plain: bool,
    /// Configuration file to read instead of the usual one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the configuration file with its defaults and every key explained, and leave
    #[arg(long)]
    pub print_config: bool,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// Where names of accounts come from.
#[derive(Debug, Clone, Default, Args)]
pub struct NamesArgs {
    /// Read names of accounts from a map, as `sid --map` writes it (repeatable); a map STORE.names.tsv beside STORE.xml
    /// is read anyway
    #[arg(long, value_name = "FILE")]
    pub names: Vec<PathBuf>,
    /// Ask nobody who an account is (on Windows the machine and its domains are asked)
    #[arg(long)]
    pub no_lookup: bool,
}

/// The sets of characters that a terminal may be able to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Glyphs {
    Ascii,
    Cp437,
    Unicode,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Show(ShowArgs),
    Check(CheckArgs),
    Can(CanArgs),
    WhoCan(WhoCanArgs),
    Access(AccessArgs),
    Diff(DiffArgs),
    Edit(EditArgs),
    Explain(ExplainArgs),
    New(NewArgs),
    Log(LogArgs),
    Restore(RestoreArgs),
    Vm(VmArgs),
    Rights(RightsArgs),
    Sid(SidArgs),
    SelfTest(SelfTestArgs),
    Completions(CompletionsArgs),
    /// Print the manual page (roff)
    Man,
}

/// Print a store as a tree, or one object of it
#[derive(Debug, Args)]
#[command(after_help = STORES)]
pub struct ShowArgs {
    /// The store to print
    pub store: OsString,
    /// An object's path as `check` prints it, its GUID, or its name
    pub object: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
    /// The application to look for OBJECT in
    #[arg(long, value_name = "NAME", requires = "object")]
    pub app: Option<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Json,
    Markdown,
    Html,
}

/// Print what is wrong, or questionable, in stores
#[derive(Debug, Args)]
#[command(after_help = STORES)]
pub struct CheckArgs {
    /// The stores to check
    #[arg(value_name = "STORE", required_unless_present = "explain")]
    pub stores: Vec<OsString>,
    /// What to print
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Exit with 1 for findings of this severity and above
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Mend what can safely be mended, and save
    #[arg(long)]
    pub fix: bool,
    /// Mend even where the guard objects: lockout, application-gone, own-access or broad (repeatable)
    #[arg(long, value_name = "CODE", value_parser = guard::CODES, requires = "fix")]
    pub allow: Vec<String>,
    /// Print what a finding's code means and what to do about it
    #[arg(long, value_name = "CODE", conflicts_with_all = ["stores", "fix"])]
    pub explain: Option<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    Text,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Info,
}

/// May this account do that? Print yes, no or conditional, and why
#[derive(Debug, Args)]
#[command(
    after_help = "Exits with 0 for yes and with 1 for no and conditional. Without --scope the application's own \
                        level is meant, which Hyper-V calls the default scope."
)]
pub struct CanArgs {
    /// The store to ask
    pub store: OsString,
    /// The account: a SID or a name, such as CONTOSO\joe
    pub who: String,
    /// The operation: its name or its number
    pub operation: String,
    /// The scope to ask in; what holds everywhere counts too
    #[arg(long, value_name = "NAME")]
    pub scope: Option<String>,
    #[command(flatten)]
    pub token: TokenArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// The application to ask about, where the store has several
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// What an account is besides itself.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// A group that the account is in (repeatable)
    #[arg(long, value_name = "SID")]
    pub group: Vec<String>,
    /// Do not count Everyone and Authenticated Users among the account's groups
    #[arg(long)]
    pub exact: bool,
}

/// Print every member that may do this, and why
#[derive(Debug, Args)]
#[command(
    after_help = "Members are what role assignments and groups list. Without --scope the application's own level \
                        is meant, which Hyper-V calls the default scope."
)]
pub struct WhoCanArgs {
    /// The store to ask
    pub store: OsString,
    /// The operation: its name or its number
    pub operation: String,
    /// The scope to ask in; what holds everywhere counts too
    #[arg(long, value_name = "NAME")]
    pub scope: Option<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// The application to ask about, where the store has several
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// Print the matrix member × operation × scope, of everybody or of one account
#[derive(Debug, Args)]
#[command(after_help = STORES)]
pub struct AccessArgs {
    /// The store to ask
    pub store: OsString,
    /// The account: a SID or a name; without it every member by itself
    pub who: Option<String>,
    #[command(flatten)]
    pub token: TokenArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t = AccessFormat::Text)]
    pub format: AccessFormat,
    /// The application to ask about, where the store has several
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AccessFormat {
    Text,
    Json,
    Csv,
    Markdown,
    Html,
}

/// Print the objects that differ between two stores, matched by GUID, or between several, matched by name
#[derive(Debug, Args)]
#[command(after_help = STORES)]
pub struct DiffArgs {
    /// The store as it was
    pub old: OsString,
    /// The store as it is
    pub new: OsString,
    /// More stores to put beside them, such as those of a cluster's other nodes
    #[arg(value_name = "MORE", conflicts_with = "access")]
    pub more: Vec<OsString>,
    /// Objects are the same by kind and path, whatever their GUIDs: for stores made apart; always so for more than two
    #[arg(long, conflicts_with = "access")]
    pub by_name: bool,
    /// Print what anyone gains or loses instead
    #[arg(long)]
    pub access: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    #[command(flatten)]
    pub names: NamesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    Text,
    Json,
    /// A script for `edit --script` that turns OLD into NEW
    Changes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextOrJson {
    Text,
    Json,
}

/// Explain denied access checks: what was asked, why it was denied, the smallest change that would allow it
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN)]
pub struct ExplainArgs {
    /// The store to ask
    pub store: OsString,
    /// Exported events, as XML (- is standard input)
    #[arg(value_name = "EVENTS", required = true)]
    pub events: Vec<OsString>,
    /// Which SID an account of the events is (repeatable): 'CONTOSO\joe=S-1-5-21-…'
    #[arg(long, value_name = "NAME=SID")]
    pub sid: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// Where events come from.
const EXPLAIN: &str = "Turn on auditing of object access (application generated, failure), try again what is denied, and \
                       export event 4666: wevtutil qe Security /f:xml \"/q:*[System[EventID=4666]]\", or save as XML in \
                       Event Viewer. Files in UTF-8 and UTF-16, with a root element and without, are read.";

/// Write a new, empty store; an existing file is left alone
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The file to write
    pub file: OsString,
    // 1 is the default of AzMan's own interface too. It can be raised later; there is no way back from 2.
    /// Schema version: 1 is read by every version of AzMan, 2 (Server 2008 and later) adds groups by rule
    #[arg(long, value_name = "VERSION", value_enum, default_value_t = SchemaVersion::One)]
    pub schema: SchemaVersion,
    /// Begin with an application: hyper-v is "Hyper-V services" with its operations
    #[arg(long, value_name = "TEMPLATE", value_enum)]
    pub from: Option<Template>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaVersion {
    #[value(name = "1", alias = "1.0")]
    One,
    #[value(name = "2", alias = "2.0")]
    Two,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Template {
    HyperV,
}

/// List the earlier versions of a store that azedit has kept
#[derive(Debug, Args)]
pub struct LogArgs {
    /// The store whose versions to list
    pub store: OsString,
}

/// Bring back an earlier version of a store; the present one is kept as a version too
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The store to bring back
    pub store: OsString,
    /// A version as `log` lists it; without it the latest that differs from the store
    pub id: Option<String>,
    /// Restore even where the guard objects: lockout, application-gone, own-access or broad
    /// (repeatable)
    #[arg(long, value_name = "CODE", value_parser = guard::CODES)]
    pub allow: Vec<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// Convert between SIDs, names of accounts and the GUIDs of virtual machines, or write a map of names
#[derive(Debug, Args)]
#[command(
    after_help = "Exits with 1 when a value stands for no SID. A map is a text file with a SID, a tab and a name in each \
                        line. Written where the accounts are known, it is read elsewhere with --names, from the \
                        configuration (names = \"FILE\"), or when it lies beside a store: InitialStore.names.tsv beside \
                        InitialStore.xml."
)]
pub struct SidArgs {
    /// A SID, a name (DOMAIN\user, user@domain, .\user, BUILTIN\Administrators), or the GUID of a virtual machine
    #[arg(required_unless_present = "map", value_name = "VALUE")]
    pub values: Vec<String>,
    /// Write a map of the names of all members of these stores
    #[arg(long, value_name = "STORE", num_args = 1.., conflicts_with = "values")]
    pub map: Vec<OsString>,
    /// Write the map to this file, which must not exist yet, and not to standard output
    #[arg(short, long, value_name = "FILE", requires = "map")]
    pub output: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// Try on this machine what azedit relies on, and print a report to attach to an issue
#[derive(Debug, Args)]
#[command(
    after_help = "Saving is tried in a temporary folder; the live store is read and not written. The report names no \
                        account, folder or machine unless --with-names says so. Exits with 1 when a check fails."
)]
pub struct SelfTestArgs {
    /// Try the clipboard too: a word is put on it for a moment
    #[arg(long)]
    pub clipboard: bool,
    /// Name your own account in the report
    #[arg(long)]
    pub with_names: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// Write the report to this file, which must not exist yet, and not to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}
