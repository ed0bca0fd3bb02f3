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

const UNICODE: Glyphs = Glyphs { crumb: "›", ellipsis: "…", ..CP437 };

/// What is known of the terminal without asking it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// `TERM`.
    pub term: Option<&'a str>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty.
    pub locale: Option<&'a str>,
    /// Whether this is Windows' console.
    pub windows: bool,
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

    /// The tier that is safe there. The Linux console, dumb terminals and locales other than UTF-8 get ASCII;
    /// Windows gets code page 437, since its console host has no font to fall back on.
    pub fn fitting(around: Surroundings<'_>) -> Self {
        if around.windows {
            return Self::Cp437;
        }
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
            border,
            tee_right,
            tee_left,
            tee_down,
            tee_up,
        } = *glyphs;
        let mut all = vec![
            ticked, unticked, partly, open, closed, added, changed, removed, alarm, info, crumb, ellipsis,
        ];
        all.push(marked);
        all.extend([tee_right, tee_left, tee_down, tee_up]);
        all.extend([border.top_left, border.top_right, border.bottom_left, border.bottom_right]);
        all.extend([
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
        ]);
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
        let tier = |term, locale, windows| Tier::fitting(Surroundings { term, locale, windows });
        assert_eq!(tier(Some("xterm-256color"), Some("de_DE.UTF-8"), false), Tier::Unicode);
        assert_eq!(tier(Some("xterm"), Some("C.utf8"), false), Tier::Unicode);
        assert_eq!(tier(Some("xterm"), Some("C"), false), Tier::Ascii);
        assert_eq!(tier(Some("xterm"), None, false), Tier::Ascii);
        assert_eq!(tier(Some("linux"), Some("en_US.UTF-8"), false), Tier::Ascii);
        assert_eq!(tier(None, Some("en_US.UTF-8"), false), Tier::Ascii);
        assert_eq!(tier(None, None, true), Tier::Cp437);
        assert_eq!(tier(Some("xterm-256color"), Some("C.UTF-8"), true), Tier::Cp437);
    }
}
