//! The signs the screen is drawn with, in three tiers, so that no font shows boxes or question marks.
//!
//! Windows' console host draws only what its font holds, and its fonts hold little beyond the old code page 437; a
//! serial line or a Linux console may not hold even that. What carries meaning has a letter-like sign in every tier.

use ratatui::symbols::border;

/// How much the terminal's font can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Nothing beyond ASCII.
    Ascii,
    /// What code page 437 held: line drawing, four arrows, a few signs.
    Cp437,
    /// Whatever text fonts of today hold. No emoji, no private-use icons, no rounded corners.
    Unicode,
}

/// A sign for each thing the screen draws. Each is one cell wide unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// A tree line whose children are shown.
    pub open: &'static str,
    /// A tree line whose children are hidden.
    pub closed: &'static str,
    /// Added since the last save.
    pub added: &'static str,
    /// Changed since the last save.
    pub changed: &'static str,
    /// Removed since the last save.
    pub removed: &'static str,
    /// An error or a warning.
    pub alarm: &'static str,
    /// Information.
    pub info: &'static str,
    /// Between the parts of a path.
    pub crumb: &'static str,
    /// Stands for the middle of a text that was cut.
    pub ellipsis: &'static str,
    /// A ticked box; three cells.
    pub ticked: &'static str,
    /// An empty box; three cells.
    pub unticked: &'static str,
    /// A box that some of several objects have ticked; three cells.
    pub partly: &'static str,
    /// Marked by the user.
    pub marked: &'static str,
    /// Corners and edges of frames.
    pub border: border::Set<'static>,
    /// Where a divider leaves a frame's left edge.
    pub tee_right: &'static str,
    /// Where it reaches the right edge.
    pub tee_left: &'static str,
    /// Where it leaves the top edge.
    pub tee_down: &'static str,
    /// Where it reaches the bottom edge.
    pub tee_up: &'static str,
}

impl Glyphs {
    /// The signs that are safe there.
    pub fn fitting(around: Surroundings<'_>) -> Self {
        match around.console {
            None => *Self::of(Tier::fitting(around)),
            Some(Characters::Usual) => CP437,
            Some(Characters::Only(characters)) => Self::among(characters),
            Some(Characters::Wide) => ASCII,
        }
    }

    /// The signs of a tier.
    pub const fn of(tier: Tier) -> &'static Self {
        match tier {
            Tier::Ascii => &ASCII,
            Tier::Cp437 => &CP437,
            Tier::Unicode => &UNICODE,
        }
    }
}

const ASCII: Glyphs = Glyphs {
    open: "v",
    closed: ">",
    added: "+",
    changed: "~",
    removed: "-",
    alarm: "!",
    info: ".",
    crumb: ">",
    ellipsis: "~",
    ticked: "[x]",
    unticked: "[ ]",
    partly: "[-]",
    marked: "*",
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    tee_right: "+",
    tee_left: "+",
    tee_down: "+",
    tee_up: "+",
};

const CP437: Glyphs = Glyphs {
    open: "▼",
    closed: "►",
    info: "·",
    crumb: "»",
    border: border::PLAIN,
    tee_right: "├",
    tee_left: "┤",
    tee_down: "┬",
    tee_up: "┴",
    ..ASCII
};

impl Glyphs {
    /// The signs of code page 437 that are among these characters, and ASCII for the others. Lines are all or none.
    fn among(characters: &str) -> Self {
        let has = |sign: &str| sign.chars().all(|c| c.is_ascii() || characters.contains(c));
        let sign = |sign, plain| if has(sign) { sign } else { plain };
        let lines = if CP437.lines().into_iter().all(has) { CP437 } else { ASCII };
        Self {
            open: sign(CP437.open, ASCII.open),
            closed: sign(CP437.closed, ASCII.closed),
            info: sign(CP437.info, ASCII.info),
            crumb: sign(CP437.crumb, ASCII.crumb),
            ..lines
        }
    }

    /// What frames and dividers are made of.
    fn lines(&self) -> [&'static str; 12] {
        let border = self.border;
        [
            border.top_left,
            border.top_right,
            border.bottom_left,
            border.bottom_right,
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
            self.tee_right,
            self.tee_left,
            self.tee_down,
            self.tee_up,
        ]
    }
}

const UNICODE: Glyphs = Glyphs { crumb: "›", ellipsis: "…", ..CP437 };

/// What is known of the terminal without asking it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// `TERM`.
    pub term: Option<&'a str>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty.
    pub locale: Option<&'a str>,
    /// What Windows' console can draw, if this is one.
    pub console: Option<&'a Characters>,
}

/// What a Windows console can draw. It has no font to fall back on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Characters {
    /// What its usual fonts hold, which is little beyond code page 437.
    Usual,
    /// These and no others.
    Only(String),
    /// Those of a code page of two bytes, with lines and arrows that are two cells wide.
    Wide,
}

impl Tier {
    /// The tier that an option names: `ascii`, `cp437` or `unicode`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "ascii" => Some(Self::Ascii),
            "cp437" => Some(Self::Cp437),
            "unicode" => Some(Self::Unicode),
            _ => None,
        }
    }

    /// The tier that is safe on a terminal that is no Windows console. The Linux console, dumb terminals and locales
    /// other than UTF-8 get ASCII.
    fn fitting(around: Surroundings<'_>) -> Self {
        let utf8 = around.locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        match around.term {
            None | Some("" | "dumb" | "linux") => Self::Ascii,
            Some(_) if utf8 => Self::Unicode,
            Some(_) => Self::Ascii,
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn signs(glyphs: &Glyphs) -> Vec<&'static str> {
        let Glyphs {
            open,
            closed,
            added,
            changed,
            removed,
            alarm,
            info,
            crumb,
            ellipsis,
            ticked,
            unticked,
            partly,
            marked,
            ..
        } = *glyphs;
        let mut all = vec![
            ticked, unticked, partly, open, closed, added, changed, removed, alarm, info, crumb, ellipsis,
        ];
        all.push(marked);
        all.extend(glyphs.lines());
        all
    }

    #[test]
    fn every_sign_is_one_cell_and_a_box_three() {
        for tier in [Tier::Ascii, Tier::Cp437, Tier::Unicode] {
            for (n, sign) in signs(Glyphs::of(tier)).into_iter().enumerate() {
                assert_eq!(sign.width(), if n < 3 { 3 } else { 1 }, "{tier:?} {sign}");
            }
        }
    }

    #[test]
    fn each_tier_holds_only_what_its_fonts_hold() {
        let cp437 = "─│┌┐└┘├┤┬┴┼═║►◄▲▼↑↓→←•○·«»░▒▓█√";
        for sign in signs(Glyphs::of(Tier::Ascii)) {
            assert!(sign.is_ascii(), "{sign}");
        }
        for sign in signs(Glyphs::of(Tier::Cp437)) {
            assert!(sign.is_ascii() || sign.chars().all(|c| cp437.contains(c)), "{sign}");
        }
    }

    #[test]
    fn signs_that_carry_meaning_differ_within_a_tier() {
        for tier in [Tier::Ascii, Tier::Cp437, Tier::Unicode] {
            let Glyphs { added, changed, removed, alarm, info, marked, .. } = *Glyphs::of(tier);
            let mut states = vec![added, changed, removed, alarm, info, marked];
            states.sort_unstable();
            states.dedup();
            assert_eq!(states.len(), 6, "{tier:?}");
        }
    }

    #[test]
    fn the_tier_fits_the_surroundings() {
        let glyphs = |term, locale| Glyphs::fitting(Surroundings { term, locale, console: None });
        assert_eq!(glyphs(Some("xterm-256color"), Some("de_DE.UTF-8")), UNICODE);
        assert_eq!(glyphs(Some("xterm"), Some("C.utf8")), UNICODE);
        assert_eq!(glyphs(Some("xterm"), Some("C")), ASCII);
        assert_eq!(glyphs(Some("xterm"), None), ASCII);
        assert_eq!(glyphs(Some("linux"), Some("en_US.UTF-8")), ASCII);
        assert_eq!(glyphs(None, Some("en_US.UTF-8")), ASCII);
    }

    #[test]
    fn a_windows_console_gets_what_it_can_draw() {
        let glyphs = |characters: &Characters| {
            let (term, locale) = (Some("xterm-256color"), Some("C.UTF-8"));
            Glyphs::fitting(Surroundings { term, locale, console: Some(characters) })
        };
        let only = |characters: &str| glyphs(&Characters::Only(characters.to_owned()));
        let lines = "─│┌┐└┘├┤┬┴";
        assert_eq!(glyphs(&Characters::Usual), CP437);
        assert_eq!(glyphs(&Characters::Wide), ASCII);
        assert_eq!(only(&format!("{lines}▼►·»")), CP437);
        assert_eq!(only(&format!("{lines}▼►·")), Glyphs { crumb: ">", ..CP437 }, "Cyrillic, code page 866");
        assert_eq!(only(&format!("{lines}▼►»")), Glyphs { info: ".", ..CP437 }, "Central European, 852");
        assert_eq!(only("·»"), Glyphs { info: "·", crumb: "»", ..ASCII }, "Western Windows, 1252");
        assert_eq!(only("─│┌┐"), ASCII, "half a frame is none");
    }
}
