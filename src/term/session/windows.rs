//! Windows' console: how it was found, taking it over, giving it back.
//!
//! A console has a mode for input and one for output, two code pages, a cursor and colours, shared with every program
//! that runs in it. All of them are noted before anything is changed, and set back to what was noted: arithmetic on the
//! bits that the console has by then would give back what somebody else left there.
//!
//! Whether it takes escape sequences is what it says when asked to (`SetConsoleMode`), not what `TERM` says, which an
//! SSH server sets on any Windows. One that does not, before Windows 10 1511, is given a second screen buffer, which
//! leaves the user's own screen as it is, and cells in it.
//!
//! Every function exists on Windows 7 already.

#![allow(unsafe_code)]

use std::fs::File;
use std::io::{self, Write as _};
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::ptr::{null, null_mut};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use windows_sys::Win32::Foundation::{GENERIC_READ, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Globalization::{CPINFO, GetCPInfo, MB_USEGLYPHCHARS, MultiByteToWideChar};
use windows_sys::Win32::Storage::FileSystem::{FILE_SHARE_READ, FILE_SHARE_WRITE};
use windows_sys::Win32::System::Console::{
    CHAR_INFO, CHAR_INFO_0, CONSOLE_CURSOR_INFO, CONSOLE_SCREEN_BUFFER_INFO, CONSOLE_TEXTMODE_BUFFER, COORD,
    CreateConsoleScreenBuffer, ENABLE_AUTO_POSITION, ENABLE_EXTENDED_FLAGS, ENABLE_INSERT_MODE,
    ENABLE_MOUSE_INPUT, ENABLE_PROCESSED_OUTPUT, ENABLE_QUICK_EDIT_MODE, ENABLE_VIRTUAL_TERMINAL_PROCESSING,
    ENABLE_WINDOW_INPUT, GetConsoleCP, GetConsoleCursorInfo, GetConsoleMode, GetConsoleOutputCP,
    GetConsoleScreenBufferInfo, SMALL_RECT, SetConsoleActiveScreenBuffer, SetConsoleCP, SetConsoleCursorInfo,
    SetConsoleCursorPosition, SetConsoleMode, SetConsoleOutputCP, SetConsoleTextAttribute,
    WriteConsoleOutputW,
};

use super::{Kind, Mouse, Terminal};
use crate::ui::console::{Cell, Surroundings, Update};
use crate::ui::glyphs::Characters;

/// Overrules what the console says of itself: `legacy` writes cells, `vt` writes escape sequences to standard output,
/// whatever that is.
const VARIABLE: &str = "AZEDIT_CONSOLE";

/// The alternate screen, no cursor. Pastes come as keys whatever is switched on, and focus is always reported.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l";
const LEAVE: &[u8] = b"\x1b[m\x1b[?1049l\x1b[?25h";

/// Cells written by one call: older consoles take 64 KB at most, and less when they are busy.
const BAND: usize = 8000;

/// The code page of UTF-8.
const UTF8: u32 = 65001;

/// A console, as it was found.
struct Console {
    /// What is typed (`CONIN$`).
    input: File,
    /// The screen that was shown (`CONOUT$`).
    output: File,
    /// What the console takes.
    kind: Kind,
    /// Whether standard output is that screen.
    is_stdout: bool,
    input_mode: u32,
    output_mode: u32,
    input_page: u32,
    output_page: u32,
    cursor: CONSOLE_CURSOR_INFO,
    attributes: u16,
}

/// It is found once: later it is as we made it.
static CONSOLE: OnceLock<Result<Console, String>> = OnceLock::new();

/// Our own screen, where cells are written.
struct Screen {
    buffer: OwnedHandle,
    /// Where it shows the cursor.
    cursor: Option<(u16, u16)>,
}

static SCREEN: Mutex<Option<Screen>> = Mutex::new(None);

fn console() -> Result<&'static Console, String> {
    CONSOLE.get_or_init(find).as_ref().map_err(String::clone)
}

fn found() -> io::Result<&'static Console> {
    console().map_err(io::Error::other)
}

fn find() -> Result<Console, String> {
    let none = |_| "the editor needs a console; `azedit show STORE` prints a store".to_owned();
    let open = |name| File::options().read(true).write(true).open(name).map_err(none);
    let (input, output) = (open("CONIN$")?, open("CONOUT$")?);
    let wish = std::env::var(VARIABLE).unwrap_or_default();
    let stdout = io::stdout();
    let is_stdout = mode(stdout.as_raw_handle()).is_ok();
    if !is_stdout && wish != "vt" {
        return Err(format!(
            "standard output is no console; `azedit show STORE` prints a store ({VARIABLE}=vt starts the editor all the \
             same, for terminals that Windows does not know)"
        ));
    }
    let handle = output.as_raw_handle();
    let (input_mode, output_mode) = (mode(input.as_raw_handle()).map_err(none)?, mode(handle).map_err(none)?);
    let info = info(handle).map_err(none)?;
    let takes_sequences = match wish.as_str() {
        "vt" => true,
        "legacy" => false,
        _ => {
            let taken = set_mode(handle, with_sequences(output_mode)).is_ok();
            taken && set_mode(handle, output_mode).is_ok()
        }
    };
    // SAFETY: these take nothing and return a number.
    let (input_page, output_page) = unsafe { (GetConsoleCP(), GetConsoleOutputCP()) };
    let is_double_byte = is_double_byte(output_page);
    let around = Surroundings { attributes: info.wAttributes, is_double_byte };
    Ok(Console {
        kind: if takes_sequences { Kind::Sequences } else { Kind::Cells(around) },
        is_stdout,
        input_mode,
        output_mode,
        input_page,
        output_page,
        cursor: cursor(handle).map_err(none)?,
        attributes: info.wAttributes,
        input,
        output,
    })
}

pub(super) fn look() -> Result<Terminal, String> {
    let console = console()?;
    let page = console.output_page;
    let characters = match console.kind {
        // There boxes and arrows are as wide as the letters, two cells.
        _ if is_double_byte(page) => Characters::Wide,
        // Its font may be one of pixels, which holds the code page and nothing else.
        Kind::Cells(_) if page != UTF8 => Characters::Only(characters(page)),
        _ => Characters::Usual,
    };
    Ok(Terminal { kind: console.kind, characters: Some(characters) })
}

pub(super) fn facts() -> Vec<String> {
    let Ok(console) = console() else { return Vec::new() };
    vec![
        format!("code pages {} in, {} out", console.input_page, console.output_page),
        format!("modes {:#x} in, {:#x} out", console.input_mode, console.output_mode),
    ]
}

pub(super) fn take(mouse: Mouse) -> io::Result<()> {
    let console = found()?;
    set_mouse(mouse).and_then(|()| take_screen(console)).inspect_err(|_| give_back(mouse))
}

fn take_screen(console: &Console) -> io::Result<()> {
    match console.kind {
        Kind::Sequences => {
            if console.is_stdout {
                set_mode(console.output.as_raw_handle(), with_sequences(console.output_mode))?;
            }
            put(ENTER)
        }
        Kind::Cells(_) => {
            let buffer = new_screen()?;
            set_cursor(buffer.as_raw_handle(), false)?;
            activate(buffer.as_raw_handle())?;
            *screen() = Some(Screen { buffer, cursor: None });
            Ok(())
        }
    }
}

pub(super) fn give_back(_: Mouse) {
    let Ok(console) = console() else { return };
    let output = console.output.as_raw_handle();
    match console.kind {
        Kind::Sequences => _ = put(LEAVE),
        Kind::Cells(_) => {
            let _ = activate(output);
            *screen() = None;
        }
    }
    give_mode_back();
    // SAFETY: the handle is open, and the cursor lives as long as the call.
    unsafe { SetConsoleCursorInfo(output, &raw const console.cursor) };
    if info(output).is_ok_and(|info| info.wAttributes != console.attributes) {
        // SAFETY: the handle is open; the rest is a number.
        unsafe { SetConsoleTextAttribute(output, console.attributes) };
    }
}

/// Modes and code pages, without a look at the screen.
pub(super) fn give_mode_back() {
    let Ok(console) = console() else { return };
    let _ = set_mode(console.input.as_raw_handle(), console.input_mode);
    let _ = set_mode(console.output.as_raw_handle(), console.output_mode);
    // Setting a code page makes some consoles choose another font; so only where it is another.
    // SAFETY: these take and return numbers.
    unsafe {
        if GetConsoleCP() != console.input_page {
            SetConsoleCP(console.input_page);
        }
        if GetConsoleOutputCP() != console.output_page {
            SetConsoleOutputCP(console.output_page);
        }
    }
}

/// Mouse and raw mode are one word, so there is no order to get wrong.
pub(super) fn set_mouse(mouse: Mouse) -> io::Result<()> {
    let console = found()?;
    set_mode(console.input.as_raw_handle(), input_mode(console.input_mode, mouse))
}

/// The input mode in which we run: every key is an event, Control+C among them, and no sequences are made of keys. With
/// Quick Edit a click freezes the program until a key is pressed, so it is off while the mouse is ours, and on where
/// the user wants to select with it.
fn input_mode(found: u32, mouse: Mouse) -> u32 {
    let kept = found & (ENABLE_INSERT_MODE | ENABLE_AUTO_POSITION);
    let wanted = match mouse {
        Mouse::Captured => ENABLE_MOUSE_INPUT,
        Mouse::Free => ENABLE_QUICK_EDIT_MODE,
    };
    kept | wanted | ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS
}

fn with_sequences(found: u32) -> u32 {
    found | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING
}

pub(super) fn put(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes cells and sets the cursor, while the console is ours and takes cells.
pub fn show(update: &Update) -> io::Result<()> {
    let held = super::lock();
    let mut screen = screen();
    let (Some(_), Some(screen)) = (*held, screen.as_mut()) else { return Ok(()) };
    let handle = screen.buffer.as_raw_handle();
    // The window may have been moved over its buffer.
    let window = info(handle)?.srWindow;
    if let Some(patch) = &update.patch {
        let rows = (BAND / usize::from(patch.width).max(1)).max(1);
        let mut top = add(window.Top, patch.top);
        for band in patch.cells.chunks(rows * usize::from(patch.width).max(1)) {
            top = write_band(handle, add(window.Left, patch.left), top, patch.width, band)?;
        }
    }
    if update.cursor != screen.cursor {
        if let Some((x, y)) = update.cursor {
            let to = COORD { X: add(window.Left, x), Y: add(window.Top, y) };
            // SAFETY: the handle is open; the rest is numbers.
            done(unsafe { SetConsoleCursorPosition(handle, to) })?;
        }
        set_cursor(handle, update.cursor.is_some())?;
        screen.cursor = update.cursor;
    }
    Ok(())
}

/// Writes rows of cells, and returns the row below them.
fn write_band(screen: HANDLE, left: i16, top: i16, width: u16, cells: &[Cell]) -> io::Result<i16> {
    let cells: Vec<CHAR_INFO> = cells
        .iter()
        .map(|cell| CHAR_INFO { Char: CHAR_INFO_0 { UnicodeChar: cell.unit }, Attributes: cell.attributes })
        .collect();
    let height = u16::try_from(cells.len() / usize::from(width).max(1)).unwrap_or(u16::MAX);
    let below = add(top, height);
    let mut place = SMALL_RECT { Left: left, Top: top, Right: add(left, width) - 1, Bottom: below - 1 };
    let size = COORD { X: add(0, width), Y: add(0, height) };
    // SAFETY: `cells` has `width` × `height` elements, which is what `size` says; `place` can be written.
    done(unsafe { WriteConsoleOutputW(screen, cells.as_ptr(), size, COORD { X: 0, Y: 0 }, &raw mut place) })?;
    Ok(below)
}

pub(super) fn size() -> Option<(u16, u16)> {
    let console = console().ok()?;
    let screen = screen();
    let handle =
        screen.as_ref().map_or(console.output.as_raw_handle(), |screen| screen.buffer.as_raw_handle());
    let window = info(handle).ok()?.srWindow;
    let cells = |first: i16, last: i16| u16::try_from(i32::from(last) - i32::from(first) + 1).ok();
    Some((cells(window.Left, window.Right)?, cells(window.Top, window.Bottom)?))
}

fn screen() -> MutexGuard<'static, Option<Screen>> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A coordinate so many cells further on.
fn add(from: i16, cells: u16) -> i16 {
    from.saturating_add_unsigned(cells)
}

/// The outcome of a call that reports success as anything but zero.
fn done(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn mode(handle: HANDLE) -> io::Result<u32> {
    let mut mode = 0;
    // SAFETY: `mode` can be written; a handle that is no console's is an error, not a fault.
    done(unsafe { GetConsoleMode(handle, &raw mut mode) })?;
    Ok(mode)
}

fn set_mode(handle: HANDLE, mode: u32) -> io::Result<()> {
    // SAFETY: a number and a handle that is open.
    done(unsafe { SetConsoleMode(handle, mode) })
}

fn info(handle: HANDLE) -> io::Result<CONSOLE_SCREEN_BUFFER_INFO> {
    let mut info = CONSOLE_SCREEN_BUFFER_INFO::default();
    // SAFETY: the handle is open, and `info` can be written.
    done(unsafe { GetConsoleScreenBufferInfo(handle, &raw mut info) })?;
    Ok(info)
}

fn cursor(handle: HANDLE) -> io::Result<CONSOLE_CURSOR_INFO> {
    let mut cursor = CONSOLE_CURSOR_INFO::default();
    // SAFETY: the handle is open, and `cursor` can be written.
    done(unsafe { GetConsoleCursorInfo(handle, &raw mut cursor) })?;
    Ok(cursor)
}

fn set_cursor(handle: HANDLE, is_shown: bool) -> io::Result<()> {
    let cursor = CONSOLE_CURSOR_INFO { bVisible: i32::from(is_shown), ..cursor(handle)? };
    // SAFETY: the handle is open, and `cursor` lives as long as the call.
    done(unsafe { SetConsoleCursorInfo(handle, &raw const cursor) })
}

fn activate(screen: HANDLE) -> io::Result<()> {
    // SAFETY: a handle that is open.
    done(unsafe { SetConsoleActiveScreenBuffer(screen) })
}

/// A screen of the size of the window, blank, in the user's colours.
fn new_screen() -> io::Result<OwnedHandle> {
    let (access, share) = (GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE);
    // SAFETY: no security attributes and no data are asked for by null.
    let handle =
        unsafe { CreateConsoleScreenBuffer(access, share, null(), CONSOLE_TEXTMODE_BUFFER, null_mut()) };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle was just made, and nobody else has it.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

/// Whether a code page has characters of two bytes.
fn is_double_byte(page: u32) -> bool {
    let mut info = CPINFO::default();
    // SAFETY: `info` can be written; a code page that does not exist is an error, not a fault.
    let known = unsafe { GetCPInfo(page, &raw mut info) } != 0;
    known && page != UTF8 && info.MaxCharSize > 1
}

/// The characters of a code page of single bytes, those among them that share their byte with a control character.
fn characters(page: u32) -> String {
    let bytes: Vec<u8> = (1..=255).collect();
    let mut units = [0u16; 512];
    // SAFETY: the lengths are those of what the pointers lead to, 255 and 512.
    let count =
        unsafe { MultiByteToWideChar(page, MB_USEGLYPHCHARS, bytes.as_ptr(), 255, units.as_mut_ptr(), 512) };
    let count = usize::try_from(count).unwrap_or(0);
    String::from_utf16_lossy(units.get(..count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use windows_sys::Win32::System::Console::{
        ENABLE_ECHO_INPUT, ENABLE_LINE_INPUT, ENABLE_PROCESSED_INPUT, ENABLE_VIRTUAL_TERMINAL_INPUT,
    };

    use super::*;

    #[test]
    fn while_we_run_keys_are_events_and_a_click_freezes_nothing() {
        let raw = ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT;
        for found in [0x1F7, 0x1F7 | ENABLE_VIRTUAL_TERMINAL_INPUT, 0x07, 0] {
            for mouse in [Mouse::Captured, Mouse::Free] {
                let mode = input_mode(found, mouse);
                assert_eq!(mode & (raw | ENABLE_VIRTUAL_TERMINAL_INPUT), 0);
                assert_ne!(mode & ENABLE_WINDOW_INPUT, 0);
                let is_ours = mouse == Mouse::Captured;
                assert_eq!(mode & ENABLE_MOUSE_INPUT != 0, is_ours);
                assert_eq!(mode & ENABLE_QUICK_EDIT_MODE != 0, !is_ours);
                // Without this flag the console does not look at that of Quick Edit.
                assert_ne!(mode & ENABLE_EXTENDED_FLAGS, 0);
                assert_eq!(mode & ENABLE_INSERT_MODE, found & ENABLE_INSERT_MODE);
            }
        }
    }

    #[test]
    fn a_code_page_says_what_it_holds() {
        let american = characters(437);
        for c in "─│┌┐└┘├┤┬┴▼►·»√éA~".chars() {
            assert!(american.contains(c), "{c}");
        }
        assert!(!american.contains('›') && !american.contains('…'));
        let russian = characters(866);
        assert!(russian.contains('─') && russian.contains('Ж') && !russian.contains('»'));
        assert!(!characters(1252).contains('─'));
        assert_eq!([437, 850, 1252, 65001].map(is_double_byte), [false; 4]);
        assert_eq!([932, 936, 949, 950].map(is_double_byte), [true; 4]);
    }
}
