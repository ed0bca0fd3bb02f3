//! What asks a Hyper-V host, or about one, as clap sees it: `vm` and `rights`.

use std::ffi::OsString;
use std::path::PathBuf;

use super::NamesArgs;
use clap::{Args, Subcommand, ValueEnum};

use super::{FailOn, TextOrJson};

/// List the virtual machines of a Hyper-V host with their scopes, move them, or write the script that does
#[derive(Debug, Args)]
#[command(
    after_help = "A host is asked by a script that runs under cscript: on Windows azedit runs it itself, elsewhere \
                        `vm script` writes it, and what it prints on the host is read back with --inventory. Only \
                        Server 2008, 2008 R2 and 2012 have authorization scopes."
)]
pub struct VmArgs {
    #[command(subcommand)]
    pub command: VmCommand,
}

#[derive(Debug, Subcommand)]
pub enum VmCommand {
    List(VmListArgs),
    Move(VmMoveArgs),
    Script(VmScriptArgs),
    Config(VmConfigArgs),
}

/// Which host is meant.
#[derive(Debug, Args)]
pub struct HostArgs {
    /// The Hyper-V host; without it this machine
    #[arg(long, value_name = "NAME")]
    pub host: Option<String>,
    /// Take the machines from a file (- is standard input): what the listing script printed, or JSON of `vm list`
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
}

/// List the virtual machines of a host, with their states and scopes
#[derive(Debug, Args)]
pub struct VmListArgs {
    #[command(flatten)]
    pub host: HostArgs,
    /// Tell which scopes this store lacks
    #[arg(long, value_name = "STORE")]
    pub store: Option<OsString>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Which machines go where.
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// The machines: GUIDs, or names that one machine alone has
    #[arg(value_name = "VM")]
    pub machines: Vec<String>,
    /// The scope they go to
    #[arg(long, value_name = "SCOPE", conflicts_with = "to_default")]
    pub to: Option<String>,
    /// They go to the default scope
    #[arg(long)]
    pub to_default: bool,
    /// The store that the host uses: the scope must be in it, and its log tells what came of the moves
    #[arg(long, value_name = "STORE")]
    pub store: Option<OsString>,
    /// The same store before it was changed: machines whose scopes were renamed or deleted move along
    #[arg(long, value_name = "STORE", requires = "store")]
    pub was: Option<OsString>,
    /// Move even where the guard objects: unknown-scope
    #[arg(long, value_name = "CODE", value_parser = ["unknown-scope"])]
    pub allow: Vec<String>,
}

/// Move virtual machines to a scope, and read back where they are
#[derive(Debug, Args)]
#[command(after_help = "Exits with 1 when a machine is not where it was to go.")]
pub struct VmMoveArgs {
    #[command(flatten)]
    pub moves: MoveArgs,
    #[command(flatten)]
    pub host: HostArgs,
    /// Print what would be moved, and move nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Write the script that moves machines on a host, or without machines the one that lists them
#[derive(Debug, Args)]
pub struct VmScriptArgs {
    #[command(flatten)]
    pub moves: MoveArgs,
    #[command(flatten)]
    pub host: HostArgs,
    /// What it is written in
    #[arg(long, value_enum, default_value_t = ScriptLanguage::Vbscript)]
    pub language: ScriptLanguage,
    /// Write it to this file, which must not exist yet, and not to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Tell what old configuration files of virtual machines say of scopes; nothing is ever written to them
#[derive(Debug, Args)]
#[command(
    after_help = "Hosts up to Server 2012 R2 keep XML files, mostly in %ProgramData%\\Microsoft\\Windows\\Hyper-V. Where a \
                        scope stands in them is not documented: whatever is called a scope is printed as evidence. Later \
                        hosts keep VMCX files, which say nothing of scopes."
)]
pub struct VmConfigArgs {
    /// The files, or folders with such files in them
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScriptLanguage {
    Vbscript,
    Powershell,
}

/// Tell whether security templates let virtual machines log on as a service
#[derive(Debug, Args)]
#[command(
    after_help = "FILE is a policy's GptTmpl.inf (<policy>\\Machine\\Microsoft\\Windows NT\\SecEdit) or what \
                        `secedit /export` writes. Of several policies that reach one host the last that defines a right \
                        wins: give them in the order they are applied."
)]
pub struct RightsArgs {
    /// The templates
    #[arg(value_name = "FILE", required_unless_present = "local")]
    pub files: Vec<OsString>,
    /// Ask this machine itself (Windows, as an administrator)
    #[arg(long, conflicts_with_all = ["files", "kind"])]
    pub local: bool,
    /// What the templates are, where they do not tell
    #[arg(long, value_enum)]
    pub kind: Option<TemplateKind>,
    /// The hosts are older than Server 2012: their virtual machines have no accounts
    #[arg(long = "before-2012")]
    pub before_2012: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
    /// Exit with 1 for findings of this severity and above
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    #[command(flatten)]
    pub names: NamesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateKind {
    Policy,
    Export,
}
