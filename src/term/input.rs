//! What the terminal sends, made into our own [`Input`] values: pure, so that every rule is tested on recorded events.
//!
//! The rules that differ from terminal to terminal live here and nowhere else. Windows' console reports key releases
//! and hands over a paste as single keys; elsewhere a paste arrives in brackets.

use std::time::Duration;

use crossterm::event as ct;

use crate::app::input::{Button, Input, Key, KeyPress, MouseEvent, MouseKind};

/// Who reports the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A byte stream in the manner of xterm: Linux, macOS, SSH.
    Stream,
    /// Windows' console, which reports presses and releases and knows no brackets around a paste.
    Console,
}

/// Keys that follow within this time belong to the paste before them.
pub const BURST: Duration = Duration::from_millis(10);

/// More characters than this at once were not typed.
const TYPED_AT_ONCE: usize = 5;

/// Two clicks in one cell within this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// Turns batches of events into inputs. Remembers which characters are held down, whether the last batch ended in a
/// paste, and the last click.
#[derive(Debug)]
pub struct Translator {
    source: Source,
    held: Vec<char>,
    pasting: bool,
    /// What was typed at the end of the last batch: with what comes at once behind it, it may be a paste.
    typed: String,
    /// The button that went down last, where, and the time since then.
    clicked: Option<(Button, u16, u16, Duration)>,
}

impl Translator {
    /// A translator at the start of a session.
    pub fn new(source: Source) -> Self {
        Self { source, held: Vec::new(), pasting: false, typed: String::new(), clicked: None }
    }

    /// The inputs of one batch: everything that was waiting when the terminal was read, `since` after the batch
    /// before it.
    pub fn translate(&mut self, batch: &[ct::Event], since: Duration) -> Vec<Input> {
        if let Some((.., age)) = &mut self.clicked {
            *age = age.saturating_add(since);
        }
        let mut inputs = Vec::with_capacity(batch.len());
        for event in batch {
            let input = match event {
                ct::Event::Key(event) => self.key(*event).map(Input::Key),
                ct::Event::Paste(text) => Some(Input::Paste(lines(text))),
                ct::Event::Mouse(event) => mouse(*event).map(|event| Input::Mouse(self.doubled(event))),
                ct::Event::Resize(width, height) => {
                    // Only the last size counts: a dragged window edge sends hundreds.
                    inputs.retain(|input| !matches!(input, Input::Resize { .. }));
                    Some(Input::Resize { width: *width, height: *height })
                }
                ct::Event::FocusGained => Some(Input::Focus(true)),
                ct::Event::FocusLost => {
                    self.held.clear(); // Releases go to another window now.
                    Some(Input::Focus(false))
                }
            };
            inputs.extend(input);
        }
        match self.source {
            Source::Stream => inputs,
            Source::Console => self.gather_pastes(inputs, since),
        }
    }

    /// A click where the last one was, soon after it, is a double click; a third one is a click again.
    fn doubled(&mut self, mut event: MouseEvent) -> MouseEvent {
        if let MouseKind::Down(button) = event.kind {
            let is_second = self.clicked.is_some_and(|(last, column, row, age)| {
                (last, column, row) == (button, event.column, event.row) && age <= DOUBLE
            });
            if is_second {
                event.kind = MouseKind::Double(button);
                self.clicked = None;
            } else {
                self.clicked = Some((button, event.column, event.row, Duration::ZERO));
            }
        }
        event
    }

    fn key(&mut self, event: ct::KeyEvent) -> Option<KeyPress> {
        let ctrl = event.modifiers.contains(ct::KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(ct::KeyModifiers::ALT);
        let shift = event.modifiers.contains(ct::KeyModifiers::SHIFT);
        if event.kind == ct::KeyEventKind::Release {
            return self.release(event.code);
        }
        let key = match event.code {
            // A stream has one byte for Backspace and Control+H, and one for line feed and Control+J; which key
            // sends which depends on the terminal, and the keys are meant.
            ct::KeyCode::Char('h') if ctrl && !alt && self.source == Source::Stream => {
                return Some(Key::Backspace.into());
            }
            ct::KeyCode::Char('j') if ctrl && !alt && self.source == Source::Stream => {
                return Some(Key::Enter.into());
            }
            ct::KeyCode::Char(c) => {
                if self.source == Source::Console && !self.held.contains(&c) {
                    self.held.push(c);
                }
                // AltGr is reported as Control and Alt: a sign typed with both is text. (A letter may be either; the
                // line editor takes it as text, see `KeyPress::text`.)
                if ctrl && alt && !c.is_ascii_alphanumeric() {
                    return Some(Key::Char(c).into());
                }
                Key::Char(c)
            }
            ct::KeyCode::Enter => Key::Enter,
            ct::KeyCode::Esc => Key::Esc,
            ct::KeyCode::Tab => Key::Tab,
            ct::KeyCode::BackTab => Key::BackTab,
            ct::KeyCode::Backspace => Key::Backspace,
            ct::KeyCode::Delete => Key::Delete,
            ct::KeyCode::Insert => Key::Insert,
            ct::KeyCode::Up => Key::Up,
            ct::KeyCode::Down => Key::Down,
            ct::KeyCode::Left => Key::Left,
            ct::KeyCode::Right => Key::Right,
            ct::KeyCode::Home => Key::Home,
            ct::KeyCode::End => Key::End,
            ct::KeyCode::PageUp => Key::PageUp,
            ct::KeyCode::PageDown => Key::PageDown,
            ct::KeyCode::F(n) => Key::F(n),
            _ => return None,
        };
        Some(KeyPress::new(key, ctrl, alt, shift))
    }

    /// A character typed as Alt and digits on the number pad, or pasted although no key types it, arrives as a release
    /// that no press went before. While any character is held the release may be its own under another name (Shift let
    /// go first: `@` down, `2` up), so then it is never text.
    fn release(&mut self, code: ct::KeyCode) -> Option<KeyPress> {
        let ct::KeyCode::Char(c) = code else { return None };
        if let Some(at) = self.held.iter().position(|held| *held == c) {
            self.held.swap_remove(at);
            return None;
        }
        if !self.held.is_empty() {
            self.held.remove(0);
            return None;
        }
        Some(Key::Char(c).into())
    }

    /// Runs of keys that nobody types that fast become one paste: an Enter in them must not press a button.
    fn gather_pastes(&mut self, inputs: Vec<Input>, since: Duration) -> Vec<Input> {
        let at_once = since <= BURST;
        let mut continues = self.pasting && at_once;
        let mut before = std::mem::take(&mut self.typed);
        before.truncate(if at_once { before.len() } else { 0 });
        let mut gathered = Vec::with_capacity(inputs.len());
        let mut run = String::new();
        self.pasting = false;
        for input in inputs.into_iter().map(Some).chain([None]) {
            let typed = match &input {
                Some(Input::Key(press)) => typed(*press),
                _ => None,
            };
            if let Some(c) = typed {
                run.push(c);
                continue;
            }
            let whole = format!("{before}{run}");
            if !run.is_empty() && (continues || is_pasted(&whole)) {
                gathered.push(Input::Paste(std::mem::take(&mut run)));
                self.pasting = input.is_none();
            } else {
                gathered.extend(run.drain(..).map(|c| Input::Key(key_of(c).into())));
                self.typed = if input.is_none() { whole } else { String::new() };
            }
            continues = false;
            before.clear();
            gathered.extend(input);
        }
        gathered
    }
}

/// The character that a key would paste.
fn typed(press: KeyPress) -> Option<char> {
    match (press.key, press.ctrl || press.alt || press.shift) {
        (Key::Char(c), false) => Some(c),
        (Key::Enter, false) => Some('\n'),
        (Key::Tab, false) => Some('\t'),
        _ => None,
    }
}

fn key_of(c: char) -> Key {
    match c {
        '\n' => Key::Enter,
        '\t' => Key::Tab,
        c => Key::Char(c),
    }
}

/// A lone key is typed, and so is one that was held until it repeated.
fn is_pasted(run: &str) -> bool {
    let mut chars = run.chars();
    let Some(first) = chars.next() else { return false };
    if chars.all(|c| c == first) {
        return false;
    }
    run.contains(['\n', '\t']) || run.chars().count() > TYPED_AT_ONCE
}

/// Pasted text with `\n` line ends. A terminal sends the key that Enter sends.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn mouse(event: ct::MouseEvent) -> Option<MouseEvent> {
    let button = |button| match button {
        ct::MouseButton::Left => Button::Left,
        ct::MouseButton::Right => Button::Right,
        ct::MouseButton::Middle => Button::Middle,
    };
    let is_shifted = event.modifiers.contains(ct::KeyModifiers::SHIFT);
    let kind = match event.kind {
        ct::MouseEventKind::Down(which) => MouseKind::Down(button(which)),
        ct::MouseEventKind::Up(which) => MouseKind::Up(button(which)),
        ct::MouseEventKind::Drag(which) => MouseKind::Drag(button(which)),
        // Wheels that cannot be pushed sideways are turned with Shift held.
        ct::MouseEventKind::ScrollUp if is_shifted => MouseKind::ScrollLeft,
        ct::MouseEventKind::ScrollDown if is_shifted => MouseKind::ScrollRight,
        ct::MouseEventKind::ScrollUp => MouseKind::ScrollUp,
        ct::MouseEventKind::ScrollDown => MouseKind::ScrollDown,
        ct::MouseEventKind::ScrollLeft => MouseKind::ScrollLeft,
        ct::MouseEventKind::ScrollRight => MouseKind::ScrollRight,
        ct::MouseEventKind::Moved => return None,
    };
    Some(MouseEvent { kind, column: event.column, row: event.row })
}

#[cfg(test)]
mod tests {
    use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

    use super::*;

    const NONE: KeyModifiers = KeyModifiers::NONE;
    const ALTGR: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::ALT);

    fn down(c: char) -> Event {
        with(KeyCode::Char(c), NONE, KeyEventKind::Press)
    }

    fn up(c: char) -> Event {
        with(KeyCode::Char(c), NONE, KeyEventKind::Release)
    }

    fn with(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Event {
        Event::Key(KeyEvent::new_with_kind(code, modifiers, kind))
    }

    fn press(code: KeyCode) -> Event {
        with(code, NONE, KeyEventKind::Press)
    }

    /// The inputs in writing: keys by name, pastes in quotes.
    fn written(inputs: &[Input]) -> String {
        let words: Vec<String> = inputs
            .iter()
            .map(|input| match input {
                Input::Key(press) => press.to_string(),
                Input::Paste(text) => format!("{text:?}"),
                Input::Resize { width, height } => format!("{width}x{height}"),
                other => format!("{other:?}"),
            })
            .collect();
        words.join(" ")
    }

    fn console(batch: &[Event]) -> String {
        written(&Translator::new(Source::Console).translate(batch, Duration::from_secs(1)))
    }

    fn stream(batch: &[Event]) -> String {
        written(&Translator::new(Source::Stream).translate(batch, Duration::from_secs(1)))
    }

    /// crossterm#772: every key came twice.
    #[test]
    fn a_key_counts_when_it_goes_down_and_when_it_repeats() {
        let enter = |kind| with(KeyCode::Enter, NONE, kind);
        assert_eq!(
            console(&[
                enter(KeyEventKind::Press),
                enter(KeyEventKind::Repeat),
                enter(KeyEventKind::Release),
                down('a'),
                up('a'),
            ]),
            "\"\\n\\na\"",
        );
        assert_eq!(console(&[enter(KeyEventKind::Press), enter(KeyEventKind::Release)]), "Enter");
        assert_eq!(console(&[down('a'), up('a')]), "a");
    }

    /// crossterm#917: German AltGr+Q is `@`, Polish AltGr+A is `ą`.
    #[test]
    fn signs_typed_with_altgr_are_text() {
        for c in ['@', '\\', '{', '€', 'ą'] {
            assert_eq!(console(&[with(KeyCode::Char(c), ALTGR, KeyEventKind::Press)]), c.to_string());
        }
        assert_eq!(console(&[with(KeyCode::Char('q'), ALTGR, KeyEventKind::Press)]), "Ctrl+Alt+Q");
    }

    /// Alt held, 0 2 2 8 on the number pad, Alt let go: a release of `ä` that was never pressed.
    #[test]
    fn characters_typed_by_number_are_text() {
        assert_eq!(console(&[up('ä')]), "ä");
        assert_eq!(console(&[down('a'), up('a'), up('@')]), "a @");
    }

    /// Shift+2 down (`@` on a US keyboard), Shift up, 2 up: the release names another character.
    #[test]
    fn a_release_under_another_name_is_no_text() {
        assert_eq!(console(&[down('@'), up('2')]), "@");
        assert_eq!(console(&[down('A'), up('a'), down('b'), up('b')]), "A b");
    }

    #[test]
    fn a_release_lost_to_another_window_does_not_swallow_text() {
        assert_eq!(
            console(&[down('a'), Event::FocusLost, Event::FocusGained, up('ä')]),
            "a Focus(false) Focus(true) ä"
        );
    }

    /// crossterm#737: the console hands a paste over key by key.
    #[test]
    fn a_burst_of_keys_is_a_paste() {
        let lines: Vec<Event> = "S-1-5\rS-1-6\r"
            .chars()
            .flat_map(|c| {
                let code = if c == '\r' { KeyCode::Enter } else { KeyCode::Char(c) };
                [KeyEventKind::Press, KeyEventKind::Release].map(|kind| with(code, NONE, kind))
            })
            .collect();
        assert_eq!(console(&lines), "\"S-1-5\\nS-1-6\\n\"");
        assert_eq!(console(&[down('a'), press(KeyCode::Enter)]), "\"a\\n\"");
        assert_eq!(console(&"abcdef".chars().map(down).collect::<Vec<_>>()), "\"abcdef\"");
    }

    #[test]
    fn typing_ahead_is_no_paste() {
        assert_eq!(console(&[press(KeyCode::Enter)]), "Enter");
        assert_eq!(console(&"abcde".chars().map(down).collect::<Vec<_>>()), "a b c d e");
        assert_eq!(console(&vec![down('j'); 9]), "j j j j j j j j j");
        assert_eq!(console(&vec![press(KeyCode::Enter); 3]), "Enter Enter Enter");
        assert_eq!(
            console(&[press(KeyCode::Down), press(KeyCode::Enter), press(KeyCode::Down)]),
            "Down Enter Down"
        );
    }

    #[test]
    fn a_paste_goes_on_in_the_next_batch_only_if_that_comes_at_once() {
        let first: Vec<Event> = "one two".chars().map(down).collect();
        let rest = [press(KeyCode::Enter)];
        let mut translator = Translator::new(Source::Console);
        translator.translate(&first, Duration::from_secs(1));
        assert_eq!(written(&translator.translate(&rest, Duration::from_millis(2))), "\"\\n\"");
        let mut translator = Translator::new(Source::Console);
        translator.translate(&first, Duration::from_secs(1));
        assert_eq!(written(&translator.translate(&rest, Duration::from_millis(40))), "Enter");
    }

    /// The rest of a paste may come in batches so small that none of them is one.
    #[test]
    fn a_paste_that_comes_in_pieces_is_one_before_its_enter() {
        let after = |pause: u64, batches: &[&[Event]]| {
            let mut translator = Translator::new(Source::Console);
            let pause = Duration::from_millis(pause);
            let inputs: Vec<Input> =
                batches.iter().flat_map(|batch| translator.translate(batch, pause)).collect();
            written(&inputs)
        };
        let enter = [press(KeyCode::Enter)];
        let joe = [[down('j')], [down('o')], [down('e')]];
        assert_eq!(after(2, &[&joe[0], &joe[1], &joe[2], &enter]), "j o e \"\\n\"");
        assert_eq!(after(40, &[&joe[0], &joe[1], &joe[2], &enter]), "j o e Enter");
        assert_eq!(after(2, &[&enter, &enter, &enter]), "Enter Enter Enter", "held down");
        let letters: Vec<[Event; 1]> = "abcdefg".chars().map(|c| [down(c)]).collect();
        let batches: Vec<&[Event]> = letters.iter().map(|batch| &batch[..]).collect();
        assert_eq!(after(2, &batches), "a b c d e \"f\" \"g\"");
        assert_eq!(after(2, &[&joe[0], &[press(KeyCode::Down)], &enter]), "j Down Enter", "no run");
    }

    /// German AltGr+Q, Polish AltGr+A: the letter may be a command, but a field takes it as text.
    #[test]
    fn letters_typed_with_altgr_are_text_where_text_is_expected() {
        let inputs = Translator::new(Source::Console)
            .translate(&[with(KeyCode::Char('q'), ALTGR, KeyEventKind::Press)], Duration::from_secs(1));
        let [Input::Key(key)] = inputs.as_slice() else { panic!("{inputs:?}") };
        assert_eq!(key.text(), Some('q'));
        let mut line = crate::app::line::Line::default();
        assert!(line.press(*key));
        assert_eq!(line.text(), "q");
    }

    #[test]
    fn keys_of_a_stream_are_never_taken_for_a_paste() {
        assert_eq!(stream(&[down('a'), press(KeyCode::Enter)]), "a Enter");
        assert_eq!(stream(&[Event::Paste("a\r\nb\rc\n".to_owned())]), "\"a\\nb\\nc\\n\"");
    }

    #[test]
    fn a_stream_has_one_byte_for_two_keys() {
        let ctrl = |c| with(KeyCode::Char(c), KeyModifiers::CONTROL, KeyEventKind::Press);
        assert_eq!(stream(&[ctrl('h'), ctrl('j'), ctrl('s')]), "Backspace Enter Ctrl+S");
        assert_eq!(console(&[ctrl('h')]), "Ctrl+H");
    }

    #[test]
    fn only_the_last_size_counts() {
        let sizes = [Event::Resize(80, 24), down('a'), Event::Resize(0, 0), Event::Resize(120, 40)];
        assert_eq!(stream(&sizes), "a 120x40");
    }

    #[test]
    fn the_mouse_is_reported_where_it_acts() {
        let at = |kind| Event::Mouse(ct::MouseEvent { kind, column: 7, row: 3, modifiers: NONE });
        let inputs = Translator::new(Source::Stream).translate(
            &[
                at(ct::MouseEventKind::Moved),
                at(ct::MouseEventKind::Down(ct::MouseButton::Right)),
                at(ct::MouseEventKind::ScrollLeft),
                at(ct::MouseEventKind::ScrollDown),
            ],
            Duration::ZERO,
        );
        let event = |kind| Input::Mouse(MouseEvent { kind, column: 7, row: 3 });
        let kinds = [MouseKind::Down(Button::Right), MouseKind::ScrollLeft, MouseKind::ScrollDown];
        assert_eq!(inputs, kinds.map(event));
    }

    fn click(translator: &mut Translator, column: u16, since: u64) -> MouseKind {
        let down = ct::MouseEventKind::Down(ct::MouseButton::Left);
        let event = Event::Mouse(ct::MouseEvent { kind: down, column, row: 3, modifiers: NONE });
        let inputs = translator.translate(&[event], Duration::from_millis(since));
        let [Input::Mouse(event)] = inputs.as_slice() else { panic!("{inputs:?}") };
        event.kind
    }

    #[test]
    fn two_clicks_in_one_cell_within_400_ms_are_a_double_click() {
        let (down, double) = (MouseKind::Down(Button::Left), MouseKind::Double(Button::Left));
        let mut translator = Translator::new(Source::Stream);
        assert_eq!(click(&mut translator, 7, 5000), down);
        assert_eq!(click(&mut translator, 7, 400), double);
        assert_eq!(click(&mut translator, 7, 100), down, "the third of three");
        assert_eq!(click(&mut translator, 7, 401), down, "too late");
        assert_eq!(click(&mut translator, 8, 100), down, "another cell");
        // What comes between two clicks takes its time too.
        translator.translate(&[Event::FocusGained], Duration::from_millis(300));
        assert_eq!(click(&mut translator, 8, 300), down);
        assert_eq!(click(&mut translator, 8, 300), double);
    }

    #[test]
    fn another_button_makes_no_double_click() {
        let at = |button| {
            let kind = ct::MouseEventKind::Down(button);
            Event::Mouse(ct::MouseEvent { kind, column: 1, row: 1, modifiers: NONE })
        };
        let mut translator = Translator::new(Source::Stream);
        let batch = [at(ct::MouseButton::Left), at(ct::MouseButton::Right), at(ct::MouseButton::Right)];
        let kinds: Vec<MouseKind> = translator
            .translate(&batch, Duration::ZERO)
            .iter()
            .map(|input| match input {
                Input::Mouse(event) => event.kind,
                other => panic!("{other:?}"),
            })
            .collect();
        let expected =
            [MouseKind::Down(Button::Left), MouseKind::Down(Button::Right), MouseKind::Double(Button::Right)];
        assert_eq!(kinds, expected);
    }
}
