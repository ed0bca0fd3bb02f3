//! How many of many files are done, on standard error while that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Characters of the bar.
const WIDTH: usize = 40;
/// It is drawn no more often than this.
const PAUSE: Duration = Duration::from_millis(100);

/// A bar that is drawn over itself: it needs nothing of a terminal but that a carriage return goes back to the first
/// column.
pub struct Progress {
    done: AtomicUsize,
    all: usize,
    what: &'static str,
    /// When it was drawn; `None` while it never was, or where there is no terminal.
    drawn: Mutex<Option<Instant>>,
    begun: Instant,
    is_shown: bool,
}

impl Progress {
    /// Of `all` things, which are called `what`, none is done.
    pub fn of(all: usize, what: &'static str) -> Progress {
        let (done, drawn, is_shown) = (AtomicUsize::new(0), Mutex::new(None), io::stderr().is_terminal());
        Progress { done, all, what, drawn, begun: Instant::now(), is_shown }
    }

    /// One more is done.
    pub fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Who finds another thread drawing leaves it to that.
        let Some(mut drawn) = self.drawn.try_lock().ok().filter(|_| self.is_shown) else { return };
        if drawn.unwrap_or(self.begun).elapsed() >= PAUSE {
            *drawn = Some(Instant::now());
            // A terminal that takes nothing more is no reason not to go on.
            let _ = write!(io::stderr().lock(), "\r{}", line(done, self.all, self.what));
        }
    }
}

impl Drop for Progress {
    /// Leaves the line as it was found.
    fn drop(&mut self) {
        if matches!(self.drawn.get_mut(), Ok(Some(_))) {
            let blank = line(self.all, self.all, self.what).len();
            let _ = write!(io::stderr().lock(), "\r{:blank$}\r", "");
        }
    }
}

/// `[#####>    ] 5/10 stores`
fn line(done: usize, all: usize, what: &str) -> String {
    let filled = (done * WIDTH).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
    let head = if filled < WIDTH { ">" } else { "" };
    format!("[{:WIDTH$}] {done}/{all} {what}", format!("{}{head}", "#".repeat(filled)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_long_as_what_is_done_and_never_longer() {
        assert_eq!(line(0, 4, "stores"), format!("[>{}] 0/4 stores", " ".repeat(39)));
        assert_eq!(line(1, 4, "stores"), format!("[{}>{}] 1/4 stores", "#".repeat(10), " ".repeat(29)));
        assert_eq!(line(4, 4, "stores"), format!("[{}] 4/4 stores", "#".repeat(40)));
        assert_eq!(line(0, 0, "stores"), format!("[{}] 0/0 stores", "#".repeat(40)));
        for done in 0..=1000 {
            assert!(line(done, 1000, "stores").len() <= line(1000, 1000, "stores").len());
        }
    }
}
