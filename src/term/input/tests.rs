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

/// What a console reports for text that is pasted: each key goes down and up, an Enter for each line end.
fn pasted(text: &str) -> Vec<Event> {
    let key = |c| if c == '\r' { KeyCode::Enter } else { KeyCode::Char(c) };
    text.chars()
        .flat_map(|c| [KeyEventKind::Press, KeyEventKind::Release].map(|kind| with(key(c), NONE, kind)))
        .collect()
}

fn ctrl(code: KeyCode) -> Event {
    with(code, KeyModifiers::CONTROL, KeyEventKind::Press)
}

/// crossterm#962: a line feed in what is pasted is Control+Enter in one terminal and Control+J in another.
#[test]
fn every_line_end_in_a_burst_is_one_line_end() {
    for feed in [KeyCode::Enter, KeyCode::Char('j')] {
        let (cr, lf) = (press(KeyCode::Enter), ctrl(feed));
        let (a, b) = (down('a'), down('b'));
        assert_eq!(console(&[a.clone(), lf.clone(), b.clone()]), "\"a\\nb\"");
        assert_eq!(console(&[a.clone(), cr.clone(), lf.clone(), b.clone()]), "\"a\\nb\"");
        assert_eq!(console(&[a.clone(), cr.clone(), cr.clone(), b.clone()]), "\"a\\n\\nb\"");
        let mut translator = Translator::new(Source::Console);
        let first = translator.translate(&[a.clone(), b.clone(), cr], Duration::from_secs(1));
        assert_eq!(written(&first), "\"ab\\n\"");
        let second = translator.translate(&[lf.clone(), b.clone()], Duration::from_millis(2));
        assert_eq!(written(&second), "\"b\"", "the line end was cut in two");
        let third = translator.translate(std::slice::from_ref(&lf), Duration::from_millis(2));
        assert_eq!(written(&third), "\"\\n\"", "and this is another");
    }
    assert_eq!(console(&[ctrl(KeyCode::Char('j'))]), "Ctrl+J", "alone it is a key");
    assert_eq!(console(&[ctrl(KeyCode::Enter)]), "Ctrl+Enter");
}

#[test]
fn fifty_lines_are_one_paste_even_in_batches() {
    let text = "S-1-5-21-7\r".repeat(50);
    let mut translator = Translator::new(Source::Console);
    let mut read = String::new();
    for batch in pasted(&text).chunks(64) {
        for input in translator.translate(batch, Duration::from_millis(1)) {
            match input {
                Input::Paste(part) => read.push_str(&part),
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(read, text.replace('\r', "\n"));
}

/// conhost types what no key of the layout types as Alt and digits: only the release of Alt has the character.
#[test]
fn a_paste_of_what_no_key_types_is_whole() {
    let events = ["管", "理", "者"].map(|c| up(c.chars().next().unwrap()));
    let mut all = pasted("ab");
    all.extend(events);
    all.push(press(KeyCode::Enter));
    assert_eq!(console(&all), "\"ab管理者\\n\"");
}

/// A character of two units comes when its second half goes down, and has no release that could wait for it.
#[test]
fn a_character_of_two_units_holds_nothing_down() {
    let lone = [down('\u{1F511}'), up('ä'), up('ö')];
    assert_eq!(console(&lone), "\u{1F511} ä ö");
}

/// ´ then e: the dead key reports nothing, the letter goes down as é and up as e or é.
#[test]
fn a_letter_with_an_accent_from_a_dead_key_is_one_key() {
    assert_eq!(console(&[down('é'), up('e'), down('x'), up('x')]), "é x");
    assert_eq!(console(&[down('é'), up('é')]), "é");
    // ´ then x, which no letter combines: two characters go down, one comes up.
    assert_eq!(console(&[down('´'), down('x'), up('x'), down('y'), up('y')]), "´ x y");
}

/// Down with `AltGr`, up without: the release has the letter of the key.
#[test]
fn altgr_let_go_first_is_no_second_character() {
    let at = with(KeyCode::Char('@'), ALTGR, KeyEventKind::Press);
    assert_eq!(console(&[at.clone(), up('q'), down('a'), up('a')]), "@ a");
    let other = with(KeyCode::Char('@'), ALTGR, KeyEventKind::Release);
    assert_eq!(console(&[at, other]), "@");
}

#[test]
fn control_c_is_a_key_and_so_are_control_z_and_y() {
    let keys = ['c', 'z', 'y'].map(|c| ctrl(KeyCode::Char(c)));
    assert_eq!(console(&keys), "Ctrl+C Ctrl+Z Ctrl+Y");
    assert_eq!(stream(&keys), "Ctrl+C Ctrl+Z Ctrl+Y");
}

/// A console reports Esc as a key of its own; nobody waits for what might follow it.
#[test]
fn esc_is_esc_at_once_and_begins_nothing() {
    let esc = |kind| with(KeyCode::Esc, NONE, kind);
    assert_eq!(console(&[esc(KeyEventKind::Press), esc(KeyEventKind::Release)]), "Esc");
    assert_eq!(console(&[esc(KeyEventKind::Press), down('a'), up('a')]), "Esc a");
}

/// With Num Lock its keys are characters, without it the keys printed on them; 5 is none then.
#[test]
fn the_number_pad_types_and_moves() {
    let pad = [KeyCode::Char('7'), KeyCode::Char('+'), KeyCode::Char(','), KeyCode::Home, KeyCode::Enter];
    for code in pad {
        let events = [press(code), with(code, NONE, KeyEventKind::Release)];
        assert_eq!(console(&events).chars().filter(|c| *c == ' ').count(), 0, "one key: {code:?}");
    }
    assert_eq!(console(&[press(KeyCode::KeypadBegin), press(KeyCode::Home)]), "Home");
}

/// A modifier alone, Caps Lock, the volume keys: nothing.
#[test]
fn keys_that_mean_nothing_are_nothing() {
    let codes = [KeyCode::CapsLock, KeyCode::NumLock, KeyCode::PrintScreen, KeyCode::Menu, KeyCode::Null];
    assert_eq!(console(&codes.map(press)), "");
    let shift = KeyCode::Modifier(ct::ModifierKeyCode::LeftShift);
    assert_eq!(console(&[press(shift), down('A'), up('A')]), "A");
}
