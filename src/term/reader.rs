//! The thread that reads the terminal.

use std::io;
use std::sync::mpsc::Sender;
use std::time::Instant;

use crossterm::event;

use super::input::{BURST, Source, Translator};
use super::session;
use crate::app::input::Input;

/// A batch ends here even if more is waiting, so that a flood of input cannot keep the screen from being drawn.
const BATCH: usize = 4096;

/// Where this program's terminal gets its keys from.
const SOURCE: Source = if cfg!(windows) { Source::Console } else { Source::Stream };

/// Reads inputs in batches, each holding all that was waiting, until nobody receives them or the terminal is gone.
pub fn start<E: Send + 'static>(report: Sender<E>, wrap: fn(io::Result<Vec<Input>>) -> E) -> io::Result<()> {
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        let error = read_all(&report, wrap);
        // Nobody receives it when the program is ending anyway.
        let _ = report.send(wrap(Err(error)));
    })?;
    Ok(())
}

/// Reads until that fails, or nobody receives what is read.
fn read_all<E>(report: &Sender<E>, wrap: fn(io::Result<Vec<Input>>) -> E) -> io::Error {
    let mut translator = Translator::new(SOURCE);
    let mut last = Instant::now();
    let mut size = session::size();
    loop {
        let (began, mut batch) = match read_batch() {
            Ok(read) => read,
            Err(error) => return error,
        };
        // Taken before the size is asked for, which may have to wait for the console: a key that comes meanwhile does
        // not come at once.
        let ended = Instant::now();
        // A console says nothing when its window gets another size and the buffer behind it does not.
        if SOURCE == Source::Console && size != session::size() {
            size = session::size();
            batch.push(event::Event::Resize(size.0, size.1));
        }
        let inputs = translator.translate(&batch, began.duration_since(last));
        last = ended;
        if !inputs.is_empty() && report.send(wrap(Ok(inputs))).is_err() {
            return io::ErrorKind::BrokenPipe.into();
        }
    }
}

/// Everything that is waiting, and when it began to arrive.
fn read_batch() -> io::Result<(Instant, Vec<event::Event>)> {
    let mut batch = vec![event::read()?];
    let began = Instant::now();
    // The console hands over a paste key by key; once several keys have come at once, the rest is worth waiting for.
    let patience =
        |seen: usize| if SOURCE == Source::Console && seen > 2 { BURST } else { std::time::Duration::ZERO };
    while batch.len() < BATCH && event::poll(patience(batch.len()))? {
        batch.push(event::read()?);
    }
    Ok((began, batch))
}
