//! Themes: which colours and attributes each part of the screen wears.
//!
//! A theme is a TOML file. `[faces]` gives a style to each [`Face`] by its dotted name; a face that is not named
//! wears its parent's style (`frame.focus` that of `frame`), and one without a parent the terminal's own. `[palette]`
//! names colours; `inherits` starts from another theme:
//!
//! ```toml
//! inherits = "dark"
//!
//! [palette]
//! accent = "#7aa2f7"
//!
//! [faces]
//! "frame.focus" = "accent"
//! "selection" = { fg = "black", bg = "accent", modifiers = ["bold"] }
//! ```
//!
//! What is wrong in a theme is listed and left out; it never keeps the program from starting.

use std::collections::BTreeMap;
use std::fmt;

use ratatui::style::{Color, Modifier, Style};

use super::colour::{Depth, LEGIBLE, Rgb, VISIBLE, legible_on, legible_pair, nearest};

/// A part of the screen that a theme can dress. The set is closed: drawing code asks for a face, never for a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)] // `NAMES` says what each is called and what it is for.
pub enum Face {
    Text,
    TextDim,
    TextStrong,
    TextLabel,
    TextEscaped,
    Selection,
    SelectionInactive,
    Frame,
    Title,
    Header,
    HeaderDirty,
    Crumb,
    CrumbLast,
    Added,
    Changed,
    Removed,
    Error,
    Warning,
    Info,
    Key,
    KeyLabel,
    KeyDisabled,
    Field,
    FieldFocus,
    FieldSelection,
    FieldInvalid,
    Dialog,
    DialogFrame,
    DialogTitle,
    Button,
    ButtonFocus,
    Message,
    MessageError,
    Disabled,
    Match,
}

/// Each face, its name in a theme, and what it dresses. In the order of the enum.
pub const NAMES: [(Face, &str, &str); 35] = [
    (Face::Text, "text", "everything that has no face of its own; its colours fill the screen"),
    (Face::TextDim, "text.dim", "what is said in passing: counts, kinds, SIDs beside names"),
    (Face::TextStrong, "text.strong", "headings and the name of what is shown"),
    (Face::TextLabel, "text.label", "names of properties"),
    (Face::TextEscaped, "text.escaped", "invisible characters made visible, as in \\u{202E}"),
    (Face::Selection, "selection", "the selected line of the pane that has the keyboard"),
    (Face::SelectionInactive, "selection.inactive", "the selected line of another pane"),
    (Face::Frame, "frame", "lines around and between panes"),
    (Face::Title, "title", "titles set into frames"),
    (Face::Header, "header", "the top line"),
    (Face::HeaderDirty, "header.dirty", "the count of unsaved changes in it"),
    (Face::Crumb, "crumb", "the path to the selected object"),
    (Face::CrumbLast, "crumb.last", "its last part"),
    (Face::Added, "change.added", "added since the last save"),
    (Face::Changed, "change.changed", "changed since the last save"),
    (Face::Removed, "change.removed", "removed since the last save"),
    (Face::Error, "finding.error", "errors"),
    (Face::Warning, "finding.warning", "warnings"),
    (Face::Info, "finding.info", "information"),
    (Face::Key, "key", "keys in the key bar, in help and on buttons"),
    (Face::KeyLabel, "key.label", "what the keys do"),
    (Face::KeyDisabled, "key.disabled", "keys that cannot act now"),
    (Face::Field, "field", "input fields"),
    (Face::FieldFocus, "field.focus", "the input field that has the keyboard"),
    (Face::FieldSelection, "field.selection", "selected text in it"),
    (Face::FieldInvalid, "field.invalid", "what is wrong with its value"),
    (Face::Dialog, "dialog", "text of dialogs"),
    (Face::DialogFrame, "dialog.frame", "their frame"),
    (Face::DialogTitle, "dialog.title", "their title"),
    (Face::Button, "button", "buttons"),
    (Face::ButtonFocus, "button.focus", "the button that Enter presses"),
    (Face::Message, "message", "what the status line says"),
    (Face::MessageError, "message.error", "the same when something went wrong"),
    (Face::Disabled, "disabled", "what cannot be chosen"),
    (Face::Match, "text.match", "what is searched for, where it is found; always underlined"),
];

/// The themes that come with the program: name and text. The first four use the palette alone, the others every
/// colour.
pub const BUILTIN: [(&str, &str); 10] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("harbour", include_str!("../../themes/harbour.toml")),
    ("pinewood", include_str!("../../themes/pinewood.toml")),
    ("ember", include_str!("../../themes/ember.toml")),
    ("dusk", include_str!("../../themes/dusk.toml")),
    ("paper", include_str!("../../themes/paper.toml")),
    ("glacier", include_str!("../../themes/glacier.toml")),
];

/// What a theme says of itself: the words of the comment that it begins with.
pub fn about(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#').map(str::trim));
    let first = lines.collect::<Vec<_>>().join(" ");
    first.split_inclusive(". ").next().unwrap_or_default().trim_end().to_owned()
}

/// Lines, which need less contrast than text.
const LINES: [Face; 2] = [Face::Frame, Face::DialogFrame];
/// What other faces lie on, where they have no ground of their own.
const GROUNDS: [Face; 3] = [Face::Text, Face::Dialog, Face::Header];

/// How deep `inherits` may go; more is a circle.
const MAX_INHERITANCE: usize = 8;

/// A style for each face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; NAMES.len()],
}

/// Something wrong in a theme, as a sentence. The rest of the theme is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Theme {
    /// The style of a face.
    pub fn style(&self, face: Face) -> Style {
        self.styles.get(face as usize).copied().unwrap_or_default()
    }

    /// The colours that a face may lie on: its own ground, or those of what it is drawn on.
    fn grounds(&self, face: Face) -> Vec<Color> {
        match self.style(face).bg {
            Some(own) => vec![own],
            None => GROUNDS.iter().map(|ground| self.style(*ground).bg.unwrap_or(Color::Reset)).collect(),
        }
    }

    /// The theme on a terminal of so many colours. What is legible stays legible.
    pub fn at(&self, depth: Depth) -> Theme {
        if depth == Depth::Full {
            return self.clone();
        }
        let mut theme = self.clone();
        // Grounds come first: what lies on them looks for its colour there.
        let (grounds, others): (Vec<Face>, Vec<Face>) =
            NAMES.iter().map(|(face, ..)| *face).partition(|face| GROUNDS.contains(face));
        for face in grounds.into_iter().chain(others) {
            let meant = self.style(face);
            let least = if LINES.contains(&face) { VISIBLE } else { LEGIBLE };
            let style = match (meant.fg.and_then(rgb), meant.bg.and_then(rgb)) {
                (Some(text), Some(ground)) => {
                    let (text, ground) = legible_pair(text, ground, least, depth);
                    meant.fg(text).bg(ground)
                }
                (Some(text), None) => meant.fg(legible_on(text, &theme.grounds(face), least, depth)),
                (None, Some(ground)) => meant.bg(nearest(ground, depth)),
                (None, None) => meant,
            };
            if let Some(place) = theme.styles.get_mut(face as usize) {
                *place = style;
            }
        }
        theme
    }

    /// The built-in theme of this name.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(text, &|_| None).0)
    }

    /// The theme that this text describes, and what is wrong with it. `find` gives the text of a theme that is
    /// inherited by name; the built-in ones need not be found.
    pub fn parse(text: &str, find: &dyn Fn(&str) -> Option<String>) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut source = Source::default();
        source.read(text, find, MAX_INHERITANCE, &mut faults);
        let mut styles = [Style::default(); NAMES.len()];
        let named: BTreeMap<&str, Style> = source
            .faces
            .iter()
            .filter_map(|(name, value)| {
                if !NAMES.iter().any(|(_, known, _)| known == name || is_parent(name, known)) {
                    faults.push(Fault(format!("there is no face `{name}`")));
                    return None;
                }
                match source.style(value) {
                    Ok(style) => Some((name.as_str(), style)),
                    Err(what) => {
                        faults.push(Fault(format!("face `{name}`: {what}")));
                        None
                    }
                }
            })
            .collect();
        for ((_, name, _), style) in NAMES.iter().zip(&mut styles) {
            *style = lineage(name).find_map(|name| named.get(name).copied()).unwrap_or_default();
        }
        (Self { styles }, faults)
    }
}

/// The parts of a colour that is none of the palette's.
fn rgb(colour: Color) -> Option<Rgb> {
    if let Color::Rgb(red, green, blue) = colour { Some((red, green, blue)) } else { None }
}

/// A dotted name, then its parents, nearest first.
fn lineage(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(parent, _)| parent))
}

fn is_parent(parent: &str, name: &str) -> bool {
    lineage(name).skip(1).any(|above| above == parent)
}

/// A theme's tables, those it inherits from underneath its own.
#[derive(Default)]
struct Source {
    palette: BTreeMap<String, toml::Value>,
    faces: BTreeMap<String, toml::Value>,
}

impl Source {
    fn read(
        &mut self,
        text: &str,
        find: &dyn Fn(&str) -> Option<String>,
        depth: usize,
        faults: &mut Vec<Fault>,
    ) {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                return faults.push(Fault(format!("not a theme: {}", toml_fault(text, &error))));
            }
        };
        if let Some(parent) = table.get("inherits") {
            self.inherit(parent, find, depth, faults);
        }
        for (key, value) in table {
            match (key.as_str(), value) {
                ("inherits", _) => {}
                ("palette", toml::Value::Table(colours)) => self.palette.extend(colours),
                ("faces", toml::Value::Table(faces)) => self.faces.extend(faces),
                (key, _) => faults.push(Fault(format!(
                    "`{key}` is unknown at the top; a theme has `inherits`, `[palette]` and `[faces]`"
                ))),
            }
        }
    }

    fn inherit(
        &mut self,
        parent: &toml::Value,
        find: &dyn Fn(&str) -> Option<String>,
        depth: usize,
        faults: &mut Vec<Fault>,
    ) {
        let Some(name) = parent.as_str() else {
            return faults.push(Fault("`inherits` must be the name of a theme".to_owned()));
        };
        if depth == 0 {
            return faults.push(Fault(format!("`inherits = \"{name}\"` leads in a circle")));
        }
        let builtin = BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        match find(name).or(builtin) {
            Some(text) => self.read(&text, find, depth - 1, faults),
            None => faults.push(Fault(format!("`inherits = \"{name}\"`: there is no such theme"))),
        }
    }

    fn style(&self, value: &toml::Value) -> Result<Style, String> {
        match value {
            toml::Value::String(_) => Ok(Style::default().fg(self.colour(value)?)),
            toml::Value::Table(table) => {
                let mut style = Style::default();
                for (key, value) in table {
                    style = match key.as_str() {
                        "fg" => style.fg(self.colour(value)?),
                        "bg" => style.bg(self.colour(value)?),
                        "modifiers" => style.add_modifier(modifiers(value)?),
                        _ => return Err(format!("`{key}` is none of fg, bg, modifiers")),
                    };
                }
                Ok(style)
            }
            _ => Err("a style is a colour or a table { fg, bg, modifiers }".to_owned()),
        }
    }

    fn colour(&self, value: &toml::Value) -> Result<Color, String> {
        let name = value.as_str().ok_or("a colour is written in quotes")?;
        match self.palette.get(name) {
            Some(value) => colour(value.as_str().ok_or("a colour is written in quotes")?),
            None => colour(name),
        }
    }
}

/// The 16 colours of every terminal's palette, by the names of their ANSI numbers.
const COLOURS: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

fn colour(text: &str) -> Result<Color, String> {
    if let Some((_, colour)) = COLOURS.iter().find(|(name, _)| *name == text) {
        return Ok(*colour);
    }
    if let Some(hex) = text.strip_prefix('#').filter(|hex| hex.len() == 6)
        && let Ok(rgb) = u32::from_str_radix(hex, 16)
    {
        let [_, r, g, b] = rgb.to_be_bytes();
        return Ok(Color::Rgb(r, g, b));
    }
    Err(format!("`{text}` is no colour; write a palette colour (red, bright-red, default) or #rrggbb"))
}

fn modifiers(value: &toml::Value) -> Result<Modifier, String> {
    let list = value.as_array().ok_or("`modifiers` is a list, as in [\"bold\"]")?;
    let mut all = Modifier::empty();
    for value in list {
        all |= match value.as_str().unwrap_or_default() {
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underlined" => Modifier::UNDERLINED,
            "reversed" => Modifier::REVERSED,
            "crossed-out" => Modifier::CROSSED_OUT,
            _ => return Err("modifiers are bold, dim, italic, underlined, reversed, crossed-out".to_owned()),
        };
    }
    Ok(all)
}

/// What is wrong with a text that is no TOML, and where, in one line: the error's own words draw the place over several.
pub fn toml_fault(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}: {}", error.message().replace('\n', ", "))
}

#[cfg(test)]
mod tests;
