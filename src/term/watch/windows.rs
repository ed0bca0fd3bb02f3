//! The console's control events: Ctrl+Break, the window's close button, and for a program without windows log-off and
//! shutdown.
//!
//! Windows calls a handler on a thread of its own, and ends the program when that returns, or five seconds later. So
//! the handler waits until the event loop has put the journal on the disk and given the console back; only then it
//! leaves the event to Windows, which ends the program as if nobody had handled it.

#![allow(unsafe_code)]

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use windows_sys::Win32::System::Console::SetConsoleCtrlHandler;

use super::super::session;
use super::{Notice, Signal};

/// How long the event loop may take to end. Windows waits five seconds.
const GRACE: Duration = Duration::from_secs(4);

/// Reports an event; `false` if nobody receives it.
type Report = Box<dyn Fn(Signal) -> bool + Send + Sync>;

static REPORT: OnceLock<Report> = OnceLock::new();

/// Whether the event loop has ended in order, and news of it.
static ENDED: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

/// Control events are caught from the moment this exists, and reported once [`Watch::start`] is called.
pub struct Watch(());

impl Watch {
    /// Catches the events.
    pub fn new() -> io::Result<Self> {
        // SAFETY: the handler is a function, so it is there as long as the program.
        match unsafe { SetConsoleCtrlHandler(Some(handle), 1) } {
            0 => Err(io::Error::last_os_error()),
            _ => Ok(Self(())),
        }
    }

    /// Reports from now on.
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)] // As on Unix, where a thread has to be started.
    pub fn start<E: Send + 'static>(self, report: Sender<E>, wrap: fn(Notice) -> E) -> io::Result<()> {
        let report = move |signal| report.send(wrap(Notice::End(signal))).is_ok();
        // There is one watch in a program.
        let _ = REPORT.set(Box::new(report));
        Ok(())
    }
}

/// What Windows calls. Returning 0 leaves the event to the next handler, and the last one ends the program.
unsafe extern "system" fn handle(signal: u32) -> i32 {
    if REPORT.get().is_some_and(|report| report(signal)) {
        let (ended, news) = &ENDED;
        let ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
        drop(news.wait_timeout_while(ended, GRACE, |ended| !*ended));
    }
    session::restore();
    0
}

/// Lets Windows end the program by the event that was reported. The console has been given back.
pub fn die(_: Signal) {
    let (ended, news) = &ENDED;
    *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
    news.notify_all();
    // An end of our own would be another exit code. Only if Windows forgets us do we return.
    std::thread::sleep(GRACE);
}
