//! The save dialog: what saving would write, as objects and as lines of XML, what of it is chosen, and what it asks
//! before it does.

use crate::app::input::{Key, KeyPress};
use crate::app::layout::scroll_to;
use crate::app::line::Line;
use crate::app::wrap::wrap;
use crate::hyperv::moves::{Held, Move, Why};

use super::Outcome;
use super::list::move_by_key;

/// One line of the dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaveLine {
    /// `+`, `~`, `-`, `!`, `·` or a blank; `>` where the line goes on from the one before, `,` where that is a
    /// sentence behind `·`.
    pub sign: char,
    /// What kind of thing changed; empty for plain text.
    pub what: String,
    /// Its name, or the text.
    pub text: String,
    /// Where it is.
    pub place: String,
    /// Which of the unsaved differences it is: an index into [`SaveDialog::ticks`].
    pub part: Option<usize>,
    /// Which of the moves it is: an index into [`SaveDialog::moves`].
    pub order: Option<usize>,
}

/// A virtual machine that a save would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveMove {
    /// The move.
    pub order: Move,
    /// Why.
    pub why: Why,
    /// It is to be made now.
    pub is_ticked: bool,
    /// The scope that it goes to will be in the file.
    pub fits: bool,
    /// Why it was not made when that was tried last.
    pub failed: Option<String>,
}

impl SaveLine {
    /// A heading or a sentence.
    pub fn text(text: impl Into<String>) -> SaveLine {
        SaveLine { sign: ' ', text: text.into(), ..SaveLine::default() }
    }

    /// What goes on from the line before.
    fn goes_on(&self) -> bool {
        matches!(self.sign, '>' | ',')
    }

    /// The line in as many as it takes where so many cells are before its text, with that sign before those that go on;
    /// `None`: it stays one.
    fn folded(&self, cells: usize, before: Option<(usize, char)>) -> Vec<SaveLine> {
        let Some((before, sign)) = before.filter(|_| !self.text.is_empty() && self.sign != ' ') else {
            return vec![self.clone()];
        };
        let mut parts = wrap(&self.text, cells.saturating_sub(before).max(20)).into_iter();
        let first = SaveLine { text: parts.next().unwrap_or_default(), ..self.clone() };
        let rest = parts.map(|text| SaveLine { sign, text, ..SaveLine::default() });
        std::iter::once(first).chain(rest).collect()
    }
}

/// Cells before a sentence with a code, or before one about what stands above: its sign, and the column of codes.
const BEFORE_SENTENCE: usize = 10;

/// Cells before a sentence that stands alone: its sign.
const BEFORE_GAIN: usize = 2;

/// Cells before a line of the file: its sign and its number.
const BEFORE_XML: usize = 11;

/// Cells before the text of a sentence, and the sign of what goes on from it. A difference stays in one line: it has
/// columns.
fn before(line: &SaveLine) -> Option<(usize, char)> {
    match (line.sign, line.what.is_empty()) {
        ('+' | '~' | '-', _) => None,
        ('·', true) => Some((BEFORE_GAIN, ',')),
        _ => Some((BEFORE_SENTENCE, '>')),
    }
}

/// The number of what a line belongs to; the first is 1.
fn entry(lines: &[SaveLine], at: usize) -> usize {
    lines.iter().take(at.saturating_add(1)).filter(|line| !line.goes_on()).count()
}

/// Where what has this number starts.
fn start(lines: &[SaveLine], entry: usize) -> usize {
    let mut starts = lines.iter().enumerate().filter(|(_, line)| !line.goes_on());
    starts.nth(entry.saturating_sub(1)).map_or(0, |(at, _)| at)
}

/// Names that must be typed before anything is saved: the guard objects.
#[derive(Debug, Default)]
pub struct Consent {
    /// Those still to be typed, the worst first.
    pub names: Vec<String>,
    /// What has been typed of the first.
    pub line: Line,
    /// It was not the name.
    pub is_wrong: bool,
}

impl Consent {
    /// Asks for each of these names, once.
    pub fn new(names: impl IntoIterator<Item = String>) -> Consent {
        let mut consent = Consent::default();
        for name in names {
            if !consent.names.contains(&name) {
                consent.names.push(name);
            }
        }
        consent
    }

    /// The name that is asked for; `None`: nothing is in the way of saving.
    pub fn asked(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
    }

    /// Takes what was typed as the answer.
    fn answer(&mut self) {
        self.is_wrong = self.asked().is_some_and(|name| name != self.line.text().trim());
        if !self.is_wrong && !self.names.is_empty() {
            self.names.remove(0);
        }
        self.line = Line::default();
    }
}

/// What the keys go to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SavePane {
    /// The list of objects.
    #[default]
    Objects,
    /// The lines of XML.
    Xml,
    /// The line for the name that is asked for.
    Consent,
    /// The line for the note.
    Note,
}

/// What saving would write.
#[derive(Debug, Default)]
pub struct SaveDialog {
    /// `Save InitialStore.xml`.
    pub title: String,
    /// What is asked, what anyone gains or loses, the changes as objects, the findings; sentences broken into lines.
    pub objects: Vec<SaveLine>,
    /// The changes as lines of the file, broken likewise.
    pub xml: Vec<SaveLine>,
    /// Both before that.
    pub whole: [Vec<SaveLine>; 2],
    /// For how many cells they were broken; `None`: not yet.
    pub cells: Option<usize>,
    /// For each unsaved difference, whether it is to be saved now.
    pub ticks: Vec<bool>,
    /// The virtual machines that are to be moved.
    pub moves: Vec<SaveMove>,
    /// Scopes that stay in the file until no machine is in them.
    pub held: Vec<Held>,
    /// Why nothing can be left out; `None`: it can.
    pub why_whole: Option<String>,
    /// What the last tick did besides.
    pub said: Option<String>,
    /// A version is to come back: nothing of this session is written.
    pub restores: bool,
    /// Objects and XML stand side by side.
    pub is_wide: bool,
    /// What the keys go to.
    pub pane: SavePane,
    /// The selected line of the objects.
    pub selected: usize,
    /// First visible line of the objects.
    pub top: usize,
    /// First visible line of the XML.
    pub xml_top: usize,
    /// Whether Enter saves (or cancels).
    pub on_save: bool,
    /// What is asked first.
    pub consent: Consent,
    /// For the log of saves.
    pub note: Line,
}

impl SaveDialog {
    /// Whether the XML is shown: beside the objects or instead of them.
    pub fn shows_xml(&self) -> bool {
        self.is_wide || self.pane == SavePane::Xml
    }

    /// Whether every difference is to be saved.
    pub fn is_whole(&self) -> bool {
        self.ticks.iter().all(|&ticked| ticked)
    }

    /// How many differences are to be saved later.
    pub fn later(&self) -> usize {
        self.ticks.iter().filter(|ticked| !**ticked).count()
    }

    /// How many differences and moves there are to choose from, and how many of them wait.
    pub fn share(&self) -> (usize, usize) {
        let waiting = self.moves.iter().filter(|one| !one.is_ticked).count();
        (self.ticks.len().saturating_add(self.moves.len()), self.later().saturating_add(waiting))
    }

    /// The difference on the selected line.
    pub fn part(&self) -> Option<usize> {
        self.objects.get(self.selected)?.part
    }

    /// The move on the selected line.
    pub fn order(&self) -> Option<usize> {
        self.objects.get(self.selected)?.order
    }

    /// Takes in what there is to say, sentences and lines of the file whole.
    pub fn tell(&mut self, objects: Vec<SaveLine>, xml: Vec<SaveLine>) {
        self.whole = [objects, xml];
        self.cells = None;
    }

    /// Breaks what is too long for so many cells. The selection stays with what it is on.
    fn fold(&mut self, cells: usize) {
        let [objects, xml] = &self.whole;
        let selected = self.objects.get(self.selected);
        let chosen = selected.map(|line| (line.part, line.order)).filter(|chosen| *chosen != (None, None));
        let (entry, first_of_xml) = (entry(&self.objects, self.selected), entry(&self.xml, self.xml_top));
        self.objects = objects.iter().flat_map(|line| line.folded(cells, before(line))).collect();
        self.xml = xml.iter().flat_map(|line| line.folded(cells, Some((BEFORE_XML, '>')))).collect();
        let again = |line: &SaveLine| chosen == Some((line.part, line.order));
        self.selected = self.objects.iter().position(again).unwrap_or_else(|| start(&self.objects, entry));
        self.xml_top = start(&self.xml, first_of_xml);
        self.cells = Some(cells);
    }

    /// Scrolls to the selected line, for lists of so many lines of so many cells.
    pub fn settle(&mut self, page: usize, cells: usize, is_wide: bool) {
        self.is_wide = is_wide;
        if self.cells != Some(cells) {
            self.fold(cells);
        }
        self.selected = self.selected.min(self.objects.len().saturating_sub(1));
        self.top = scroll_to(self.top, self.selected, page).min(self.objects.len().saturating_sub(page));
        self.xml_top = self.xml_top.min(self.xml.len().saturating_sub(page));
    }

    /// Lines around the lists: frame, a blank above and below, the buttons, and what is said, noted and asked.
    pub fn around(&self) -> usize {
        let said = usize::from(self.said.is_some());
        let note = usize::from(self.has_note());
        let asked = if self.consent.asked().is_some() { 2 } else { 0 };
        said.saturating_add(note).saturating_add(asked).saturating_add(5)
    }

    /// Whether there is a note, or one is being typed.
    pub fn has_note(&self) -> bool {
        self.pane == SavePane::Note || !self.note.text().is_empty()
    }

    /// Takes pasted text. The name that saving asks for is there to be typed: a clipboard is no consent.
    pub fn paste(&mut self, text: &str) {
        if self.pane == SavePane::Note {
            self.note.insert(text);
        }
    }

    /// Acts on a key; `page` is how many lines are visible.
    pub fn key(&mut self, press: KeyPress, page: usize) -> Outcome {
        match self.pane {
            SavePane::Note => return self.note_key(press),
            SavePane::Consent => {
                if let Some(outcome) = self.consent_key(press) {
                    return outcome;
                }
            }
            SavePane::Objects | SavePane::Xml => {}
        }
        let asks = self.consent.asked().is_some();
        match press.key {
            Key::Esc => return Outcome::Close,
            // What is asked is answered before anything is saved.
            Key::Char('s') | Key::Enter if asks => self.pane = SavePane::Consent,
            Key::Char('s') => return Outcome::Submit,
            Key::Enter if self.on_save => return Outcome::Submit,
            Key::Enter => return Outcome::Close,
            Key::Tab => self.turn(true),
            Key::BackTab => self.turn(false),
            Key::Left | Key::Right => self.on_save = !self.on_save,
            Key::Char('n') if !self.restores => self.pane = SavePane::Note,
            Key::Char(' ') if self.pane == SavePane::Objects => return Outcome::Tick,
            Key::Char('u') if self.pane == SavePane::Objects => return Outcome::TakeBack,
            _ => {
                let (at, lines) = match self.pane {
                    SavePane::Xml => (&mut self.xml_top, self.xml.len()),
                    _ => (&mut self.selected, self.objects.len()),
                };
                move_by_key(at, lines, press, page);
            }
        }
        Outcome::Stay
    }

    /// `None`: the key is one for the whole dialog.
    fn consent_key(&mut self, press: KeyPress) -> Option<Outcome> {
        match press.key {
            Key::Enter => {
                self.consent.answer();
                if self.consent.asked().is_some() {
                    return Some(Outcome::Stay);
                }
                self.pane = SavePane::Objects;
                Some(Outcome::Submit)
            }
            // Letters and movements in a line are typing here; what scrolls still scrolls.
            _ if self.consent.line.press(press) => {
                self.consent.is_wrong = false;
                Some(Outcome::Stay)
            }
            Key::Char(_) => Some(Outcome::Stay),
            Key::Up | Key::Down | Key::PageUp | Key::PageDown => {
                self.pane = SavePane::Objects;
                None
            }
            _ => None,
        }
    }

    fn note_key(&mut self, press: KeyPress) -> Outcome {
        match press.key {
            Key::Enter | Key::Esc | Key::Tab | Key::BackTab => self.pane = SavePane::Objects,
            _ => _ = self.note.press(press),
        }
        Outcome::Stay
    }

    /// To the next pane, or the one before.
    fn turn(&mut self, forward: bool) {
        let mut panes = vec![SavePane::Objects, SavePane::Xml];
        panes.extend(self.consent.asked().map(|_| SavePane::Consent));
        let at = panes.iter().position(|pane| *pane == self.pane).unwrap_or(0);
        let by = if forward { 1 } else { panes.len().saturating_sub(1) };
        self.pane = panes.get(at.saturating_add(by) % panes.len()).copied().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(names: &[&str]) -> SaveDialog {
        let consent = Consent::new(names.iter().map(|&name| name.to_owned()));
        let pane = if names.is_empty() { SavePane::Objects } else { SavePane::Consent };
        SaveDialog { on_save: true, consent, pane, ..SaveDialog::default() }
    }

    fn press(dialog: &mut SaveDialog, keys: &str) -> Outcome {
        crate::app::dialog::pressed(keys, |press| dialog.key(press, 10))
    }

    #[test]
    fn nothing_but_the_name_saves() {
        for keys in [
            "s",
            "Enter",
            "s Enter",
            "\"office\" Enter",
            "\"Offic\" Enter",
            "Left Enter",
            "Ctrl+S",
            "Tab s Enter",
            "Tab Enter Enter",
            "Down s",
            "Down Enter",
            "Tab n \"Office\" Enter",
        ] {
            assert_eq!(press(&mut asking(&["Office"]), keys), Outcome::Stay, "{keys}");
        }
        assert_eq!(press(&mut asking(&["Office"]), "\"Office\" Enter"), Outcome::Submit);
        assert_eq!(press(&mut asking(&["Office"]), "\"Offic\" Enter \"Office \" Enter"), Outcome::Submit);
        assert_eq!(press(&mut asking(&["Office"]), "Down s \"Office\" Enter"), Outcome::Submit);
        assert_eq!(press(&mut asking(&["Office"]), "Esc"), Outcome::Close);
        assert_eq!(press(&mut asking(&[]), "Enter"), Outcome::Submit);
    }

    #[test]
    fn each_name_is_asked_for_once() {
        let mut dialog = asking(&["Office", "Everyone", "Office"]);
        assert_eq!(press(&mut dialog, "\"Office\" Enter"), Outcome::Stay);
        assert_eq!(dialog.consent.asked(), Some("Everyone"));
        assert_eq!(press(&mut dialog, "\"Office\" Enter"), Outcome::Stay);
        assert!(dialog.consent.is_wrong);
        assert_eq!(press(&mut dialog, "\"Everyone\" Enter"), Outcome::Submit);
    }

    #[test]
    fn a_note_takes_every_letter_and_its_end_saves_nothing() {
        let mut dialog = asking(&[]);
        assert_eq!(press(&mut dialog, "n \"as u said\" Enter"), Outcome::Stay);
        assert_eq!(dialog.note.text(), "as u said");
        assert_eq!(press(&mut dialog, "s"), Outcome::Submit);
    }
}
