//! The whole command line as clap sees it: `--help`, completions and the manual page come from here.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::access::guard;

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
    /// The account: a SID, or a name that is the same on every host
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
}

/// Print the matrix member × operation × scope, of everybody or of one account
#[derive(Debug, Args)]
#[command(after_help = STORES)]
pub struct AccessArgs {
    /// The store to ask
    pub store: OsString,
    /// The account: a SID, or a name that is the same on every host; without it every member by itself
    pub who: Option<String>,
    #[command(flatten)]
    pub token: TokenArgs,
    /// What to print
    #[arg(long, value_enum, default_value_t = AccessFormat::Text)]
    pub format: AccessFormat,
    /// The application to ask about, where the store has several
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
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
}

/// Where events come from.
const EXPLAIN: &str = "Turn on auditing of object access (application generated, failure), try again what is denied, and \
                       export event 4666: wevtutil qe Security /f:xml \"/q:*[System[EventID=4666]]\", or save as XML in \
                       Event Viewer. Files in UTF-8 and UTF-16, with a root element and without, are read.";

/// Change a store by one change, or by a script of changes: all of them or none
#[derive(Debug, Args)]
#[command(after_help = CHANGES)]
pub struct EditArgs {
    /// The store to change
    pub store: OsString,
    /// The change, such as: create scope "Johns VM Scope"
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required_unless_present = "script",
        conflicts_with = "script"
    )]
    pub change: Vec<String>,
    /// Take the changes from a file, one a line (- is standard input)
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Print what would change, and save nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The application to change, where the store has several
    #[arg(long, value_name = "NAME")]
    pub app: Option<String>,
    /// Save even where the guard objects: lockout, application-gone, own-access, broad or machines (repeatable)
    #[arg(long, value_name = "CODE", value_parser = EDIT_CODES)]
    pub allow: Vec<String>,
    /// The virtual machines of the host (what `vm list` or its script printed): then renaming or deleting a scope that
    /// one of them is in is asked about too
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// Your own account or a group that you are in (repeatable): then losing your own last way in is asked about too.
    /// On Windows it is found out
    #[arg(long, value_name = "SID")]
    pub me: Vec<String>,
}

/// The codes that `edit` may be allowed: those of the guard, and that of [`stranded`](super::stranded).
const EDIT_CODES: [&str; 5] = {
    let [lockout, application_gone, own_access, broad] = guard::CODES;
    [lockout, application_gone, own_access, broad, super::stranded::MACHINES]
};

impl EditArgs {
    /// Takes `edit`'s own options out of the words of the change: people add them at the end. A word that is the value
    /// of an option of the change stays, and so does everything behind `--`.
    ///
    /// # Errors
    /// An option lacks its value, has one that it does not take, or does not go with a change.
    pub fn sort(&mut self) -> Result<(), String> {
        let mut words = std::mem::take(&mut self.change).into_iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            match name {
                "--" => {
                    self.change.push(word);
                    self.change.extend(words.by_ref());
                }
                "--dry-run" if value.is_none() => self.dry_run = true,
                "--dry-run" => return Err("--dry-run takes no value".to_owned()),
                "--script" => return Err("--script and a change exclude each other".to_owned()),
                "--allow" => {
                    let code = value.or_else(|| words.next()).unwrap_or_default();
                    if !EDIT_CODES.contains(&code.as_str()) {
                        return Err(format!("--allow takes one of {}", EDIT_CODES.join(", ")));
                    }
                    self.allow.push(code);
                }
                "--me" => match value.or_else(|| words.next()) {
                    Some(sid) => self.me.push(sid),
                    None => return Err("--me takes a SID".to_owned()),
                },
                "--inventory" => match value.or_else(|| words.next()) {
                    Some(file) => self.inventory = Some(file.into()),
                    None => return Err("--inventory takes a file".to_owned()),
                },
                // Any other option is the change's, and so is its value. `--app` means the same to both.
                _ if name.starts_with("--") && value.is_none() => {
                    let takes_none = ["--global", "--to-application"].contains(&name);
                    self.change.push(word);
                    if !takes_none {
                        self.change.extend(words.next());
                    }
                }
                _ => self.change.push(word),
            }
        }
        Ok(())
    }
}

/// The change language, in the words of its grammar; no line is wider than a terminal.
pub const CHANGES: &str = r#"The changes:

  create application NAME [--description D] [--version V]
  create scope NAME [--description D]
  create operation NAME --id N [--description D]
  create task NAME [--in SCOPE] [--operation O]… [--task T]…
         [--description D]
  create role NAME [--in SCOPE] [--operation O]… [--task T]… [--role R]…
         [--description D]
  create assignment NAME [--in SCOPE] [--role R]… [--member SID]…
         [--group G]… [--description D]
  create group NAME [--in SCOPE | --global] [--type basic|ldap|rule]
         [--query Q] [--member SID]… [--non-member SID]… [--group G]…
         [--description D]
  delete KIND NAME [--in SCOPE | --global]
  rename KIND NAME NEW [--in SCOPE | --global]
  set KIND NAME PROPERTY VALUE [--in SCOPE | --global]
  set KIND NAME attribute:ATTRIBUTE (VALUE | --none) [--in SCOPE | --global]
  add KIND NAME [--in SCOPE | --global] (--operation O | --task T |
         --role R | --member SID | --non-member SID | --group G)…
  remove KIND NAME [--in SCOPE | --global] (the same)
  copy KIND NAME [--in SCOPE] [--to SCOPE | --to-application] [--as NEW]
  move KIND NAME [--in SCOPE] (--to SCOPE | --to-application)
  recipe NAME [--QUESTION ANSWER]…

KIND is application, scope, operation, task, role (a role definition),
assignment or group. PROPERTY is description, version, id, type, query, rule,
rule-language or rule-path; `set store description D` works too. Without --in
the application's own level is meant; --global is the store's level.
`set store schema 2.0` raises the schema version: groups by rule become
possible, Windows Server 2003, XP and Vista can no longer read the store, and
there is no way back.

attribute:ATTRIBUTE is one that AzMan's format does not name, as it stands in
the file: limits, auditing and application data have no documented spelling.
--none takes it away.

An object may be named guid:0360a25d-86f3-47d6-805e-47143feea2a9 too: that is
exactly one, even where several share a name. A new object gets a new GUID;
--guid G gives it a certain one.

A recipe makes the changes that something takes in Hyper-V's application; what
is there already is not made again. There are own-scope, no-snapshots,
console-user, network-admin, observer, full-admin and undo-hvremote;
`azedit edit STORE recipe list` tells what they do and ask. A recipe is no line
of a script.

In a script each line is a change, # begins a comment, and a name with blanks
is quoted, 'a b' or "a b". $'a\nb' is for what does not fit on a line or cannot
be seen: it knows \n, \r, \t, \\, \' and \u{202E}. Outside quotes a backslash
is a backslash: CONTOSO\joe.

A save that would leave nobody who may do everything (lockout), take away an
application that is in use (application-gone), take your own last way in
(own-access) or give something to Everyone, Users or their like (broad) is
refused until --allow names it; so is, with --inventory, one that renames or
deletes a scope that a virtual machine is in (machines)."#;

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
    /// Restore even where the guard objects: lockout, application-gone or broad (repeatable)
    #[arg(long, value_name = "CODE", value_parser = guard::CODES)]
    pub allow: Vec<String>,
}

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
    /// The store that the host uses: the scope must be in it
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TemplateKind {
    Policy,
    Export,
}

/// Convert between SIDs, well-known names and the GUIDs of virtual machines
#[derive(Debug, Args)]
#[command(after_help = "Exits with 1 when a value stands for no SID.")]
pub struct SidArgs {
    /// A SID, a name such as BUILTIN\Administrators, or the GUID of a virtual machine
    #[arg(required = true, value_name = "VALUE")]
    pub values: Vec<String>,
    /// What to print
    #[arg(long, value_enum, default_value_t = TextOrJson::Text)]
    pub format: TextOrJson,
}

/// Print completions for a shell
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["azedit"], words].concat())
    }

    #[test]
    fn definitions_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_words_of_a_change_reach_it_unsplit_and_uninterpreted() {
        let words = [
            "edit",
            "--dry-run",
            "a.xml",
            "--app",
            "Hyper-V services",
            "create",
            "scope",
            "My VM scope",
            "--help",
        ];
        let Some(Command::Edit(edit)) = parse(&words).unwrap().command else { panic!("not edit") };
        assert!(edit.dry_run);
        assert_eq!(edit.app.as_deref(), Some("Hyper-V services"));
        assert_eq!(edit.change, ["create", "scope", "My VM scope", "--help"]);
    }

    #[test]
    fn own_options_are_found_behind_the_change_but_not_in_values() {
        let sort = |words: &[&str]| {
            let Some(Command::Edit(mut edit)) = parse(&[&["edit", "a.xml"], words].concat()).unwrap().command
            else {
                panic!("not edit")
            };
            edit.sort().map(|()| (edit.change.join("|"), edit.dry_run, edit.allow.join("|")))
        };
        let is = |change: &str, dry_run, allow: &str| Ok((change.to_owned(), dry_run, allow.to_owned()));
        assert_eq!(sort(&["delete", "scope", "S", "--dry-run"]), is("delete|scope|S", true, ""));
        assert_eq!(
            sort(&["delete", "scope", "--allow", "broad", "S", "--allow=lockout"]),
            is("delete|scope|S", false, "broad|lockout")
        );
        assert_eq!(
            sort(&["create", "scope", "S", "--description", "--dry-run"]),
            is("create|scope|S|--description|--dry-run", false, "")
        );
        assert_eq!(
            sort(&["delete", "group", "--global", "--dry-run", "G"]),
            is("delete|group|--global|G", true, "")
        );
        assert_eq!(
            sort(&["copy", "role", "R", "--to-application", "--dry-run"]),
            is("copy|role|R|--to-application", true, "")
        );
        assert_eq!(
            sort(&["create", "scope", "--description=--allow", "--", "--dry-run"]),
            is("create|scope|--description=--allow|--|--dry-run", false, "")
        );
        assert_eq!(
            sort(&["create", "scope", "S", "--app", "Stock"]),
            is("create|scope|S|--app|Stock", false, "")
        );
        for wrong in [
            ["delete", "scope", "S", "--allow"].as_slice(),
            &["delete", "scope", "S", "--allow", "everything"],
            &["delete", "scope", "S", "--dry-run=no"],
            &["delete", "scope", "S", "--script", "f"],
        ] {
            assert!(sort(wrong).is_err(), "{wrong:?}");
        }
        assert!(parse(&["edit", "a.xml", "--allow", "everything", "delete", "scope", "S"]).is_err());
    }

    #[test]
    fn the_help_tells_all_of_the_change_language() {
        let said = ["guid:", "--guid", "--to-application", "--in", "--global", "--non-member", "--as", "$'"];
        for word in said {
            assert!(CHANGES.contains(word), "{word}");
        }
        assert_eq!(
            crate::store::split(r"$'a\nb' $'\u{202E}' CONTOSO\joe").unwrap(),
            ["a\nb", "\u{202E}", "CONTOSO\\joe"]
        );
    }

    #[test]
    fn the_help_fits_a_terminal() {
        assert!(CHANGES.lines().all(|line| line.chars().count() < 80));
    }

    #[test]
    fn a_change_or_a_script_but_not_both_and_not_neither() {
        assert!(parse(&["edit", "a.xml"]).is_err());
        assert!(parse(&["edit", "a.xml", "--script", "-"]).is_ok());
        assert!(parse(&["edit", "a.xml", "--script", "-", "delete", "scope", "x"]).is_err());
    }

    #[test]
    fn a_store_alone_opens_the_editor() {
        let cli = parse(&["a.xml", "--read-only", "--glyphs", "cp437"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.editor.stores, ["a.xml"]);
        assert_eq!(cli.editor.glyphs, Some(Glyphs::Cp437));
        assert!(parse(&["a.xml", "--sample"]).is_err());
    }

    #[test]
    fn explaining_needs_no_store() {
        assert!(parse(&["check"]).is_err());
        assert!(parse(&["check", "--explain", "AZ-101"]).is_ok());
        assert!(parse(&["check", "--explain", "AZ-101", "a.xml"]).is_err());
    }
}
