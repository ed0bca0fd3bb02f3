//! Other parsers, asked for their verdict.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether xml-rs accepts a file, and if not, why.
pub fn xml_rs(bytes: &[u8]) -> Result<(), String> {
    let config = ::xml::ParserConfig::new().allow_multiple_root_elements(false);
    for event in ::xml::EventReader::new_with_config(bytes, config) {
        event.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// A parser that is a program of its own, and is asked about a folder of files at once.
#[derive(Debug, Clone, Copy)]
pub enum Tool {
    /// expat, through Python's binding: once with and once without namespaces.
    Expat,
    /// libxml2.
    Xmllint,
}

impl Tool {
    /// All of them that are installed. Says which are not; panics about it when `AZEDIT_REQUIRE_TOOLS` is 1.
    pub fn installed() -> Vec<Tool> {
        let required = std::env::var("AZEDIT_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
        let mut found = Vec::new();
        for (tool, program, probe) in [
            (Tool::Expat, "python3", ["-c", "import pyexpat"]),
            (Tool::Xmllint, "xmllint", ["--nonet", "--version"]),
        ] {
            if Command::new(program).args(probe).output().is_ok_and(|output| output.status.success()) {
                found.push(tool);
            } else {
                assert!(!required, "{tool:?} is required, but `{program}` is not there");
                eprintln!("NOT COMPARED with {tool:?}: `{program}` is not there");
            }
        }
        found
    }

    /// The files that it refuses, each with its reason. The names are those of files in `folder`.
    pub fn refused(self, folder: &Path, names: &[String]) -> Vec<(String, String)> {
        let mut refused = Vec::new();
        // So many names fit on a command line.
        for names in names.chunks(500) {
            let mut command = match self {
                Tool::Expat => {
                    let mut command = Command::new("python3");
                    command.args(["-c", EXPAT]);
                    command
                }
                Tool::Xmllint => {
                    let mut command = Command::new("xmllint");
                    command.args(["--noout", "--nonet"]);
                    command
                }
            };
            let output = command.args(names).current_dir(folder).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            refused.extend(said.lines().filter_map(|line| {
                // `name:line: parser error : reason`, or namespace error, or encoding error. xmllint calls a namespace that is
                // no URI an error too, but goes on and succeeds.
                let (name, reason) = line.split_once(':')?;
                let error = reason.contains(" error :") && !reason.ends_with("is not a valid URI");
                (error && names.iter().any(|known| known == name))
                    .then(|| (name.to_owned(), reason.to_owned()))
            }));
            if !output.status.success() && refused.is_empty() {
                refused.push(("?".to_owned(), said));
            }
        }
        refused
    }
}

/// Prints what xmllint would.
const EXPAT: &str = "
import pyexpat, sys
for name in sys.argv[1:]:
    data = open(name, 'rb').read()
    for separator in (None, chr(1)):
        try:
            pyexpat.ParserCreate(namespace_separator=separator).Parse(data, True)
        except (pyexpat.ExpatError, ValueError, LookupError) as error:
            print('%s:0: expat error : %s' % (name, error), file=sys.stderr)
            break
";

/// The characters beyond ASCII that expat takes at the front, and inside, of a name.
pub fn expat_name_characters() -> (Vec<char>, Vec<char>) {
    let script = "
import pyexpat, sys
def accepts(name):
    try:
        pyexpat.ParserCreate().Parse(('<%s/>' % name).encode('utf-8'), True)
        return True
    except pyexpat.ExpatError:
        return False
chars = [c for c in map(chr, range(0x80, 0x10000)) if not 0xD800 <= ord(c) <= 0xDFFF]
for form in ('%s', 'a%s'):
    sys.stdout.buffer.write(''.join(c for c in chars if accepts(form % c)).encode('utf-8') + b'\\n')
";
    let output = Command::new("python3").args(["-c", script]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (first, inside) = text.split_once('\n').unwrap();
    (first.chars().collect(), inside.trim_end_matches('\n').chars().collect())
}

/// Writes files under numbers and gives their names.
pub fn write_numbered<'d>(folder: &Path, documents: impl Iterator<Item = &'d [u8]>) -> Vec<String> {
    documents
        .enumerate()
        .map(|(number, document)| {
            let name = format!("{number}.xml");
            fs::write(folder.join(&name), document).unwrap();
            name
        })
        .collect()
}
