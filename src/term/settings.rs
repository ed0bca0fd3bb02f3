//! How the editor looks: from the command line, the configuration file and the environment, in this order.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{self, Config};
use super::session::{Kind, Mouse, Terminal};
use crate::app::keymap::Keymap;
use crate::app::{ThemeLine, Worn};
use crate::files;
use crate::ui::colour::Depth;
use crate::ui::glyphs::{Characters, Glyphs, Surroundings, Tier};
use crate::ui::theme::{self, BUILTIN, Theme};

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
    /// The theme's name, as it would stand in the configuration.
    pub theme_name: String,
    /// The theme, ready.
    pub theme: Theme,
    /// How many colours it may have.
    pub depth: Depth,
    /// The folder of the configuration and the user's own themes.
    pub folder: Option<PathBuf>,
    /// The configuration file, whether it is there or not.
    pub config: Option<PathBuf>,
    /// Which key runs what.
    pub keys: Arc<Keymap>,
    /// The signs to draw with.
    pub glyphs: Glyphs,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// No borders, cursor on the selection.
    pub plain: bool,
    /// Maps of names to read.
    pub names: Vec<PathBuf>,
    /// What was wrong, as sentences.
    pub faults: Vec<String>,
}

/// What the environment tells of the terminal.
#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools)] // They do not hang together.
pub struct Environment {
    term: Option<String>,
    locale: Option<String>,
    no_color: bool,
    /// `COLORTERM`, which terminals of all colours set.
    colorterm: Option<String>,
    /// Whether this runs in Windows Terminal, which has all colours and sets no `COLORTERM`.
    windows_terminal: bool,
    colorfgbg: Option<String>,
    /// What a Windows console can draw.
    characters: Option<Characters>,
    /// The terminal takes no escape sequences: it has the 16 colours of its cells and no clipboard.
    pub is_bare: bool,
    /// The session comes over SSH: desktop and mouse are on another machine.
    pub is_remote: bool,
}

impl Environment {
    /// The environment of this process in this terminal.
    pub fn of_process(terminal: Terminal) -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            term: set("TERM"),
            locale: set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")),
            no_color: set("NO_COLOR").is_some(),
            colorterm: set("COLORTERM"),
            windows_terminal: set("WT_SESSION").is_some(),
            colorfgbg: set("COLORFGBG"),
            characters: terminal.characters,
            is_bare: terminal.kind != Kind::Sequences,
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

    /// How many colours the terminal has, as far as it says. Windows' console has had all of them since 2017, but
    /// Server 2016's has 16, and both say nothing.
    fn depth(&self) -> Depth {
        let term = self.term.as_deref().unwrap_or_default();
        match self.colorterm.as_deref() {
            _ if self.is_bare => Depth::Sixteen,
            Some("truecolor" | "24bit") => Depth::Full,
            _ if self.windows_terminal || term.ends_with("-direct") => Depth::Full,
            _ if term.contains("256color") => Depth::Indexed,
            _ => Depth::Sixteen,
        }
    }

    /// What it says, for a report.
    pub fn facts(&self) -> Vec<String> {
        let colours = match self.depth() {
            Depth::Sixteen => "16 colours",
            Depth::Indexed => "256 colours",
            Depth::Full => "all colours",
        };
        let mut facts = vec![colours.to_owned()];
        facts.extend(self.term.as_ref().map(|term| format!("TERM {term}")));
        facts.extend(self.is_remote.then(|| "over SSH".to_owned()));
        facts.extend(self.windows_terminal.then(|| "Windows Terminal".to_owned()));
        facts
    }

    fn mouse(&self) -> Mouse {
        if self.is_remote { Mouse::Free } else { Mouse::Captured }
    }
}

/// Settles how the editor looks. Reads the configuration file and the theme's, if any.
pub fn settle(wishes: &Wishes, environment: &Environment) -> Settings {
    let folder = files::config_folder();
    let usual = folder.as_ref().map(|folder| folder.join("config.toml"));
    let mut faults = Vec::new();
    let config = read_config(wishes.config.as_deref(), usual.as_deref(), &mut faults);
    let surroundings = Surroundings {
        term: environment.term.as_deref(),
        locale: environment.locale.as_deref(),
        console: environment.characters.as_ref(),
    };
    let name = wishes.theme.as_deref().or(config.theme.as_deref()).unwrap_or(environment.theme());
    let depth = match config.colours {
        Some(wanted) if !environment.is_bare => wanted,
        _ => environment.depth(),
    };
    let (theme, wrong) = load_theme(name, environment.theme(), folder.as_deref());
    faults.extend(wrong);
    let (keys, wrong) = Keymap::with(&config.keys);
    faults.extend(wrong.into_iter().map(|what| format!("keys: {what}")));
    Settings {
        theme_name: name.to_owned(),
        theme: theme.at(depth),
        depth,
        folder,
        keys: Arc::new(keys),
        glyphs: match wishes.glyphs.or(config.glyphs) {
            Some(tier) => *Glyphs::of(tier),
            None => Glyphs::fitting(surroundings),
        },
        mouse: config.mouse.unwrap_or(environment.mouse()),
        plain: wishes.plain || config.plain,
        config: wishes.config.clone().or(usual.clone()),
        names: maps(&config, wishes.config.as_deref().or(usual.as_deref())),
        faults,
    }
}

impl Settings {
    /// Every theme that can be worn: the built-in ones, then the user's own.
    pub fn themes(&self) -> Vec<ThemeLine> {
        let line = |name: &str, text: &str| ThemeLine { name: name.to_owned(), about: theme::about(text) };
        let mut themes: Vec<ThemeLine> = BUILTIN.iter().map(|(name, text)| line(name, text)).collect();
        let own = self.folder.as_ref().map(|folder| folder.join("themes"));
        // A folder that is not there has no themes.
        let entries = own.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
        let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
            let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
            let text = std::fs::read_to_string(path).unwrap_or_default();
            themes.retain(|known| known.name != name);
            themes.push(line(name, &text));
        }
        if !themes.iter().any(|known| known.name == self.theme_name) {
            themes.push(ThemeLine { name: self.theme_name.clone(), about: String::new() });
        }
        themes
    }

    /// Wears a theme from now on.
    pub fn wear(&mut self, name: &str) -> Worn {
        let (theme, faults) = load_theme(name, &self.theme_name, self.folder.as_deref());
        self.theme = theme.at(self.depth);
        name.clone_into(&mut self.theme_name);
        Worn { name: name.to_owned(), faults }
    }
}

/// The maps of names that a configuration lists, each beside it.
fn maps(config: &Config, file: Option<&Path>) -> Vec<PathBuf> {
    let folder = file.and_then(Path::parent).unwrap_or(Path::new(""));
    config.names.iter().map(|name| folder.join(name)).collect()
}

/// The maps of names that the user's configuration lists. What is wrong in that is the editor's to say.
pub fn configured_names() -> Vec<PathBuf> {
    let usual = files::config_folder().map(|folder| folder.join("config.toml"));
    let config = read_config(None, usual.as_deref(), &mut Vec::new());
    maps(&config, usual.as_deref())
}

/// The file that was asked for must be there; the usual one need not.
fn read_config(asked: Option<&Path>, usual: Option<&Path>, faults: &mut Vec<String>) -> Config {
    let Some(path) = asked.or(usual) else { return Config::default() };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let (config, wrong) = config::parse(&text);
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

/// A theme by name (the user's own before a built-in one) or by file, and what is wrong with it; `otherwise` where
/// there is none.
fn load_theme(name: &str, otherwise: &str, folder: Option<&Path>) -> (Theme, Vec<String>) {
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
        return (theme, wrong.into_iter().map(|fault| format!("theme {name}: {fault}")).collect());
    }
    if let Some(theme) = Theme::builtin(name) {
        return (theme, Vec::new());
    }
    let known: Vec<&str> = BUILTIN.iter().map(|(known, _)| *known).collect();
    let fault = format!("there is no theme `{name}`; there are {}", known.join(", "));
    let theme = Theme::builtin(otherwise).unwrap_or_else(|| Theme::parse("", &|_| None).0);
    (theme, vec![fault])
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
    fn the_terminal_says_how_many_colours_it_has() {
        let depth = |term: &str, colorterm: Option<&str>, windows_terminal| {
            let (term, colorterm) = (Some(term.to_owned()), colorterm.map(str::to_owned));
            Environment { term, colorterm, windows_terminal, ..Environment::default() }.depth()
        };
        assert_eq!(depth("xterm-256color", Some("truecolor"), false), Depth::Full);
        assert_eq!(depth("xterm-256color", None, false), Depth::Indexed);
        assert_eq!(depth("xterm-direct", None, false), Depth::Full);
        assert_eq!(depth("", None, true), Depth::Full);
        assert_eq!(depth("linux", None, false), Depth::Sixteen);
        assert_eq!(depth("xterm", Some("yes"), false), Depth::Sixteen);
    }

    /// `TERM` and `COLORTERM` come with an SSH session, whatever the console behind it can do.
    #[test]
    fn a_console_of_cells_has_16_colours_whatever_anybody_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "colours = \"full\"\ntheme = \"ember\"\n").unwrap();
        let wishes = Wishes { config: Some(path), ..Wishes::default() };
        let environment = Environment {
            term: Some("xterm-256color".to_owned()),
            colorterm: Some("truecolor".to_owned()),
            characters: Some(Characters::Wide),
            is_bare: true,
            ..Environment::default()
        };
        let settings = settle(&wishes, &environment);
        assert_eq!(settings.depth, Depth::Sixteen);
        assert_eq!(settings.theme, Theme::builtin("ember").unwrap().at(Depth::Sixteen));
        assert_eq!(settings.glyphs, *Glyphs::of(Tier::Ascii));
        let wishes = Wishes { glyphs: Some(Tier::Cp437), ..wishes };
        assert_eq!(settle(&wishes, &environment).glyphs, *Glyphs::of(Tier::Cp437), "a wish is a wish");
    }

    #[test]
    fn a_theme_is_found_in_the_folder_in_a_file_and_among_the_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        let own = folder.path().join("themes/mine.toml");
        std::fs::write(&own, "inherits = \"mono\"\n[faces]\nnope = \"red\"\n").unwrap();
        let mono = Theme::builtin("mono").unwrap();
        let load = |name: &str, folder| load_theme(name, "dark", folder);
        let (theme, faults) = load("mine", Some(folder.path()));
        assert_eq!((theme, faults.len()), (mono.clone(), 1));
        let (theme, faults) = load(own.to_str().unwrap(), None);
        assert_eq!((theme, faults.len()), (mono, 1));
        assert_eq!(load("light", Some(folder.path())), (Theme::builtin("light").unwrap(), vec![]));
        let (theme, faults) = load("none", Some(folder.path()));
        assert_eq!((theme, faults.len()), (Theme::builtin("dark").unwrap(), 1));
    }

    fn settings(folder: &Path, config: &str) -> Settings {
        let path = folder.join("config.toml");
        std::fs::write(&path, config).unwrap();
        let mut settings =
            settle(&Wishes { config: Some(path), ..Wishes::default() }, &Environment::default());
        settings.folder = Some(folder.to_owned());
        settings
    }

    #[test]
    fn themes_are_listed_and_worn_and_the_users_own_come_before_built_in_ones() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("themes");
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("dusk.toml"), "# Mine.\ninherits = \"mono\"\n").unwrap();
        std::fs::write(own.join("notes.txt"), "").unwrap();
        let mut settings = settings(folder.path(), "theme = \"ember\"");
        assert_eq!(settings.theme_name, "ember");
        let themes = settings.themes();
        assert_eq!(themes.len(), BUILTIN.len());
        assert_eq!(themes.last(), Some(&ThemeLine { name: "dusk".to_owned(), about: "Mine.".to_owned() }));
        assert_eq!(settings.wear("dusk"), Worn { name: "dusk".to_owned(), faults: vec![] });
        assert_eq!(settings.theme, Theme::builtin("mono").unwrap());
        assert_eq!(settings.wear("nothing").faults.len(), 1);
    }

    #[test]
    fn what_is_wrong_anywhere_is_in_one_list() {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            settings(folder.path(), "theme = \"none\"\nfont = 1\n[keys]\nrename = \"Strg+R\"\nx = []\n");
        assert_eq!(settings.faults.len(), 4, "{:?}", settings.faults);
        assert_eq!(settings.theme, Theme::builtin("dark").unwrap());
    }

    #[test]
    fn a_configuration_that_was_asked_for_must_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut faults = Vec::new();
        let usual = folder.path().join("config.toml");
        read_config(None, Some(&usual), &mut faults);
        assert_eq!(faults, Vec::<String>::new());
        read_config(Some(&folder.path().join("mine.toml")), Some(&usual), &mut faults);
        assert_eq!(faults.len(), 1);
    }
}
