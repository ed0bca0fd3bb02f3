//! How the examples that measure print what they measured.

use std::fmt::Display;
use std::io::{self, Write};

/// A line for each thing that was measured: the median of its times and the most, in milliseconds.
pub fn print(figures: impl IntoIterator<Item = (impl Display, Vec<f64>)>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for (what, mut times) in figures {
        times.sort_by(f64::total_cmp);
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        let most = times.last().copied().unwrap_or_default();
        writeln!(out, "{median:9.2} ms  most {most:9.2} ms  {what}")?;
    }
    Ok(())
}
