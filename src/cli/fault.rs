//! What happens when the program finds itself in the wrong.

use std::io::{self, Write};
use std::panic;
use std::process;

use crate::term;

/// What the shell is told: what a Rust program says that panicked.
const CODE: i32 = 101;

/// Has a panic, on whichever thread, give the terminal back, say what happened, and end the program.
///
/// Nothing is unwound for it, so that a program without tables for unwinding, which is a sixth smaller, ends in the
/// same way. No more is lost than by unwinding: a step is with the operating system, in the journal, before the next key
/// is looked at, and a store that is being saved keeps its name until another whole one has it.
pub fn prepare() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        term::give_back();
        tell(info);
        // Without standard error nobody can be told.
        let _ = writeln!(
            io::stderr(),
            "\nazedit: that is a fault of azedit's own. No store was left half written; what the editor had not saved \
             of a store that has a file is offered when it opens that again. Please report the lines above and what you did last.",
        );
        process::exit(CODE);
    }));
}
