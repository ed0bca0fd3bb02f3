//! A frame as an SVG picture: what a good terminal would show, the same on every machine.
//!
//! Lines and arrows are drawn as shapes, because fonts leave gaps between them; text is fitted to its cells, so that
//! any monospaced font keeps the columns.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

/// Size of a cell and of the window's dress, in pixels.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 19;
const MARGIN: u16 = 10;
const TITLE: u16 = 30;
/// Where letters stand, down from the top of their cell.
const BASELINE: u16 = 14;

const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d6d9de";
const TITLE_BAR: &str = "#262a31";

/// The 16 palette colours, as a calm dark terminal has them.
const PALETTE: [&str; 16] = [
    "#16181d", "#d9635c", "#7cb668", "#d1a656", "#6b9bd2", "#b58bc9", "#5fb3b3", "#c3c8d0", "#7d8590",
    "#f08a84", "#9fd38c", "#ecc878", "#8fbcf0", "#d3aee4", "#84d3d3", "#ffffff",
];

/// A frame and where the terminal's cursor stands, if it is shown.
pub type Shot = (Buffer, Option<Position>);

/// The picture of a frame.
pub fn svg(shot: &Shot, title: &str) -> String {
    let mut out = window(&shot.0, title);
    body(&mut out, shot);
    out.push_str("</svg>\n");
    out
}

/// Seconds for which each frame of a moving picture is seen.
const SECONDS: f32 = 1.4;

/// A picture of frames of one size, one after the other, again and again. Without animation the last one is seen.
pub fn film(shots: &[Shot], title: &str) -> String {
    let Some((first, _)) = shots.first() else { return String::new() };
    let mut out = window(first, title);
    let count = u16::try_from(shots.len()).unwrap_or(u16::MAX);
    let share = 100.0 / f32::from(count);
    let whole = SECONDS * f32::from(count);
    let _ = writeln!(
        out,
        "<style>.s{{visibility:hidden;animation:s {whole:.1}s step-end infinite}}.s:last-of-type{{visibility:visible}}\
         @keyframes s{{0%{{visibility:visible}}{share:.3}%{{visibility:hidden}}}}</style>"
    );
    for (number, shot) in (0u16..).zip(shots) {
        // A delay below zero starts in the middle: all frames share one clock.
        let delay = SECONDS * f32::from(number) - whole;
        let _ = writeln!(out, "<g class=\"s\" style=\"animation-delay:{delay:.1}s\">");
        body(&mut out, shot);
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

/// The window around a frame.
fn window(frame: &Buffer, title: &str) -> String {
    let width = frame.area.width * WIDTH + 2 * MARGIN;
    let height = frame.area.height * HEIGHT + 2 * MARGIN + TITLE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"15\">\n\
         <title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <path d=\"M0 {TITLE}V8a8 8 0 0 1 8-8H{right}a8 8 0 0 1 8 8V{TITLE}z\" fill=\"{TITLE_BAR}\"/>\n\
         <text x=\"{middle}\" y=\"20\" text-anchor=\"middle\" fill=\"{grey}\" font-size=\"13\">{title}</text>\n",
        title = escaped(title),
        right = width - 8,
        middle = width / 2,
        grey = PALETTE[8],
    )
}

/// What stands in the window.
fn body(out: &mut String, (frame, cursor): &Shot) {
    for y in 0..frame.area.height {
        row(out, frame, y);
    }
    if let Some(cursor) = cursor {
        let (x, y) = corner(cursor.x, cursor.y);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"2\" height=\"{HEIGHT}\" fill=\"{FOREGROUND}\"/>"
        );
    }
}

/// Neighbouring cells of one look.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
}

#[derive(Clone, Copy, PartialEq)]
struct Look {
    fg: &'static str,
    bg: Option<&'static str>,
    modifier: Modifier,
}

fn row(out: &mut String, frame: &Buffer, y: u16) {
    for run in runs(frame, y) {
        let (x, top) = corner(run.x, y);
        let width = run.cells * WIDTH;
        if let Some(bg) = run.look.bg {
            let _ = writeln!(
                out,
                "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{bg}\"/>"
            );
        }
        if run.look.modifier.contains(Modifier::UNDERLINED) {
            let line = top + BASELINE + 2;
            let _ = writeln!(out, "<path d=\"M{x} {line}.5h{width}\" stroke=\"{}\"/>", run.look.fg);
        }
        if let Some(shape) = shape(&run.text) {
            let path = shape_path(shape, run.cells, x, top);
            let paint = if matches!(shape, Shape::Lines(_)) { "fill=\"none\" stroke" } else { "fill" };
            let _ = writeln!(out, "<path d=\"{path}\" {paint}=\"{}\"/>", run.look.fg);
        } else if !run.text.trim().is_empty() {
            text(out, &run, x, top);
        }
    }
}

fn text(out: &mut String, run: &Run, x: u16, top: u16) {
    let trimmed = run.text.trim_end();
    let cells = run.cells - u16::try_from(run.text.len() - trimmed.len()).unwrap_or(0);
    let lead = u16::try_from(trimmed.len() - trimmed.trim_start().len()).unwrap_or(0);
    let bold = if run.look.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let italic = if run.look.modifier.contains(Modifier::ITALIC) { " font-style=\"italic\"" } else { "" };
    let dim = if run.look.modifier.contains(Modifier::DIM) { " opacity=\"0.6\"" } else { "" };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"{bold}{italic}{dim} \
         xml:space=\"preserve\">{}</text>",
        x + lead * WIDTH,
        top + BASELINE,
        (cells - lead) * WIDTH,
        run.look.fg,
        escaped(trimmed.trim_start()),
    );
}

/// Cells of one look in one go; a shape, a wide character, or text.
fn runs(frame: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < frame.area.width {
        let Some(cell) = frame.cell((x, y)) else { break };
        let symbol = cell.symbol();
        let cells = if unicode_width::UnicodeWidthStr::width(symbol) == 2 { 2 } else { 1 };
        let look = look(cell);
        let alone = cells == 2 || shape(symbol).is_some_and(|shape| shape != Shape::Lines(HORIZONTAL));
        match runs.last_mut() {
            Some(last)
                if !alone
                    && last.look == look
                    && last.x + last.cells == x
                    && shape(&last.text) == shape(symbol)
                    && !last.text.ends_with(|c| unicode_width::UnicodeWidthChar::width(c) == Some(2)) =>
            {
                last.cells += 1;
                last.text.push_str(symbol);
            }
            _ => runs.push(Run { x, cells, text: symbol.to_owned(), look }),
        }
        x += cells;
    }
    runs
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Which of left, right, up, down the lines reach, as bits.
    Lines(u8),
    /// A triangle pointing right.
    Closed,
    /// A triangle pointing down.
    Open,
}

const LEFT: u8 = 1;
const RIGHT: u8 = 2;
const UP: u8 = 4;
const DOWN: u8 = 8;
const HORIZONTAL: u8 = LEFT | RIGHT;

/// The shape that this text is; a row of `─` is one line.
fn shape(text: &str) -> Option<Shape> {
    let first = text.chars().next()?;
    let lines = match first {
        '─' => HORIZONTAL,
        '│' => UP | DOWN,
        '┌' => RIGHT | DOWN,
        '┐' => LEFT | DOWN,
        '└' => RIGHT | UP,
        '┘' => LEFT | UP,
        '├' => UP | DOWN | RIGHT,
        '┤' => UP | DOWN | LEFT,
        '┬' => HORIZONTAL | DOWN,
        '┴' => HORIZONTAL | UP,
        '┼' => HORIZONTAL | UP | DOWN,
        '►' => return Some(Shape::Closed),
        '▼' => return Some(Shape::Open),
        _ => return None,
    };
    Some(Shape::Lines(lines))
}

fn shape_path(shape: Shape, cells: u16, x: u16, top: u16) -> String {
    let (middle_x, middle_y) = (x + WIDTH / 2, top + HEIGHT / 2);
    let (right, bottom) = (x + cells * WIDTH, top + HEIGHT);
    let mut path = String::new();
    match shape {
        Shape::Lines(lines) => {
            let from = if lines & LEFT != 0 { x } else { middle_x };
            let to = if lines & RIGHT != 0 { right } else { middle_x };
            if lines & HORIZONTAL != 0 {
                // A line's own half pixel closes the corners.
                let _ =
                    write!(path, "M{from} {middle_y}.5H{to}{}", if lines & RIGHT == 0 { ".5" } else { "" });
            }
            let from = if lines & UP != 0 { top } else { middle_y };
            let to = if lines & DOWN != 0 { bottom } else { middle_y };
            if lines & (UP | DOWN) != 0 {
                let _ = write!(path, "M{middle_x}.5 {from}V{to}");
            }
        }
        Shape::Closed => {
            let _ = write!(path, "M{} {}l6 4.5l-6 4.5z", x + 2, middle_y - 4);
        }
        Shape::Open => {
            let _ = write!(path, "M{} {}h8l-4 6.5z", x + 1, middle_y - 3);
        }
    }
    path
}

fn look(cell: &Cell) -> Look {
    let fg = colour(cell.fg).unwrap_or(FOREGROUND);
    let bg = colour(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        Look { fg: bg.unwrap_or(BACKGROUND), bg: Some(fg), modifier: cell.modifier }
    } else {
        Look { fg, bg, modifier: cell.modifier }
    }
}

/// `None` for the terminal's own colour. Pictures are made of themes that stay within the palette.
fn colour(colour: Color) -> Option<&'static str> {
    let n = match colour {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(n) => usize::from(n),
        Color::Reset | Color::Rgb(..) => return None,
    };
    PALETTE.get(n).copied()
}

fn corner(x: u16, y: u16) -> (u16, u16) {
    (MARGIN + x * WIDTH, TITLE + MARGIN + y * HEIGHT)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
