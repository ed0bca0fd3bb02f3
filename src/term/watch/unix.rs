//! Signals, and the terminal's hang-up. A thread waits for both, so that neither waits for a key.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::Sender;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;
use signal_hook::low_level::emulate_default_handler;

use super::super::session;
use super::Notice;

/// How long the event loop may take to end.
const GRACE: Duration = Duration::from_secs(1);

/// Signals are caught from the moment this exists, and reported once [`Watch::start`] is called.
pub struct Watch {
    signals: SignalDelivery<UnixStream, SignalOnly>,
    terminal: OwnedFd,
}

impl Watch {
    /// Catches the signals. The terminal watched is the one that input is read from.
    pub fn new() -> io::Result<Self> {
        let (read, write) = UnixStream::pair()?;
        let signals = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT];
        let signals = SignalDelivery::with_pipe(read, write, SignalOnly, signals)?;
        Ok(Self { signals, terminal: terminal()? })
    }

    /// Reports from now on, until `report` has no receiver left.
    pub fn start<E: Send + 'static>(self, report: Sender<E>, wrap: fn(Notice) -> E) -> io::Result<()> {
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || self.run(&report, wrap))?;
        Ok(())
    }

    fn run<E>(mut self, report: &Sender<E>, wrap: fn(Notice) -> E) {
        loop {
            // A watch that cannot wait would miss the signal; better to end in order than to be killed.
            if self.wait().unwrap_or(true) {
                return end(report, wrap, SIGHUP);
            }
            for signal in self.signals.pending() {
                let notice = match signal {
                    SIGTSTP => Notice::Stop,
                    SIGCONT => Notice::Continue,
                    signal => return end(report, wrap, signal),
                };
                if report.send(wrap(notice)).is_err() {
                    return;
                }
            }
        }
    }

    /// Waits for a signal or for the terminal to hang up; `true` for the latter. Asking for no events costs nothing
    /// while keys arrive: a hang-up is reported all the same.
    fn wait(&self) -> rustix::io::Result<bool> {
        let signals = self.signals.get_read().as_fd();
        let mut fds = [
            PollFd::from_borrowed_fd(signals, PollFlags::IN),
            PollFd::from_borrowed_fd(self.terminal.as_fd(), PollFlags::empty()),
        ];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(false),
            Err(error) => return Err(error),
        }
        Ok(fds.last().is_some_and(is_lost))
    }
}

/// The terminal that input is read from.
fn terminal() -> io::Result<OwnedFd> {
    let stdin = rustix::stdio::stdin();
    if rustix::termios::isatty(stdin) {
        stdin.try_clone_to_owned()
    } else {
        Ok(std::fs::File::open("/dev/tty")?.into())
    }
}

fn is_lost(terminal: &PollFd<'_>) -> bool {
    terminal.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
}

/// Whether the terminal is gone. Whoever reads or writes may find that before the watch does, and has an error that does
/// not always say so.
pub fn is_gone() -> bool {
    // A terminal that has hung up no longer answers as one; where it was the controlling one, it cannot be opened either.
    let Ok(terminal) = terminal() else { return true };
    let mut fds = [PollFd::from_borrowed_fd(terminal.as_fd(), PollFlags::empty())];
    poll(&mut fds, Some(&Timespec::default())).is_err() || fds.iter().any(is_lost)
}

/// Has the event loop end by this signal, and ends for it if it does not.
fn end<E>(report: &Sender<E>, wrap: fn(Notice) -> E, signal: i32) {
    if report.send(wrap(Notice::End(signal))).is_err() {
        return;
    }
    std::thread::sleep(GRACE);
    die(signal);
}

/// Gives the terminal back and dies as if the signal had never been caught.
pub fn die(signal: i32) {
    session::restore();
    // Only an unknown signal is an error, and ours are known.
    let _ = emulate_default_handler(signal);
}

/// Gives the terminal back and stops until the shell lets us go on, which [`Notice::Continue`] reports.
pub fn stop() {
    session::restore();
    let _ = emulate_default_handler(SIGTSTP);
}
