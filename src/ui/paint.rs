//! The brush: puts text and lines into the frame. All text goes through [`Painter::text`], which shows what is
//! invisible and cuts what is too long.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::access::Principal;
use crate::accounts::{Names, Sid, sids_in};
use crate::app::layout::Area;
use crate::app::line::Line;
use crate::app::search::Needle;
use crate::app::seen::Target;
use crate::report::access as words;
use crate::store::{Store, fold};

use super::Drawn;
use super::glyphs::Glyphs;
use super::show::{self, FieldStyles};
use super::theme::{Face, Theme};

/// A frame being painted.
pub struct Painter<'f> {
    /// The cells.
    pub buffer: &'f mut Buffer,
    /// The styles.
    pub theme: &'f Theme,
    /// The signs.
    pub glyphs: &'f Glyphs,
    /// The text that is searched for.
    pub needle: Option<&'f Needle>,
    /// Who accounts are.
    pub names: &'f Names,
    /// Where the terminal's cursor goes, and what can be clicked.
    pub drawn: Drawn,
    /// Screen readers read the line of the cursor: it goes where the selection is.
    pub plain: bool,
}

/// One line of the screen that text is put into, from both ends towards the middle.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Next free column.
    pub x: u16,
    /// Line.
    pub y: u16,
    /// First column that is not free.
    pub end: u16,
    /// What text wears unless it says otherwise.
    pub style: Style,
}

impl Row {
    /// Cells left.
    pub const fn room(self) -> u16 {
        self.end.saturating_sub(self.x)
    }
}

impl Painter<'_> {
    /// The style of a face.
    pub fn style(&self, face: Face) -> Style {
        self.theme.style(face)
    }

    /// The `line`th line of an area; empty if there is no such line. The area is clear already; the row is filled only
    /// where its style shows without text.
    pub fn row(&mut self, area: Area, line: usize, style: Style) -> Row {
        let y = area.y.saturating_add(u16::try_from(line).unwrap_or(u16::MAX));
        let end = area.x.saturating_add(area.width);
        let shown = line < usize::from(area.height);
        let row = Row { x: area.x, y, end: if shown { end } else { area.x }, style };
        if self.plain && shown && style == self.style(Face::Selection) {
            self.drawn.cursor = Some(Position { x: area.x, y });
        }
        if shown && (style.bg.is_some() || !style.add_modifier.is_empty()) {
            self.fill(Area::new(area.x, y, area.width, 1), style);
        }
        row
    }

    /// Fills an area with blanks.
    pub fn fill(&mut self, area: Area, style: Style) {
        let rect = rect(area).intersection(self.buffer.area);
        if rect.is_empty() {
            return;
        }
        // The whole screen is filled for every frame: one cell is styled, the others are copies.
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        for y in rect.top()..rect.bottom() {
            let start = self.buffer.index_of(rect.x, y);
            if let Some(cells) = self.buffer.content.get_mut(start..start + usize::from(rect.width)) {
                cells.fill(blank.clone());
            }
        }
    }

    /// Puts text at the row's start, in the row's style patched by the face's.
    pub fn text(&mut self, row: &mut Row, text: &str, face: Face) {
        let room = row.room();
        let used = self.put(row.x, row.y, room, text, self.merged(row, face));
        row.x = row.x.saturating_add(used);
    }

    /// The same, and what is searched for stands out in it.
    pub fn searched(&mut self, row: &mut Row, text: &str, face: Face) {
        let from = row.x;
        self.text(row, text, face);
        self.highlight(from, row.x, row.y);
    }

    /// The same in a column.
    pub fn searched_column(&mut self, row: &mut Row, cells: u16, text: &str, face: Face) {
        let from = row.x;
        self.column(row, cells, text, face);
        self.highlight(from, row.x, row.y);
    }

    /// Lets what is searched for stand out between two columns, by what the cells show: so a match that is cut away or
    /// shown in escapes needs no case of its own. Underlined whatever the theme says, for one that has no colours.
    fn highlight(&mut self, from: u16, to: u16, y: u16) {
        let Some(wanted) = self.needle.map(Needle::folded) else { return };
        let mut text = String::new();
        let mut columns = Vec::new();
        for x in from..to {
            let Some(cell) = self.buffer.cell((x, y)) else { break };
            let shown = fold(cell.symbol());
            columns.extend(std::iter::repeat_n(x, shown.len()));
            text.push_str(&shown);
        }
        let own = self.style(Face::Match).add_modifier(Modifier::UNDERLINED);
        let plain = self.style(Face::Text);
        for (at, _) in text.match_indices(wanted) {
            for &x in columns.get(at..at.saturating_add(wanted.len())).unwrap_or_default() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    // On a selected line only the emphasis shows: it is of one piece.
                    let is_plain = cell.bg == plain.bg.unwrap_or_default()
                        && !cell.modifier.contains(Modifier::REVERSED);
                    let style = if is_plain { own } else { Style::new().add_modifier(own.add_modifier) };
                    cell.set_style(style.remove_modifier(Modifier::DIM));
                }
            }
        }
    }

    /// The name of an account whose SID stands in a store. One that nobody was asked about is noted, so that somebody is.
    pub fn name_of(&mut self, text: &str) -> Option<String> {
        let sid = Sid::parse(text.trim()).ok()?;
        self.notice(sid);
        self.names.name(&sid).map(Cow::into_owned)
    }

    /// A member with its name, or whoever a group finds.
    pub fn principal(&mut self, store: &Store, who: Principal) -> String {
        if let Principal::Account(sid) = who {
            self.notice(sid);
        }
        words::principal(store, self.names, who)
    }

    /// A sentence for one line of a list, with names in the place of the SIDs of the accounts in it.
    pub fn named_briefly<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        self.notice_in(text);
        self.names.put_instead(text)
    }

    /// A sentence with the names of the accounts in it.
    pub fn named<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        self.notice_in(text);
        self.names.put_into(text)
    }

    /// Notes the accounts in a sentence that nobody was asked about.
    pub fn notice_in(&mut self, text: &str) {
        sids_in(text).for_each(|sid| self.notice(sid));
    }

    fn notice(&mut self, sid: Sid) {
        if self.names.is_stranger(&sid) {
            self.drawn.seen.strangers.push(sid);
        }
    }

    /// Notes that something that can be clicked was drawn.
    pub fn note(&mut self, area: Area, target: Target) {
        self.drawn.seen.note(area, target);
    }

    /// The same for the part of a row from a column on to where the row stands now.
    pub fn note_from(&mut self, x: u16, row: &Row, target: Target) {
        self.note(Area::new(x, row.y, row.x.saturating_sub(x), 1), target);
    }

    /// The same in at most so many cells, and then exactly so many.
    pub fn column(&mut self, row: &mut Row, cells: u16, text: &str, face: Face) {
        let cells = cells.min(row.room());
        self.put(row.x, row.y, cells, text, self.merged(row, face));
        row.x = row.x.saturating_add(cells);
    }

    /// The same for `NAME (SID)`: the SID gives way to the name.
    pub fn account_column(&mut self, row: &mut Row, cells: u16, text: &str, face: Face) {
        let cells = cells.min(row.room());
        let text = show::account(text, usize::from(cells), self.glyphs.ellipsis);
        self.column(row, cells, text, face);
    }

    /// Puts text at the row's end, with a blank on each side.
    pub fn right(&mut self, row: &mut Row, text: &str, face: Face) {
        let width = u16::try_from(show::width(text)).unwrap_or(u16::MAX);
        let cells = width.min(row.room().saturating_sub(2));
        if cells == 0 || width == 0 {
            // What is put at the start does not touch the frame either.
            row.end = row.end.saturating_sub(1);
            return;
        }
        let x = row.end.saturating_sub(cells).saturating_sub(1);
        self.put(x, row.y, cells, text, self.merged(row, face));
        row.end = x.saturating_sub(1);
    }

    /// Leaves cells blank.
    pub fn gap(&mut self, row: &mut Row, cells: u16) {
        row.x = row.x.saturating_add(cells).min(row.end);
    }

    /// A face over a row's own style. A selected line is of one piece, whatever its text wears: of the text's own style
    /// only emphasis is left; what its colour says, its sign says too.
    fn merged(&self, row: &Row, face: Face) -> Style {
        let own = self.style(face);
        let is_ground = [Face::Text, Face::Dialog, Face::Header]
            .into_iter()
            .any(|ground| row.style == self.style(ground));
        if row.style == Style::default() || is_ground {
            return row.style.patch(own);
        }
        let emphasis = Modifier::BOLD | Modifier::ITALIC | Modifier::UNDERLINED;
        row.style.add_modifier(own.add_modifier.intersection(emphasis))
    }

    /// Puts text into at most `cells` cells; returns how many it took.
    fn put(&mut self, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
        if cells == 0 || text.is_empty() {
            return 0;
        }
        // Nearly every text is short printable ASCII: no string is built for it.
        let plain = text.len() <= usize::from(cells)
            && text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'\\');
        if plain {
            return self.ascii(x, y, text, style);
        }
        let escaped = self.style(Face::TextEscaped);
        let spans = show::spans(text, usize::from(cells), self.glyphs.ellipsis, style, escaped);
        self.spans(x, y, cells, &spans)
    }

    /// Printable ASCII: one cell for each byte.
    fn ascii(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        let mut at = x;
        for byte in text.bytes() {
            let Some(cell) = self.buffer.cell_mut((at, y)) else { break };
            cell.set_char(char::from(byte)).set_style(style);
            at = at.saturating_add(1);
        }
        at.saturating_sub(x)
    }

    /// Puts text that is harmless already, and as wide as it should be, in a row's own style.
    pub fn exact(&mut self, row: Row, shown: &str) {
        self.span(row.x, row.y, row.room(), shown, row.style);
    }

    fn spans(&mut self, x: u16, y: u16, cells: u16, spans: &[Span<'_>]) -> u16 {
        let mut used = 0_u16;
        for span in spans {
            let room = cells.saturating_sub(used);
            used = used.saturating_add(self.span(x.saturating_add(used), y, room, &span.content, span.style));
        }
        used
    }

    fn span(&mut self, x: u16, y: u16, cells: u16, text: &str, style: Style) -> u16 {
        if !self.buffer.area.contains(Position { x, y }) {
            return 0;
        }
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(cells), style);
        end.saturating_sub(x)
    }

    /// Draws an edited line into so many cells, and puts the cursor there if it has the keyboard.
    pub fn field(&mut self, row: &mut Row, cells: u16, line: &Line, focused: bool) {
        let cells = cells.min(row.room());
        if cells == 0 {
            return;
        }
        let styles = FieldStyles {
            text: self.style(if focused { Face::FieldFocus } else { Face::Field }),
            selection: self.style(Face::FieldSelection),
            escaped: self.style(Face::TextEscaped),
        };
        let (spans, column) = show::field(line, usize::from(cells), styles);
        self.spans(row.x, row.y, cells, &spans);
        if focused {
            self.drawn.cursor = Some(Position { x: row.x.saturating_add(column), y: row.y });
        }
        row.x = row.x.saturating_add(cells);
    }

    /// A frame around an area, with a title in its top edge.
    pub fn frame(&mut self, area: Area, face: Face, title: &str, title_face: Face) {
        let style = self.style(face);
        let border = self.glyphs.border;
        let (left, top) = (area.x, area.y);
        let right = area.x.saturating_add(area.width).saturating_sub(1);
        let bottom = area.y.saturating_add(area.height).saturating_sub(1);
        if area.width < 2 || area.height < 2 {
            return;
        }
        for x in left..=right {
            self.sign(x, top, border.horizontal_top, style);
            self.sign(x, bottom, border.horizontal_bottom, style);
        }
        for y in top..=bottom {
            self.sign(left, y, border.vertical_left, style);
            self.sign(right, y, border.vertical_right, style);
        }
        self.sign(left, top, border.top_left, style);
        self.sign(right, top, border.top_right, style);
        self.sign(left, bottom, border.bottom_left, style);
        self.sign(right, bottom, border.bottom_right, style);
        if !title.is_empty() && area.width > 6 {
            let mut row = Row { x: left.saturating_add(1), y: top, end: right.saturating_sub(1), style };
            self.sign(row.x, top, " ", style);
            row.x = row.x.saturating_add(1);
            let room = row.room().saturating_sub(1);
            let used = self.put(row.x, top, room, title, self.style(title_face));
            self.sign(row.x.saturating_add(used), top, " ", style);
        }
    }

    /// One of our own signs in one cell.
    pub fn sign(&mut self, x: u16, y: u16, sign: &str, style: Style) {
        if let Some(cell) = self.buffer.cell_mut((x, y)) {
            cell.reset();
            cell.set_symbol(sign).set_style(style);
        }
    }
}

/// ratatui's form of an area.
pub const fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.width, height: area.height }
}
