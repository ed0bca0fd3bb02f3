//! From frames to the bytes that make a terminal show them.
//!
//! ratatui finds the cells that changed; this writes them: one string of bytes for a frame, meant for one `write`,
//! inside a synchronized update so that no half frame is seen. Over a slow line every byte is felt, and a cursor
//! movement changes a few scattered cells, so short gaps are written over instead of jumped, attributes change only
//! where they differ, and a frame without a difference is no bytes at all.
//!
//! Only sequences that every terminal with an alternate screen knows are used, and none that asks for an answer.

use std::convert::Infallible;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::pen::{Pen, put};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// A gap up to this wide costs less to write over than to jump.
const GAP: u16 = 4;

/// From this many on, empty cells cost less to erase and to jump than to write.
const ERASE: u16 = 10;

/// The screen as the terminal shows it, and how to make it show another.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Encoder>,
}

impl Screen {
    /// A screen of this many cells; either may be 0. The terminal's cursor is taken to be hidden.
    pub fn new(width: u16, height: u16) -> Self {
        let size = Size { width, height };
        let encoder = Encoder {
            bytes: BEGIN.to_vec(),
            shown: Buffer::empty(Rect::from((Position::ORIGIN, size))),
            torn: Vec::new(),
            size,
            at: None,
            pen: Pen::default(),
            empty: (Position::ORIGIN, 0),
            cursor: Position::ORIGIN,
            cursor_wanted: false,
            cursor_shown: Some(false),
        };
        let Ok(terminal) = Terminal::new(encoder);
        let mut screen = Self { terminal };
        screen.repaint();
        screen
    }

    /// The window has another size now; the next frame draws every cell.
    pub fn resize(&mut self, width: u16, height: u16) {
        let encoder = self.terminal.backend_mut();
        encoder.size = Size { width, height };
        encoder.shown = Buffer::empty(Rect::from((Position::ORIGIN, encoder.size)));
        self.repaint();
    }

    /// Something else wrote on the terminal: the next frame draws every cell.
    pub fn repaint(&mut self) {
        let Ok(()) = self.terminal.clear();
        // Whatever it was may have shown the cursor as well.
        self.terminal.backend_mut().cursor_shown = None;
    }

    /// The bytes that turn what the terminal shows into the frame that `draw` draws. Empty when it shows it already.
    pub fn frame(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> Vec<u8> {
        let Ok(_) = self.terminal.draw(draw);
        self.terminal.backend_mut().finish()
    }
}

fn is_empty(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell).is_unseen_on_blanks()
}

/// Writes cells as escape sequences, and remembers what the terminal shows.
#[derive(Debug)]
struct Encoder {
    bytes: Vec<u8>,
    shown: Buffer,
    /// Cells to write once more because a neighbour was written over them.
    torn: Vec<Position>,
    size: Size,
    /// Where the terminal's cursor stands; `None` where terminals do not agree (behind the last column, behind a
    /// character that some draw wide).
    at: Option<Position>,
    pen: Pen,
    /// Where empty cells begin that are not written yet, and how many.
    empty: (Position, u16),
    cursor: Position,
    cursor_wanted: bool,
    /// `None`: not known.
    cursor_shown: Option<bool>,
}

impl Encoder {
    fn finish(&mut self) -> Vec<u8> {
        self.wear(Pen::default());
        if self.cursor_wanted {
            self.go(self.cursor);
        }
        if Some(self.cursor_wanted) != self.cursor_shown {
            self.bytes.extend_from_slice(if self.cursor_wanted { b"\x1b[?25h" } else { b"\x1b[?25l" });
            self.cursor_shown = Some(self.cursor_wanted);
        }
        if self.bytes.len() == BEGIN.len() {
            return Vec::new();
        }
        self.bytes.extend_from_slice(END);
        std::mem::replace(&mut self.bytes, BEGIN.to_vec())
    }

    fn go(&mut self, to: Position) {
        match self.at {
            Some(at) if at == to => return,
            Some(at) if at.y == to.y && at.x < to.x => {
                let gap = to.x - at.x;
                if gap > GAP || !self.write_over(at, gap) {
                    match gap {
                        1 => self.bytes.extend_from_slice(b"\x1b[C"),
                        _ => put(&mut self.bytes, format_args!("\x1b[{gap}C")),
                    }
                }
            }
            _ if to.x == 0 => put(&mut self.bytes, format_args!("\x1b[{}H", u32::from(to.y) + 1)),
            _ => put(&mut self.bytes, format_args!("\x1b[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1)),
        }
        self.at = Some(to);
    }

    /// Writes what is there once more, if that needs no other pen and is as many bytes as cells.
    fn write_over(&mut self, from: Position, gap: u16) -> bool {
        let before = self.bytes.len();
        for x in from.x..from.x + gap {
            match self.shown.cell((x, from.y)) {
                Some(cell) if self.suits(cell) && cell.symbol().len() == 1 => {
                    self.bytes.extend_from_slice(cell.symbol().as_bytes());
                }
                _ => {
                    self.bytes.truncate(before);
                    return false;
                }
            }
        }
        true
    }

    fn suits(&self, cell: &Cell) -> bool {
        Pen::of(cell) == self.pen || is_empty(cell) && self.pen.is_unseen_on_blanks()
    }

    fn wear(&mut self, pen: Pen) {
        pen.write_after(self.pen, &mut self.bytes);
        self.pen = pen;
    }

    fn cell(&mut self, to: Position, cell: &Cell) {
        if !is_empty(cell) {
            self.write_empty();
            self.write(to, cell);
        } else if let Some(gap) = self.gap_behind_empty(to) {
            self.empty.1 += gap + 1;
        } else {
            self.write_empty();
            self.empty = (to, 1);
        }
        self.remember(to, cell);
    }

    /// How far a cell is behind the empty ones before it, if those between are empty as well.
    fn gap_behind_empty(&self, to: Position) -> Option<u16> {
        let (start, count) = self.empty;
        let gap = to.x.checked_sub(start.x.checked_add(count)?)?;
        let between = (to.x - gap..to.x).all(|x| self.shown.cell((x, to.y)).is_some_and(is_empty));
        (count > 0 && start.y == to.y && between).then_some(gap)
    }

    fn write(&mut self, to: Position, cell: &Cell) {
        self.go_wearing(to, Pen::of(cell));
        self.bytes.extend_from_slice(cell.symbol().as_bytes());
        let mut chars = cell.symbol().chars();
        let alone = chars.next().filter(|_| chars.next().is_none());
        let sure = alone.is_some_and(|c| c.width() == Some(1)) && to.x + 1 < self.size.width;
        self.at = sure.then(|| Position::new(to.x + 1, to.y));
    }

    fn write_empty(&mut self) {
        let (start, count) = std::mem::take(&mut self.empty);
        if count == 0 {
            return;
        }
        let pen = if self.pen.is_unseen_on_blanks() && count < ERASE { self.pen } else { Pen::default() };
        self.go_wearing(start, pen);
        if count < ERASE {
            self.bytes.extend(std::iter::repeat_n(b' ', usize::from(count)));
            let end = start.x + count;
            self.at = (end < self.size.width).then(|| Position::new(end, start.y));
        } else {
            // Erasing does not move the cursor.
            put(&mut self.bytes, format_args!("\x1b[{count}X"));
        }
    }

    fn remember(&mut self, to: Position, cell: &Cell) {
        let last = Position::new(to.x.saturating_add(width(cell) - 1), to.y);
        if self.shown.cell(last).is_some_and(|old| width(old) == 2) {
            // The left half of a wide character is gone; what a terminal leaves of the right half differs.
            self.torn.push(Position::new(last.x + 1, last.y));
        }
        if let Some(shown) = self.shown.cell_mut(to) {
            shown.clone_from(cell);
        }
        if last != to
            && let Some(covered) = self.shown.cell_mut(last)
        {
            covered.reset();
        }
    }

    /// The gap before a cell may be written in the old pen or in the new one, whichever it wears.
    fn go_wearing(&mut self, to: Position, pen: Pen) {
        let gap_cell = self.at.filter(|at| at.y == to.y && at.x < to.x).and_then(|at| self.shown.cell(at));
        if gap_cell.is_some_and(|cell| self.suits(cell)) {
            self.go(to);
            self.wear(pen);
        } else {
            self.wear(pen);
            self.go(to);
        }
    }
}

/// Cells that a cell's symbol covers: 1 or 2.
fn width(cell: &Cell) -> u16 {
    if cell.symbol().len() > 1 && cell.symbol().width() == 2 { 2 } else { 1 }
}

impl Backend for Encoder {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.cell(Position::new(x, y), cell);
        }
        for torn in std::mem::take(&mut self.torn) {
            if let Some(cell) = self.shown.cell(torn).cloned() {
                self.cell(torn, &cell);
            }
        }
        self.write_empty();
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor_wanted = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.cursor_wanted = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.cursor = position.into();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.bytes.extend_from_slice(b"\x1b[m\x1b[2J");
        self.pen = Pen::default();
        self.at = None;
        self.shown.reset();
        Ok(())
    }

    /// Clears everything, whatever part is asked for: a full-screen terminal asks for nothing else.
    fn clear_region(&mut self, _: ClearType) -> Result<(), Infallible> {
        self.clear()
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    const WIDTH: u16 = 24;
    const HEIGHT: u16 = 4;

    /// A text set down somewhere in some style.
    type Stroke = (u16, u16, String, Style);

    fn paint(screen: &mut Screen, strokes: &[Stroke], cursor: Option<(u16, u16)>) -> Vec<u8> {
        screen.frame(|frame| {
            for (x, y, text, style) in strokes {
                let width = usize::from(frame.area().width);
                if frame.area().contains(Position::new(*x, *y)) {
                    frame.buffer_mut().set_stringn(*x, *y, text, width, *style);
                }
            }
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        })
    }

    #[test]
    fn the_cursor_is_shown_in_the_first_frame_and_after_a_repaint() {
        let mut screen = Screen::new(WIDTH, HEIGHT);
        let mut terminal = terminal();
        for _ in 0..2 {
            terminal.process(b"\x1b[?25l");
            terminal.process(&paint(&mut screen, &[], Some((3, 1))));
            assert!(!terminal.screen().hide_cursor());
            assert_eq!(terminal.screen().cursor_position(), (1, 3));
            screen.repaint();
        }
    }

    fn terminal() -> vt100::Parser {
        vt100::Parser::new(HEIGHT.try_into().unwrap(), WIDTH.try_into().unwrap(), 0)
    }

    fn painted(strokes: &[Stroke]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, style) in strokes {
            buffer.set_stringn(*x, *y, text, usize::from(WIDTH), *style);
        }
        buffer
    }

    fn vt_colour(colour: Color) -> vt100::Color {
        match colour {
            Color::Reset => vt100::Color::Default,
            Color::Red => vt100::Color::Idx(1),
            Color::LightCyan => vt100::Color::Idx(14),
            Color::Indexed(n) => vt100::Color::Idx(n),
            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
            other => panic!("{other}"),
        }
    }

    /// What a terminal shows is what was painted, cell by cell.
    fn assert_shows(terminal: &vt100::Parser, expected: &Buffer) {
        for y in 0..HEIGHT {
            let mut x = 0;
            while x < WIDTH {
                let cell = expected.cell((x, y)).unwrap();
                let seen = terminal.screen().cell(y, x).unwrap();
                let symbol = if seen.has_contents() { seen.contents() } else { " " };
                let ink = (seen.fgcolor(), seen.bold());
                let style = (ink, seen.bgcolor(), seen.inverse(), seen.underline());
                let wanted_ink = (vt_colour(cell.fg), cell.modifier.contains(Modifier::BOLD));
                let wanted = (
                    // An empty cell shows no ink.
                    if is_empty(cell) { ink } else { wanted_ink },
                    vt_colour(cell.bg),
                    cell.modifier.contains(Modifier::REVERSED),
                    cell.modifier.contains(Modifier::UNDERLINED),
                );
                assert_eq!((symbol, style), (cell.symbol(), wanted), "column {x}, row {y}");
                x += if seen.is_wide() { 2 } else { 1 };
            }
        }
    }

    fn stroke() -> impl Strategy<Value = Stroke> {
        let colour = prop_oneof![
            Just(Color::Reset),
            Just(Color::Red),
            Just(Color::LightCyan),
            Just(Color::Indexed(200)),
            Just(Color::Rgb(1, 2, 3))
        ];
        let modifier = prop_oneof![
            Just(Modifier::empty()),
            Just(Modifier::BOLD),
            Just(Modifier::REVERSED | Modifier::UNDERLINED)
        ];
        let style = (colour.clone(), colour, modifier)
            .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier));
        (0..WIDTH, 0..HEIGHT, "(([a-c ]|─|管|é|e\u{301}){0,8}| {8,20}){1,2}", style)
    }

    proptest! {
        #[test]
        fn a_terminal_shows_what_was_painted(
            frames in proptest::collection::vec(proptest::collection::vec(stroke(), 0..6), 1..6),
        ) {
            let mut screen = Screen::new(WIDTH, HEIGHT);
            let mut terminal = terminal();
            for strokes in frames {
                terminal.process(&paint(&mut screen, &strokes, None));
                assert_shows(&terminal, &painted(&strokes));
            }
        }
    }

    fn text(x: u16, y: u16, text: &str) -> Stroke {
        (x, y, text.to_owned(), Style::new())
    }

    #[test]
    fn the_same_frame_again_is_no_bytes() {
        let mut screen = Screen::new(WIDTH, HEIGHT);
        let strokes = [text(0, 0, "one"), (3, 2, "two".to_owned(), Style::new().fg(Color::Red))];
        assert!(!paint(&mut screen, &strokes, Some((1, 1))).is_empty());
        assert_eq!(paint(&mut screen, &strokes, Some((1, 1))), b"");
    }

    #[test]
    fn a_small_change_is_few_bytes() {
        let mut screen = Screen::new(WIDTH, HEIGHT);
        paint(&mut screen, &[text(0, 1, "a b c d e")], None);
        let bytes = paint(&mut screen, &[text(0, 1, "A b C d E")], None);
        assert_eq!(String::from_utf8(bytes).unwrap(), "\x1b[?2026h\x1b[2HA b C d E\x1b[?2026l");
    }

    #[test]
    fn the_cursor_is_shown_where_it_is_wanted_and_hidden_where_not() {
        let mut screen = Screen::new(WIDTH, HEIGHT);
        let mut terminal = terminal();
        terminal.process(&paint(&mut screen, &[text(0, 0, "abc")], Some((5, 2))));
        assert_eq!((terminal.screen().cursor_position(), terminal.screen().hide_cursor()), ((2, 5), false));
        terminal.process(&paint(&mut screen, &[text(0, 0, "xyz")], Some((5, 2))));
        assert_eq!((terminal.screen().cursor_position(), terminal.screen().hide_cursor()), ((2, 5), false));
        terminal.process(&paint(&mut screen, &[text(0, 0, "xyz")], None));
        assert!(terminal.screen().hide_cursor());
    }

    #[test]
    fn a_new_size_and_a_repaint_draw_everything_again() {
        let mut screen = Screen::new(3, 1);
        paint(&mut screen, &[text(0, 0, "abc")], None);
        screen.resize(WIDTH, HEIGHT);
        let mut terminal = terminal();
        terminal.process(b"rubbish\x1b[7m");
        terminal.process(&paint(&mut screen, &[text(0, 0, "abc")], None));
        assert_shows(&terminal, &painted(&[text(0, 0, "abc")]));
        screen.repaint();
        terminal.process(b"rubbish\x1b[?25h");
        terminal.process(&paint(&mut screen, &[text(0, 0, "abc")], None));
        assert_shows(&terminal, &painted(&[text(0, 0, "abc")]));
        assert!(terminal.screen().hide_cursor());
    }

    #[test]
    fn no_cells_at_all_are_no_trouble() {
        let mut screen = Screen::new(0, 0);
        paint(&mut screen, &[], None);
        for (width, height) in [(5, 0), (0, 5), (1, 1), (0, 0), (300, 300)] {
            screen.resize(width, height);
            paint(&mut screen, &[text(0, 0, "a")], Some((0, 0)));
        }
    }
}
