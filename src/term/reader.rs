//! The thread that reads the terminal.

use std::io;
use std::sync::mpsc::Sender;
use std::time::Instant;

use crossterm::event;

use super::input::{BURST, Source, Translator};
use crate::app::input::Input;

/// A batch ends here even if more is waiting, so that a flood of input cannot keep the screen from being drawn.
const BATCH: usize = 4096;

/// Where this program's terminal gets its keys from.
const SOURCE: Source = if cfg!(windows) { Source::Console } else { Source::Stream };

/// Reads inputs in batches, each holding all that was waiting, until nobody receives them or the terminal is gone.
pub fn start<E: Send + 'static>(report: Sender<E>, wrap: fn(io::Result<Vec<Input>>) -> E) -> io::Result<()> {
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        let mut translator = Translator::new(SOURCE);
        let mut last = Instant::now();
        loop {
            let batch = read_batch();
            let failed = batch.is_err();
            let inputs = batch.map(|(began, batch)| translator.translate(&batch, began.duration_since(last)));
            last = Instant::now();
            if matches!(&inputs, Ok(inputs) if inputs.is_empty()) {
                continue;
            }
            if report.send(wrap(inputs)).is_err() || failed {
                return;
            }
        }
    })?;
    Ok(())
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
