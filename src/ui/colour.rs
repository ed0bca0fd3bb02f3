//! Colours on terminals that have fewer of them, and whether text can be read.
//!
//! A theme may name any of 16 million colours. Where a terminal has 256 or 16, each face wears the nearest pair that
//! is as legible as the theme meant it, up to the 4.5 to 1 that is asked of text (WCAG 2.1, 1.4.3). What the 16
//! palette colours look like is the terminal's affair; they are judged by xterm's palette and by that of Windows'
//! console, and must be legible in both.

use ratatui::style::Color;

/// Red, green, blue.
pub type Rgb = (u8, u8, u8);

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The palette.
    Sixteen,
    /// The palette, a cube of 216 colours and 24 greys.
    Indexed,
    /// All.
    Full,
}

/// The contrast that text needs.
pub const LEGIBLE: f64 = 4.5;
/// The contrast that lines need.
pub const VISIBLE: f64 = 3.0;

/// The palette's colours by their numbers.
pub const PALETTE: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// xterm's palette as it comes.
pub const XTERM: [Rgb; 16] = [
    (0x00, 0x00, 0x00),
    (0xCD, 0x00, 0x00),
    (0x00, 0xCD, 0x00),
    (0xCD, 0xCD, 0x00),
    (0x00, 0x00, 0xEE),
    (0xCD, 0x00, 0xCD),
    (0x00, 0xCD, 0xCD),
    (0xE5, 0xE5, 0xE5),
    (0x7F, 0x7F, 0x7F),
    (0xFF, 0x00, 0x00),
    (0x00, 0xFF, 0x00),
    (0xFF, 0xFF, 0x00),
    (0x5C, 0x5C, 0xFF),
    (0xFF, 0x00, 0xFF),
    (0x00, 0xFF, 0xFF),
    (0xFF, 0xFF, 0xFF),
];

/// That of Windows' console since 2017 ("Campbell").
pub const WINDOWS: [Rgb; 16] = [
    (0x0C, 0x0C, 0x0C),
    (0xC5, 0x0F, 0x1F),
    (0x13, 0xA1, 0x0E),
    (0xC1, 0x9C, 0x00),
    (0x00, 0x37, 0xDA),
    (0x88, 0x17, 0x98),
    (0x3A, 0x96, 0xDD),
    (0xCC, 0xCC, 0xCC),
    (0x76, 0x76, 0x76),
    (0xE7, 0x48, 0x56),
    (0x16, 0xC6, 0x0C),
    (0xF9, 0xF1, 0xA5),
    (0x3B, 0x78, 0xFF),
    (0xB4, 0x00, 0x9E),
    (0x61, 0xD6, 0xD6),
    (0xF2, 0xF2, 0xF2),
];

/// What a colour looks like in each palette. `default` is what the terminal's own colour is taken to be.
pub fn looks(colour: Color, default: Color) -> [Rgb; 2] {
    if let Some(number) = PALETTE.iter().position(|known| *known == colour) {
        let of = |palette: &[Rgb; 16]| palette.get(number).copied().unwrap_or_default();
        return [of(&XTERM), of(&WINDOWS)];
    }
    match colour {
        Color::Rgb(r, g, b) => [(r, g, b); 2],
        Color::Indexed(number) if usize::from(number) < PALETTE.len() => {
            PALETTE.get(usize::from(number)).map_or([(0, 0, 0); 2], |named| looks(*named, default))
        }
        Color::Indexed(number) => [fixed(number); 2],
        _ if default != Color::Reset => looks(default, Color::Reset),
        _ => [(0, 0, 0); 2],
    }
}

/// A colour of the cube (16 to 231) or a grey (232 to 255), as every terminal has them.
fn fixed(number: u8) -> Rgb {
    let step = |n: u8| if n == 0 { 0 } else { n * 40 + 55 };
    match number {
        232.. => {
            let grey = (number - 232) * 10 + 8;
            (grey, grey, grey)
        }
        16.. => {
            let n = number - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        _ => (0, 0, 0),
    }
}

/// The contrast of two colours, from 1 to 21 (WCAG 2.1), in the palette where it is least.
pub fn contrast(a: [Rgb; 2], b: [Rgb; 2]) -> f64 {
    let of = |a: Rgb, b: Rgb| {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    a.into_iter().zip(b).map(|(a, b)| of(a, b)).fold(f64::INFINITY, f64::min)
}

fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// How unlike two colours are, roughly as eyes see it.
fn distance(a: Rgb, b: Rgb) -> f64 {
    let part = |a: u8, b: u8, weight: f64| weight * (f64::from(a) - f64::from(b)).powi(2);
    part(a.0, b.0, 3.0) + part(a.1, b.1, 4.0) + part(a.2, b.2, 2.0)
}

/// The colours of a depth; of the 256 without the palette, whose looks are not known.
fn colours(depth: Depth) -> Vec<Color> {
    match depth {
        Depth::Sixteen => PALETTE.to_vec(),
        _ => (16..=255).map(Color::Indexed).collect(),
    }
}

/// How far a colour of the terminal's is from one that is wanted.
fn off(colour: Color, wanted: Rgb) -> f64 {
    looks(colour, Color::Reset).into_iter().map(|shown| distance(shown, wanted)).sum()
}

/// The nearest colour that this depth has.
pub fn nearest(wanted: Rgb, depth: Depth) -> Color {
    let all = colours(depth).into_iter();
    all.min_by(|a, b| off(*a, wanted).total_cmp(&off(*b, wanted))).unwrap_or(Color::Reset)
}

/// The nearest colour for text that is as legible on each of these grounds as `least` says; where none is, the most
/// legible one.
pub fn legible_on(wanted: Rgb, grounds: &[Color], least: f64, depth: Depth) -> Color {
    let reads = |colour: Color| {
        let shown = looks(colour, Color::Reset);
        grounds
            .iter()
            .map(|ground| contrast(shown, looks(*ground, Color::Black)))
            .fold(f64::INFINITY, f64::min)
    };
    let all = colours(depth);
    let legible = all.iter().copied().filter(|colour| reads(*colour) >= least);
    let nearest = legible.min_by(|a, b| off(*a, wanted).total_cmp(&off(*b, wanted)));
    nearest.or_else(|| all.into_iter().max_by(|a, b| reads(*a).total_cmp(&reads(*b)))).unwrap_or(Color::Reset)
}

/// The nearest pair of text and ground that is as legible as `least` says.
pub fn legible_pair(text: Rgb, ground: Rgb, least: f64, depth: Depth) -> (Color, Color) {
    // Of 240 × 240 pairs the grounds that are near are looked at, nearest first.
    let mut grounds = colours(depth);
    grounds.sort_by(|a, b| off(*a, ground).total_cmp(&off(*b, ground)));
    let mut best: Option<(f64, (Color, Color))> = None;
    for ground_colour in grounds.into_iter().take(16) {
        let text_colour = legible_on(text, &[ground_colour], least, depth);
        let reads = contrast(looks(text_colour, Color::Reset), looks(ground_colour, Color::Reset));
        let cost = off(text_colour, text) + off(ground_colour, ground);
        if reads >= least && best.is_none_or(|(known, _)| cost < known) {
            best = Some((cost, (text_colour, ground_colour)));
        }
    }
    best.map_or((Color::White, Color::Black), |(_, pair)| pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_the_guidelines_count_it() {
        let of = |a: Rgb, b: Rgb| format!("{:.2}", contrast([a; 2], [b; 2]));
        assert_eq!(of((0, 0, 0), (255, 255, 255)), "21.00");
        assert_eq!(of((0x77, 0x77, 0x77), (255, 255, 255)), "4.48");
        assert_eq!(of((9, 9, 9), (9, 9, 9)), "1.00");
        let grey = looks(Color::DarkGray, Color::Reset);
        let black = looks(Color::Black, Color::Reset);
        assert!(contrast(grey, black) < LEGIBLE, "on Windows' console; on xterm it is legible");
    }

    #[test]
    fn the_cube_and_the_greys_are_where_terminals_have_them() {
        assert_eq!(fixed(16), (0, 0, 0));
        assert_eq!(fixed(208), (0xFF, 0x87, 0x00));
        assert_eq!(fixed(231), (0xFF, 0xFF, 0xFF));
        assert_eq!(fixed(232), (8, 8, 8));
        assert_eq!(fixed(255), (0xEE, 0xEE, 0xEE));
    }

    #[test]
    fn a_colour_that_a_terminal_lacks_becomes_its_nearest() {
        assert_eq!(nearest((0xFF, 0x88, 0x02), Depth::Indexed), Color::Indexed(208));
        assert_eq!(nearest((0x10, 0x10, 0x18), Depth::Sixteen), Color::Black);
        assert_eq!(nearest((0xF0, 0xF0, 0xE8), Depth::Sixteen), Color::White);
    }

    #[test]
    fn what_could_not_be_read_gives_way() {
        let dim = (0x50, 0x50, 0x50);
        let read = legible_on(dim, &[Color::Black], LEGIBLE, Depth::Sixteen);
        assert!(contrast(looks(read, Color::Reset), looks(Color::Black, Color::Reset)) >= LEGIBLE);
        for depth in [Depth::Sixteen, Depth::Indexed] {
            for ground in [(0x24, 0x48, 0x5F), (0xDC, 0xD0, 0xB4), (0x7F, 0x7F, 0x7F)] {
                let (text, ground) = legible_pair((0xD6, 0xE2, 0xEA), ground, LEGIBLE, depth);
                assert!(contrast(looks(text, Color::Reset), looks(ground, Color::Reset)) >= LEGIBLE);
            }
        }
    }
}
