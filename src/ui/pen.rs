//! Colours and attributes as a terminal is told of them (SGR, ECMA-48 8.3.117).

use std::io::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::colour::PALETTE;

/// What a terminal writes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    pub(super) fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// Whether a blank in this pen looks like one in no pen.
    pub(super) fn is_unseen_on_blanks(self) -> bool {
        let seen = Modifier::REVERSED | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        self.bg == Color::Reset && !self.modifier.intersects(seen)
    }

    /// The bytes that make a terminal put the pen `from` down and take this one up.
    pub(super) fn write_after(self, mut from: Self, bytes: &mut Vec<u8>) {
        if self == from {
            return;
        }
        bytes.extend_from_slice(b"\x1b[");
        let start = bytes.len();
        // Terminals do not agree on how to end one attribute, but all end all of them at 0, which may be left out.
        if self != Self::default() && !self.modifier.contains(from.modifier) {
            bytes.extend_from_slice(b"0;");
            from = Self::default();
        }
        if self != Self::default() {
            for (modifier, code) in MODIFIERS {
                if self.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                    put(bytes, format_args!("{code};"));
                }
            }
            if self.fg != from.fg {
                write_colour(self.fg, 30, bytes);
            }
            if self.bg != from.bg {
                write_colour(self.bg, 40, bytes);
            }
        }
        if bytes.len() > start {
            bytes.pop();
        }
        bytes.push(b'm');
    }
}

const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// Writes the code of a colour and a semicolon; `base` is 30 for text and 40 for what is behind it.
fn write_colour(colour: Color, base: u8, bytes: &mut Vec<u8>) {
    match colour {
        Color::Indexed(n) => put(bytes, format_args!("{};5;{n};", base + 8)),
        Color::Rgb(r, g, b) => put(bytes, format_args!("{};2;{r};{g};{b};", base + 8)),
        named => {
            // The bright half of the palette has codes of its own; any other colour is the terminal's.
            let codes = (base..base + 8).chain(base + 60..base + 68);
            let code = codes.zip(PALETTE).find(|(_, one)| *one == named).map_or(base + 9, |(code, _)| code);
            put(bytes, format_args!("{code};"));
        }
    }
}

/// Writes formatted bytes; a vector takes them all.
pub(super) fn put(bytes: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = bytes.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: (Color, Modifier), to: (Color, Modifier)) -> String {
        let pen = |(fg, modifier)| Pen { fg, bg: Color::Reset, modifier };
        let mut bytes = Vec::new();
        pen(to).write_after(pen(from), &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn only_what_differs_is_said() {
        let (plain, bold) = (Modifier::empty(), Modifier::BOLD);
        let both = Modifier::BOLD | Modifier::REVERSED;
        assert_eq!(change((Color::Red, bold), (Color::Red, bold)), "");
        assert_eq!(change((Color::Reset, plain), (Color::LightCyan, bold)), "\x1b[1;96m");
        assert_eq!(change((Color::Red, bold), (Color::Red, both)), "\x1b[7m");
        assert_eq!(change((Color::Red, both), (Color::Red, bold)), "\x1b[0;1;31m");
        assert_eq!(change((Color::Red, plain), (Color::Reset, plain)), "\x1b[m");
        assert_eq!(change((Color::Red, bold), (Color::Reset, bold)), "\x1b[39m");
        assert_eq!(change((Color::Reset, plain), (Color::Rgb(1, 2, 3), plain)), "\x1b[38;2;1;2;3m");
    }
}
