//! From frames to the cells of a Windows console that knows no escape sequences (before Windows 10 1511).
//!
//! Such a console takes rectangles of cells, each a UTF-16 unit and a word of attributes with 16 colours. Writing cells
//! moves no cursor and scrolls nothing, so the last column and the last row need no care. What changed is written as
//! one rectangle around all of it: half a frame is never seen.

use ratatui::buffer::{Buffer, Cell as Painted};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthStr;

use super::colour::{Depth, PALETTE, VISIBLE, contrast, looks, nearest};

/// The two halves of a wide character, and a line under the text: `COMMON_LVB_LEADING_BYTE`, `…_TRAILING_BYTE`,
/// `…_UNDERSCORE`.
const LEADING: u16 = 0x0100;
const TRAILING: u16 = 0x0200;
const UNDERSCORE: u16 = 0x8000;

/// What a cell of the console holds: a `CHAR_INFO`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The character, one UTF-16 unit.
    pub unit: u16,
    /// Text colour (bits 0 to 3), ground (4 to 7), and flags.
    pub attributes: u16,
}

/// A rectangle of cells, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Its first column.
    pub left: u16,
    /// Its first row.
    pub top: u16,
    /// Its columns; there are whole rows of cells, and at least one.
    pub width: u16,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// What turns the picture on the console into the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// What is to be written, if anything.
    pub patch: Option<Patch>,
    /// Where the cursor is shown, if it is.
    pub cursor: Option<(u16, u16)>,
}

/// What is known of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings {
    /// The attributes it writes with by itself: the user's own colours.
    pub attributes: u16,
    /// Whether its code page has characters of two bytes, which are two cells wide. Others have none of them.
    pub is_double_byte: bool,
}

/// The console's screen as it is, and how to make it another.
#[derive(Debug)]
pub struct Screen {
    area: Rect,
    around: Surroundings,
    /// Every cell, row by row; none while it is not known what the console shows.
    shown: Vec<Cell>,
}

impl Screen {
    /// A screen of this many cells; either may be 0. Nothing is known of what it shows.
    pub fn new(width: u16, height: u16, around: Surroundings) -> Self {
        Self { area: Rect::new(0, 0, width, height), around, shown: Vec::new() }
    }

    /// The window has another size now; the next frame writes every cell.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.area = Rect::new(0, 0, width, height);
        self.repaint();
    }

    /// Something else wrote on the console: the next frame writes every cell.
    pub fn repaint(&mut self) {
        self.shown.clear();
    }

    /// What turns what the console shows into the frame that `paint` paints. It returns where the cursor is wanted.
    pub fn frame(&mut self, paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> Update {
        let mut buffer = Buffer::empty(self.area);
        let cursor = paint(&mut buffer).filter(|cursor| self.area.contains(*cursor));
        let before = std::mem::replace(&mut self.shown, cells(&buffer, self.around));
        Update { patch: self.patch(&before), cursor: cursor.map(|cursor| (cursor.x, cursor.y)) }
    }

    /// The rectangle around the cells that were others before.
    fn patch(&self, before: &[Cell]) -> Option<Patch> {
        let columns = usize::from(self.area.width).max(1);
        let places = (0..self.shown.len()).filter(|&at| before.get(at) != self.shown.get(at));
        let (mut left, mut right, mut top, mut bottom) = (columns, 0, usize::MAX, 0);
        for (column, row) in places.map(|at| (at % columns, at / columns)) {
            (left, right) = (left.min(column), right.max(column));
            (top, bottom) = (top.min(row), bottom.max(row));
        }
        let rows = self.shown.chunks(columns).skip(top).take((bottom + 1).saturating_sub(top));
        let cells: Vec<Cell> = rows.filter_map(|row| row.get(left..=right)).flatten().copied().collect();
        let number = |n: usize| u16::try_from(n).ok();
        let (left, top, width) = (number(left)?, number(top)?, number((right + 1).saturating_sub(left))?);
        (!cells.is_empty()).then_some(Patch { left, top, width, cells })
    }
}

/// Every cell of a buffer, as the console takes them.
fn cells(buffer: &Buffer, around: Surroundings) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(buffer.content().len());
    for row in buffer.content().chunks(usize::from(buffer.area.width).max(1)) {
        let mut painted = row.iter();
        while let Some(cell) = painted.next() {
            let unit = unit(cell.symbol());
            let attributes = attributes(cell, around.attributes);
            // The right half of a wide character lies over the next cell.
            if cell.symbol().width() < 2 || painted.next().is_none() {
                cells.push(Cell { unit, attributes });
            } else if around.is_double_byte {
                cells.extend([LEADING, TRAILING].map(|half| Cell { unit, attributes: attributes | half }));
            } else {
                // Whatever the font has for it is one cell wide.
                cells.extend([unit, u16::from(b' ')].map(|unit| Cell { unit, attributes }));
            }
        }
    }
    cells
}

/// The one unit that shows a symbol. What has none is a question mark, as the console itself does it.
fn unit(symbol: &str) -> u16 {
    let mut composed = symbol.nfc();
    let unit = match (composed.next(), composed.next()) {
        (Some(c), None) => u16::try_from(u32::from(c)).ok(),
        _ => None,
    };
    unit.unwrap_or(u16::from(b'?'))
}

/// The number that the console has for a colour: red and blue change places in the palette's.
fn number(colour: Color) -> Option<u16> {
    let known = match colour {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => nearest((r, g, b), Depth::Sixteen),
        Color::Indexed(n) if n >= 16 => nearest(looks(colour, Color::Reset)[0], Depth::Sixteen),
        Color::Indexed(n) => PALETTE.get(usize::from(n)).copied().unwrap_or(Color::Gray),
        named => named,
    };
    let ansi = PALETTE.iter().position(|named| *named == known).and_then(|at| u16::try_from(at).ok())?;
    Some(exchanged(ansi))
}

/// A colour's number with the bits of red and blue in each other's place.
fn exchanged(number: u16) -> u16 {
    number & 0b1010 | (number & 1) << 2 | number >> 2 & 1
}

/// The contrast of two of the console's colours.
fn reads(text: u16, ground: u16) -> f64 {
    let of = |number| PALETTE.get(usize::from(exchanged(number))).copied().unwrap_or(Color::Reset);
    contrast(looks(of(text), Color::Reset), looks(of(ground), Color::Reset))
}

/// A cell's attributes on a console whose own are `own`.
fn attributes(cell: &Painted, own: u16) -> u16 {
    let mut text = number(cell.fg).unwrap_or(own & 0xF);
    let mut ground = number(cell.bg).unwrap_or(own >> 4 & 0xF);
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut text, &mut ground);
    }
    let emphasis = Modifier::BOLD | Modifier::UNDERLINED;
    // There is no bold: text that stands out is bright, unless that could be read less well. The line under a text is
    // not drawn before Windows 10, so it is bright as well.
    if cell.modifier.intersects(emphasis) && reads(text | 8, ground) > reads(text, ground) {
        text |= 8;
    }
    // The other way round for what is said in passing.
    let grey = exchanged(8);
    if cell.modifier.contains(Modifier::DIM) && cell.fg == Color::Reset && reads(grey, ground) >= VISIBLE {
        text = grey;
    }
    let line = if cell.modifier.contains(Modifier::UNDERLINED) { UNDERSCORE } else { 0 };
    text | ground << 4 | line
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Style;

    use super::*;

    const AROUND: Surroundings = Surroundings { attributes: 0x07, is_double_byte: false };
    const WIDTH: u16 = 20;
    const HEIGHT: u16 = 4;

    type Stroke = (u16, u16, String, Style);

    fn paint(screen: &mut Screen, strokes: &[Stroke], cursor: Option<(u16, u16)>) -> Update {
        screen.frame(|buffer| {
            for (x, y, text, style) in strokes {
                if buffer.area.contains(Position::new(*x, *y)) {
                    buffer.set_stringn(*x, *y, text, usize::from(buffer.area.width), *style);
                }
            }
            cursor.map(Position::from)
        })
    }

    /// A console that does what it is told.
    struct Console(Vec<Cell>);

    impl Console {
        fn new() -> Self {
            let rubbish = Cell { unit: u16::from(b'#'), attributes: 0x1F };
            Self(vec![rubbish; usize::from(WIDTH) * usize::from(HEIGHT)])
        }

        fn write(&mut self, update: &Update) {
            let Some(patch) = &update.patch else { return };
            assert!(!patch.cells.is_empty() && patch.cells.len().is_multiple_of(usize::from(patch.width)));
            for (row, cells) in patch.cells.chunks(usize::from(patch.width)).enumerate() {
                let start = (usize::from(patch.top) + row) * usize::from(WIDTH) + usize::from(patch.left);
                self.0[start..start + cells.len()].copy_from_slice(cells);
            }
        }
    }

    fn text(x: u16, y: u16, text: &str) -> Stroke {
        (x, y, text.to_owned(), Style::new())
    }

    fn units(update: &Update) -> String {
        let patch = update.patch.as_ref().unwrap();
        String::from_utf16(&patch.cells.iter().map(|cell| cell.unit).collect::<Vec<_>>()).unwrap()
    }

    fn attributes_of(style: Style, own: u16) -> u16 {
        let mut cell = Painted::default();
        cell.set_style(style);
        attributes(&cell, own)
    }

    #[test]
    fn only_the_rectangle_around_what_changed_is_written() {
        let mut screen = Screen::new(WIDTH, HEIGHT, AROUND);
        let all = paint(&mut screen, &[text(2, 1, "abc"), text(0, 3, "x")], None);
        assert_eq!(all.patch.as_ref().unwrap().cells.len(), usize::from(WIDTH * HEIGHT));
        let none = paint(&mut screen, &[text(2, 1, "abc"), text(0, 3, "x")], Some((4, 1)));
        assert_eq!(none, Update { patch: None, cursor: Some((4, 1)) });
        let some = paint(&mut screen, &[text(2, 1, "aBc"), text(0, 3, "xy")], None);
        let patch = some.patch.as_ref().unwrap();
        assert_eq!((patch.left, patch.top, patch.width), (1, 1, 3));
        assert_eq!((units(&some).as_str(), some.cursor), (" aB   y  ", None));
    }

    #[test]
    fn the_last_cell_is_a_cell_like_every_other() {
        let mut screen = Screen::new(WIDTH, HEIGHT, AROUND);
        paint(&mut screen, &[], None);
        let update = paint(&mut screen, &[text(WIDTH - 1, HEIGHT - 1, "!")], None);
        let cell = Cell { unit: u16::from(b'!'), attributes: 7 };
        let patch = Patch { left: WIDTH - 1, top: HEIGHT - 1, width: 1, cells: vec![cell] };
        assert_eq!(update.patch, Some(patch));
    }

    #[test]
    fn red_and_blue_have_each_others_bits() {
        let of = |style| attributes_of(style, 0x07);
        assert_eq!(of(Style::new()), 0x07);
        assert_eq!(of(Style::new().fg(Color::Red)), 0x04);
        assert_eq!(of(Style::new().fg(Color::Blue).bg(Color::Yellow)), 0x61);
        assert_eq!(of(Style::new().fg(Color::LightCyan).bg(Color::DarkGray)), 0x8B);
        assert_eq!(of(Style::new().fg(Color::White).bg(Color::Indexed(4))), 0x1F);
        assert_eq!(of(Style::new().fg(Color::Rgb(240, 60, 70))), 0x0C);
        assert_eq!(of(Style::new().fg(Color::Indexed(16)).bg(Color::Indexed(231))), 0xF0);
        for number in 0..16 {
            assert_eq!(exchanged(exchanged(number)), number);
        }
    }

    #[test]
    fn attributes_that_the_console_lacks_become_colours() {
        let style = |modifier| Style::new().add_modifier(modifier);
        assert_eq!(attributes_of(style(Modifier::REVERSED), 0x07), 0x70);
        assert_eq!(attributes_of(style(Modifier::REVERSED), 0x1F), 0xF1);
        assert_eq!(attributes_of(style(Modifier::BOLD), 0x07), 0x0F);
        assert_eq!(attributes_of(style(Modifier::BOLD), 0xF0), 0xF0, "grey on white is no emphasis");
        assert_eq!(attributes_of(style(Modifier::BOLD | Modifier::UNDERLINED), 0x07), 0x800F);
        assert_eq!(attributes_of(style(Modifier::DIM), 0x07), 0x08);
        assert_eq!(attributes_of(style(Modifier::DIM), 0x70), 0x70, "grey on grey could not be read");
        assert_eq!(attributes_of(style(Modifier::ITALIC), 0x07), 0x07);
    }

    #[test]
    fn every_symbol_is_one_unit() {
        let a = u16::from(b'a');
        assert_eq!([unit("a"), unit("─"), unit("管"), unit("é")], [a, 0x2500, 0x7BA1, 0xE9]);
        assert_eq!(unit("e\u{301}"), 0xE9, "composed");
        assert_eq!([unit("q\u{301}"), unit("😀"), unit("")], [u16::from(b'?'); 3]);
    }

    #[test]
    fn a_wide_character_is_two_halves_or_a_sign_and_a_blank() {
        let halves = |is_double_byte| {
            let mut screen = Screen::new(4, 1, Surroundings { is_double_byte, ..AROUND });
            paint(&mut screen, &[text(0, 0, "a管b")], None).patch.unwrap().cells
        };
        let cell = |unit, attributes| Cell { unit, attributes };
        let (a, b, blank) = (cell(0x61, 7), cell(0x62, 7), cell(0x20, 7));
        assert_eq!(halves(true), [a, cell(0x7BA1, 0x107), cell(0x7BA1, 0x207), b]);
        assert_eq!(halves(false), [a, cell(0x7BA1, 7), blank, b]);
    }

    #[test]
    fn a_new_size_and_a_repaint_write_everything() {
        let mut screen = Screen::new(3, 1, AROUND);
        assert_eq!(units(&paint(&mut screen, &[text(0, 0, "abc")], None)), "abc");
        screen.resize(2, 2);
        assert_eq!(units(&paint(&mut screen, &[text(0, 0, "ab")], None)), "ab  ");
        screen.repaint();
        assert_eq!(units(&paint(&mut screen, &[text(0, 0, "ab")], None)), "ab  ");
        for (width, height) in [(0, 5), (5, 0), (0, 0)] {
            screen.resize(width, height);
            assert_eq!(paint(&mut screen, &[text(0, 0, "a")], None).patch, None);
        }
    }

    fn stroke() -> impl Strategy<Value = Stroke> {
        let style = prop_oneof![
            Just(Style::new()),
            Just(Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)),
            Just(Style::new().bg(Color::Rgb(1, 2, 200)).add_modifier(Modifier::REVERSED)),
        ];
        (0..WIDTH, 0..HEIGHT, "([a-c ]|─|管|é|e\u{301}){0,20}", style)
    }

    proptest! {
        /// A console that was told every change shows what one shows that was told only the last frame.
        #[test]
        fn changes_add_up_to_the_frame(
            is_double_byte: bool,
            frames in proptest::collection::vec(proptest::collection::vec(stroke(), 0..6), 1..6),
        ) {
            let around = Surroundings { is_double_byte, ..AROUND };
            let mut screen = Screen::new(WIDTH, HEIGHT, around);
            let mut console = Console::new();
            for strokes in frames {
                console.write(&paint(&mut screen, &strokes, None));
                let mut fresh = Console::new();
                fresh.write(&paint(&mut Screen::new(WIDTH, HEIGHT, around), &strokes, None));
                prop_assert_eq!(&console.0, &fresh.0);
            }
        }
    }
}
