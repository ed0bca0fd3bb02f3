//! The real program in a pseudo-terminal: what it was typed, and what a terminal shows.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal with a program in it.
pub struct Terminal {
    pub child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    output: Receiver<Vec<u8>>,
    closing: Arc<AtomicBool>,
    picture: vt100::Parser,
    /// The terminal's modes before the program began.
    modes: String,
}

/// What the editor holds of a terminal while it runs.
pub const HELD: [&str; 5] = ["alternate screen", "hidden cursor", "mouse", "bracketed paste", "raw mode"];

impl Terminal {
    /// Starts azedit with these arguments in a terminal of 100 × 28, its configuration and state in `home`.
    pub fn azedit(home: &Path, arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_azedit"));
        command.args(arguments);
        Self::start(command, home)
    }

    /// Starts any command that way.
    pub fn start(mut command: CommandBuilder, home: &Path) -> Self {
        command.env_clear();
        command.env("HOME", home);
        command.env("AZEDIT_STATE_DIR", home.join("state"));
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        command.env("AZEDIT_TEST_PANIC", "F12");
        command.cwd(home);
        let size = PtySize { rows: 28, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let modes = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keyboard = pair.master.take_writer().unwrap();
        let (send, output) = channel();
        let closing = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&closing);
        std::thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if closed.load(Ordering::SeqCst) || send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            master: Some(pair.master),
            keyboard: Some(keyboard),
            output,
            closing,
            picture: vt100::Parser::new(28.try_into().unwrap(), 100.try_into().unwrap(), 0),
            modes,
        }
    }

    pub fn press(&mut self, bytes: &str) {
        self.keyboard.as_mut().unwrap().write_all(bytes.as_bytes()).unwrap();
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
        if let (Ok(rows), Ok(cols)) = (rows.try_into(), cols.try_into()) {
            self.picture.screen_mut().set_size(rows, cols);
        }
    }

    /// What the terminal shows.
    pub fn screen(&self) -> String {
        self.picture.screen().contents()
    }

    /// Waits until the terminal shows this text.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("{text:?} is shown"), |terminal| terminal.screen().contains(text));
    }

    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < deadline, "waited in vain until {what}; the screen:\n{}", self.screen());
            match self.output.recv_timeout(Duration::from_millis(50)) {
                Ok(bytes) => self.picture.process(&bytes),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Bytes that arrive within this time.
    pub fn output_within(&mut self, time: Duration) -> usize {
        let deadline = Instant::now() + time;
        let mut count = 0;
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            if let Ok(bytes) = self.output.recv_timeout(left) {
                self.picture.process(&bytes);
                count += bytes.len();
            }
        }
        count
    }

    /// Waits until the program has ended, and takes in all that it wrote.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // Nobody else holds the terminal: its end is the program's.
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.picture.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("the program does not end; the screen:\n{}", self.screen())
                }
            }
        }
    }

    /// Which of [`HELD`] the terminal is in now. None: it is as it was found.
    pub fn held(&self) -> Vec<&'static str> {
        let screen = self.picture.screen();
        let is_held = [
            screen.alternate_screen(),
            screen.hide_cursor(),
            screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
            screen.bracketed_paste(),
            modes(self.master.as_ref().unwrap().as_ref()) != self.modes,
        ];
        HELD.into_iter().zip(is_held).filter_map(|(name, held)| held.then_some(name)).collect()
    }

    /// Takes the terminal away, as a dropped connection does.
    pub fn hang_up(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the reading thread, which then lets go of its end.
        self.press("?");
        let deadline = Instant::now() + PATIENCE;
        while !matches!(self.output.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected)) {
            assert!(Instant::now() < deadline, "nothing was written in answer to a key");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.keyboard = None;
        self.master = None;
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // After a failed test the program must not stay.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios())
}

#[cfg(not(unix))]
fn modes(_: &(dyn MasterPty + Send)) -> String {
    String::new()
}
