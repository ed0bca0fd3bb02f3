//! How the editor looks, from the command line, the configuration file and the environment, in this order.
//!
//! The configuration is TOML with at most these keys; what is wrong in it is reported and left out:
//!
//! ```toml
//! theme = "light"     # dark, light, mono, high-contrast, a name in the folder themes/ beside this file, or a file
//! glyphs = "ascii"    # ascii, cp437, unicode
//! mouse = false
//! plain = true
//! ```

use std::path::{Path, PathBuf};

use super::session::Mouse;
use crate::files;
use crate::ui::glyphs::{Surroundings, Tier};
use crate::ui::theme::{BUILTIN, Theme};

/// What the command line said about the looks.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Name or file of a theme.
    pub theme: Option<String>,
    /// The signs to draw with.
    pub glyphs: Option<Tier>,
    /// No borders, cursor on the selection.
    pub plain: bool,
    /// A configuration file in place of the usual one.
    pub config: Option<PathBuf>,
}

/// What was settled.
#[derive(Debug)]
pub struct Settings {
    /// The theme, ready.
    pub theme: Theme,
    /// The signs to draw with.
    pub glyphs: Tier,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// No borders, cursor on the selection.
    pub plain: bool,
    /// What was wrong, as sentences.
    pub faults: Vec<String>,
}

/// What the environment tells of the terminal.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    term: Option<String>,
    locale: Option<String>,
    no_color: bool,
    colorfgbg: Option<String>,
    /// The session comes over SSH: desktop and mouse are on another machine.
    pub is_remote: bool,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            term: set("TERM"),
            locale: set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")),
            no_color: set("NO_COLOR").is_some(),
            colorfgbg: set("COLORFGBG"),
            is_remote: set("SSH_CONNECTION").or_else(|| set("SSH_TTY")).is_some(),
        }
    }

    /// The theme for a terminal that was not given one. Some terminals say in COLORFGBG which palette colour their
    /// background has; nothing is asked of the others.
    fn theme(&self) -> &'static str {
        let background = self.colorfgbg.as_deref().and_then(|value| value.rsplit(';').next());
        match background {
            _ if self.no_color => "mono",
            Some("7" | "15") => "light",
            _ => "dark",
        }
    }

    fn mouse(&self) -> Mouse {
        if self.is_remote { Mouse::Free } else { Mouse::Captured }
    }
}

/// Settles how the editor looks. Reads the configuration file and the theme's, if any.
pub fn settle(wishes: &Wishes, environment: &Environment) -> Settings {
    let folder = files::config_folder();
    let mut faults = Vec::new();
    let config = read_config(wishes.config.as_deref(), folder.as_deref(), &mut faults);
    let surroundings = Surroundings {
        term: environment.term.as_deref(),
        locale: environment.locale.as_deref(),
        windows: cfg!(windows),
    };
    let name = wishes.theme.as_deref().or(config.theme.as_deref()).unwrap_or(environment.theme());
    Settings {
        theme: load_theme(name, environment.theme(), folder.as_deref(), &mut faults),
        glyphs: wishes.glyphs.or(config.glyphs).unwrap_or(Tier::fitting(surroundings)),
        mouse: config.mouse.unwrap_or(environment.mouse()),
        plain: wishes.plain || config.plain,
        faults,
    }
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Config {
    theme: Option<String>,
    glyphs: Option<Tier>,
    mouse: Option<Mouse>,
    plain: bool,
}

/// The file that was asked for must be there; the usual one need not.
fn read_config(asked: Option<&Path>, folder: Option<&Path>, faults: &mut Vec<String>) -> Config {
    let usual = folder.map(|folder| folder.join("config.toml"));
    let Some(path) = asked.or(usual.as_deref()) else { return Config::default() };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let (config, wrong) = parse_config(&text);
            faults.extend(wrong.into_iter().map(|what| format!("{}: {what}", path.display())));
            config
        }
        Err(error) => {
            if asked.is_some() || error.kind() != std::io::ErrorKind::NotFound {
                faults.push(format!("{}: {error}", path.display()));
            }
            Config::default()
        }
    }
}

fn parse_config(text: &str) -> (Config, Vec<String>) {
    let mut config = Config::default();
    let mut faults = Vec::new();
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return (config, vec![error.to_string().trim_end().to_owned()]),
    };
    for (key, value) in table {
        match (key.as_str(), value) {
            ("theme", toml::Value::String(name)) => config.theme = Some(name),
            ("glyphs", toml::Value::String(name)) if Tier::named(&name).is_some() => {
                config.glyphs = Tier::named(&name);
            }
            ("mouse", toml::Value::Boolean(on)) => {
                config.mouse = Some(if on { Mouse::Captured } else { Mouse::Free });
            }
            ("plain", toml::Value::Boolean(on)) => config.plain = on,
            ("theme", _) => faults.push("`theme` is a name or a file, in quotes".to_owned()),
            ("glyphs", _) => faults.push("`glyphs` is \"ascii\", \"cp437\" or \"unicode\"".to_owned()),
            ("mouse" | "plain", _) => faults.push(format!("`{key}` is true or false")),
            _ => faults.push(format!("`{key}` is unknown; there are theme, glyphs, mouse and plain")),
        }
    }
    (config, faults)
}

/// A theme by name (the user's own before a built-in one) or by file; `otherwise` where there is none.
fn load_theme(name: &str, otherwise: &str, folder: Option<&Path>, faults: &mut Vec<String>) -> Theme {
    let own = |name: &str| {
        // A theme is named in files that may come from elsewhere; a name leads nowhere else.
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let folder = folder.filter(|_| plain)?;
        std::fs::read_to_string(folder.join("themes").join(format!("{name}.toml"))).ok()
    };
    let is_builtin = BUILTIN.iter().any(|(known, _)| *known == name);
    let text = own(name).or_else(|| if is_builtin { None } else { std::fs::read_to_string(name).ok() });
    if let Some(text) = text {
        let (theme, wrong) = Theme::parse(&text, &own);
        faults.extend(wrong.into_iter().map(|fault| format!("theme {name}: {fault}")));
        return theme;
    }
    Theme::builtin(name).unwrap_or_else(|| {
        faults.push(format!("there is no theme `{name}`; there are dark, light, mono and high-contrast"));
        Theme::builtin(otherwise).unwrap_or_else(|| Theme::parse("", &|_| None).0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_chooses_where_nobody_does() {
        let theme = |no_color, colorfgbg: Option<&str>| {
            Environment { no_color, colorfgbg: colorfgbg.map(str::to_owned), ..Environment::default() }
                .theme()
        };
        assert_eq!(theme(false, None), "dark");
        assert_eq!(theme(false, Some("15;0")), "dark");
        assert_eq!(theme(false, Some("0;default;15")), "light");
        assert_eq!(theme(true, Some("0;15")), "mono");
        let mouse = |is_remote| Environment { is_remote, ..Environment::default() }.mouse();
        assert_eq!((mouse(true), mouse(false)), (Mouse::Free, Mouse::Captured));
    }

    #[test]
    fn a_configuration_is_read_and_its_faults_are_listed() {
        let (config, faults) =
            parse_config("theme = \"light\"\nglyphs = \"ascii\"\nmouse = false\nplain = true\n");
        let expected = Config {
            theme: Some("light".to_owned()),
            glyphs: Some(Tier::Ascii),
            mouse: Some(Mouse::Free),
            plain: true,
        };
        assert_eq!((config, faults), (expected, vec![]));
        let (config, faults) =
            parse_config("theme = 1\nglyphs = \"emoji\"\nmouse = \"no\"\nfont = 3\nplain = true\n");
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(config.plain);
        let (config, faults) = parse_config("theme = [");
        assert_eq!((config, faults.len()), (Config::default(), 1));
    }

    #[test]
    fn a_theme_is_found_in_the_folder_in_a_file_and_among_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        let own = folder.path().join("themes/mine.toml");
        std::fs::write(&own, "inherits = \"mono\"\n[faces]\nnope = \"red\"\n").unwrap();
        let mut faults = Vec::new();
        let mono = Theme::builtin("mono").unwrap();
        assert_eq!(load_theme("mine", "dark", Some(folder.path()), &mut faults), mono);
        assert_eq!(load_theme(own.to_str().unwrap(), "dark", None, &mut faults), mono);
        assert_eq!(faults.len(), 2, "{faults:?}");
        faults.clear();
        assert_eq!(
            load_theme("light", "dark", Some(folder.path()), &mut faults),
            Theme::builtin("light").unwrap()
        );
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(
            load_theme("none", "dark", Some(folder.path()), &mut faults),
            Theme::builtin("dark").unwrap()
        );
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_configuration_that_was_asked_for_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut faults = Vec::new();
        read_config(None, Some(folder.path()), &mut faults);
        assert_eq!(faults, Vec::<String>::new());
        read_config(Some(&folder.path().join("mine.toml")), Some(folder.path()), &mut faults);
        assert_eq!(faults.len(), 1);
    }
}
