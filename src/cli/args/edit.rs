//! `azedit edit` as clap sees it, and the help of the change language.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::NamesArgs;
use crate::access::guard;
use crate::store::split;

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
    /// one of them is in is asked about too, and their accounts go by their names
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// Your own account or a group that you are in (repeatable): then losing your own last way in is asked about too.
    /// On Windows it is found out
    #[arg(long, value_name = "SID")]
    pub me: Vec<String>,
    #[command(flatten)]
    pub names: NamesArgs,
}

/// The codes that `edit` may be allowed: those of the guard, and that of [`stranded`](crate::cli::stranded).
const EDIT_CODES: [&str; 5] = {
    let [lockout, application_gone, own_access, broad] = guard::CODES;
    [lockout, application_gone, own_access, broad, crate::cli::stranded::MACHINES]
};

impl EditArgs {
    /// Takes `edit`'s own options out of the words of the change: people add them at the end. A word that is the value
    /// of an option of the change stays, and so does everything behind `--`. No change begins with a word that has
    /// blanks in it: such a word is a line, as a script has it, in quotes of the shell.
    ///
    /// # Errors
    /// An option lacks its value, has one that it does not take, or does not go with a change.
    pub fn sort(&mut self) -> Result<(), String> {
        let mut words = std::mem::take(&mut self.change);
        if let Some(line) = words.first().filter(|word| word.contains(char::is_whitespace)) {
            let line = split(line).map_err(|error| error.to_string())?;
            words.splice(..1, line);
        }
        let mut words = words.into_iter();
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
                "--names" => match value.or_else(|| words.next()) {
                    Some(file) => self.names.names.push(file.into()),
                    None => return Err("--names takes a file".to_owned()),
                },
                "--no-lookup" if value.is_none() => self.names.no_lookup = true,
                "--no-lookup" => return Err("--no-lookup takes no value".to_owned()),
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

A member is a SID or a name: BUILTIN\Administrators, or CONTOSO\joe where that
is known: on Windows, or from a map of names (--names).

A recipe makes the changes that something takes in Hyper-V's application; what
is there already is not made again. There are own-scope, no-snapshots,
console-user, network-admin, observer, full-admin, undo-hvremote and connect;
`azedit edit STORE recipe list` tells what they do and ask. A recipe is no line
of a script.

In a script each line is a change, # begins a comment, and a name with blanks
is quoted, 'a b' or "a b". $'a\nb' is for what does not fit on a line or cannot
be seen: it knows \n, \r, \t, \\, \' and \u{202E}. Outside quotes a backslash
is a backslash: CONTOSO\joe. Such a line may stand here too, as one word of the
shell: azedit edit STORE "create scope 'Johns VM Scope'".

A save that would leave nobody who may do everything (lockout), take away an
application that is in use (application-gone), take your own last way in
(own-access) or give something to Everyone, Users or their like (broad) is
refused until --allow names it; so is, with --inventory, one that renames or
deletes a scope that a virtual machine is in (machines)."#;

#[cfg(test)]
mod tests {
    use super::super::{Cli, Command};
    use super::*;
    use clap::Parser;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["azedit"], words].concat())
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
}
