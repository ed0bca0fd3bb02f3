//! The configuration file: its options and the key map.
//!
//! One table of options makes the reader, the list of faults and the annotated default that `--print-config` writes.
//! Nothing in a configuration keeps the program from starting: what is wrong is listed and left out.

use std::collections::BTreeMap;

use super::session::Mouse;
use crate::app::keymap;
use crate::ui::colour::Depth;
use crate::ui::glyphs::Tier;
use crate::ui::theme::toml_fault;

/// What the configuration says; `None` where it leaves the choice to the program.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Name or file of a theme.
    pub theme: Option<String>,
    /// How many colours the terminal has.
    pub colours: Option<Depth>,
    /// The signs to draw with.
    pub glyphs: Option<Tier>,
    /// Whose the mouse is.
    pub mouse: Option<Mouse>,
    /// No borders, cursor on the selection.
    pub plain: bool,
    /// Maps of names, relative to the configuration's folder.
    pub names: Vec<String>,
    /// Actions by name, with their keys.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// An option of the file.
struct Setting {
    name: &'static str,
    /// A value as TOML: the default, or an example where the program chooses.
    example: &'static str,
    /// What it is for and what it takes, in lines.
    help: &'static [&'static str],
    /// Takes a value in, or says what would be right.
    read: fn(&mut Config, &toml::Value) -> Result<(), &'static str>,
}

/// Every option. There are to be ten at most.
const SETTINGS: [Setting; 6] = [
    Setting {
        name: "theme",
        example: "\"dark\"",
        help: &[
            "The theme: dark, light, mono, high-contrast, harbour, pinewood, ember, dusk, paper, glacier, one of your own",
            "(themes/NAME.toml beside this file), or the path of a file. T tries them on. Without this option the terminal",
            "decides: NO_COLOR means mono, a light background light, everything else dark.",
        ],
        read: |config, value| {
            config.theme = Some(value.as_str().ok_or("a name or a file, in quotes")?.to_owned());
            Ok(())
        },
    },
    Setting {
        name: "colours",
        example: "\"auto\"",
        help: &[
            "How many colours the terminal has: \"16\", \"256\", \"full\", or \"auto\" to go by COLORTERM and TERM.",
        ],
        read: |config, value| {
            config.colours = match value.as_str() {
                Some("auto") => None,
                Some("16") => Some(Depth::Sixteen),
                Some("256") => Some(Depth::Indexed),
                Some("full") => Some(Depth::Full),
                _ => return Err("\"auto\", \"16\", \"256\" or \"full\""),
            };
            Ok(())
        },
    },
    Setting {
        name: "glyphs",
        example: "\"auto\"",
        help: &[
            "The signs to draw with: \"ascii\", \"cp437\", \"unicode\", or \"auto\" for what the terminal is sure to have.",
        ],
        read: |config, value| {
            let name = value.as_str().unwrap_or_default();
            config.glyphs = Tier::named(name);
            if config.glyphs.is_some() || name == "auto" {
                Ok(())
            } else {
                Err("\"auto\", \"ascii\", \"cp437\" or \"unicode\"")
            }
        },
    },
    Setting {
        name: "mouse",
        example: "\"auto\"",
        help: &[
            "Whether the program takes the mouse: true, false, or \"auto\" for yes here and no over SSH. While it does, the",
            "terminal selects text with Shift held down.",
        ],
        read: |config, value| {
            config.mouse = match (value.as_bool(), value.as_str()) {
                (Some(true), _) => Some(Mouse::Captured),
                (Some(false), _) => Some(Mouse::Free),
                (_, Some("auto")) => None,
                _ => return Err("true, false or \"auto\""),
            };
            Ok(())
        },
    },
    Setting {
        name: "plain",
        example: "false",
        help: &["true draws no borders and puts the terminal's cursor on the selection: for screen readers."],
        read: |config, value| {
            config.plain = value.as_bool().ok_or("true or false")?;
            Ok(())
        },
    },
    Setting {
        name: "names",
        example: "[]",
        help: &[
            "Maps of names of accounts, as `azedit sid --map` writes them: files, relative to the folder of this one. A map",
            "STORE.names.tsv beside STORE.xml is read anyway.",
        ],
        read: |config, value| {
            let one = value.as_str().map(|file| vec![file.to_owned()]);
            let many = || value.as_array()?.iter().map(|file| file.as_str().map(str::to_owned)).collect();
            config.names = one.or_else(many).ok_or("a file in quotes, or a list of them")?;
            Ok(())
        },
    },
];

/// Reads a configuration, and lists what is wrong in it.
pub fn parse(text: &str) -> (Config, Vec<String>) {
    let mut config = Config::default();
    let mut faults = Vec::new();
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return (config, vec![toml_fault(text, &error)]),
    };
    for (key, value) in &table {
        if key == "keys" {
            keys(value, &mut config, &mut faults);
        } else if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == key) {
            if let Err(right) = (setting.read)(&mut config, value) {
                faults.push(format!("`{key}` is {right}"));
            }
        } else {
            let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
            faults.push(format!("`{key}` is unknown; there are {} and [keys]", known.join(", ")));
        }
    }
    (config, faults)
}

fn keys(value: &toml::Value, config: &mut Config, faults: &mut Vec<String>) {
    let Some(table) = value.as_table() else {
        return faults.push("`keys` is a table: [keys], then ACTION = [\"KEY\", …]".to_owned());
    };
    for (action, keys) in table {
        let listed: Option<Vec<String>> = match keys {
            toml::Value::String(one) => Some(vec![one.clone()]),
            toml::Value::Array(many) => many.iter().map(|key| key.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        match listed {
            Some(listed) => _ = config.keys.insert(action.clone(), listed),
            None => faults.push(format!("the keys of `{action}` are a list of keys in quotes")),
        }
    }
}

/// The configuration that changes nothing, with every option and every action explained.
pub fn annotated() -> String {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let mut text = String::from(
        "# The configuration of azedit. Each line that begins with one # and a name is a default: take the # away to\n\
         # change it. What is wrong here is listed when the program starts; it starts all the same.\n",
    );
    for setting in &SETTINGS {
        text.push('\n');
        for line in setting.help {
            let _ = writeln!(text, "#   {line}");
        }
        let _ = writeln!(text, "# {} = {}", setting.name, setting.example);
    }
    text.push_str(
        "\n# The keys: a list for each action, the first is the one that is shown. Keys are written Ctrl+S, Shift+F10, Del,\n\
         # PgUp, Space, a. An empty list takes an action's keys away; it is still found in help.\n[keys]\n",
    );
    text + &keymap::annotated()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Keymap;

    #[test]
    fn a_configuration_is_read() {
        let (config, faults) = parse(
            "theme = \"light\"\ncolours = \"256\"\nglyphs = \"ascii\"\nmouse = false\nplain = true\nnames = \"n.tsv\"\n\
             [keys]\nrename = [\"F4\", \"E\"]\nundo = \"z\"\nquit = []\n",
        );
        let keys = [("rename", &["F4", "E"][..]), ("undo", &["z"]), ("quit", &[])];
        let expected = Config {
            theme: Some("light".to_owned()),
            colours: Some(Depth::Indexed),
            glyphs: Some(Tier::Ascii),
            mouse: Some(Mouse::Free),
            plain: true,
            names: vec!["n.tsv".to_owned()],
            keys: keys
                .into_iter()
                .map(|(name, keys)| (name.to_owned(), keys.iter().map(|&key| key.to_owned()).collect()))
                .collect(),
        };
        assert_eq!((config, faults), (expected, vec![]));
    }

    #[test]
    fn what_is_no_toml_is_said_in_one_line_with_its_place() {
        let (config, faults) = parse("theme = \"light\"\nplain = [\n");
        assert_eq!(config, Config::default());
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert!(
            fault.starts_with("line 2, column ") && fault.contains("array") && !fault.contains('\n'),
            "{fault}"
        );
    }

    #[test]
    fn faults_are_listed_and_the_rest_is_used() {
        let (config, faults) = parse(
            "theme = 1\ncolours = 16\nglyphs = \"emoji\"\nmouse = \"no\"\nfont = 3\nplain = true\nnames = [1]\n\
             [keys]\nrename = 4\nundo = [1]\nredo = \"Y\"\n",
        );
        assert_eq!(faults.len(), 8, "{faults:?}");
        assert!(config.plain && config.keys.len() == 1);
        assert_eq!(parse("keys = 1").1.len(), 1);
        let (config, faults) = parse("theme = [");
        assert_eq!((config, faults.len()), (Config::default(), 1));
    }

    #[test]
    fn the_annotated_configuration_reads_back_as_the_default() {
        let text = annotated();
        assert_eq!(parse(&text), (Config::default(), vec![]), "as it is written it changes nothing");
        let is_default = |line: &str| {
            let name = line.strip_prefix("# ").and_then(|line| line.split_once(" = ")).map(|(name, _)| name);
            name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        };
        let taken: Vec<&str> = text
            .lines()
            .map(|line| if is_default(line) { line.trim_start_matches("# ") } else { line })
            .collect();
        let (config, faults) = parse(&taken.join("\n"));
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(config.theme.as_deref(), Some("dark"));
        assert_eq!(config.keys.len(), crate::app::actions::ACTIONS.len(), "every action is listed");
        assert_eq!(Keymap::with(&config.keys), (Keymap::default(), vec![]));
        assert!(SETTINGS.len() <= 10);
        assert!(SETTINGS.iter().all(|setting| text.contains(&format!("\n# {} = ", setting.name))));
    }
}
