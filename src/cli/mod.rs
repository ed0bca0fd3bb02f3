//! The command line: one file per subcommand.
//!
//! `args` says what can be typed, `location` what a store argument names, `load` reads stores, `save` writes them,
//! `failure` gives every end of a command its exit code. [`run`] is the only place where a result becomes one.

mod access;
mod args;
mod caller;
mod check;
mod consent;
mod diff;
mod edit;
mod editor;
mod evidence;
mod explain;
mod failure;
mod fault;
mod find;
mod load;
mod location;
mod machine;
mod man;
mod mend;
mod names;
mod new;
mod progress;
mod recipe;
mod rights;
mod save;
mod self_test;
mod show;
mod sid;
mod stranded;
mod versions;
mod vm;
mod who;
#[cfg(windows)]
mod windows;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::CommandFactory;

use self::args::{Cli, Command};
use self::failure::{Code, Failure};
use crate::report::show::escape;

/// Runs the program with these arguments, the first of which is its own name, and gives its exit code.
pub fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    fault::prepare();
    let cli = match Cli::read(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and the version are among these "errors": they go to standard output and exit with 0. Whether
            // they could be written makes no difference to either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Code::Usage as u8 } else { Code::Done as u8 });
        }
    };
    if cli.command.is_none() && !cli.editor.print_config {
        return editor::run(cli.editor);
    }
    let mut out = Output { out: BufWriter::new(io::stdout().lock()), done: false };
    let code = match cli.command {
        Some(command) => dispatch(command, &mut out),
        None => editor::print_config(&mut out),
    };
    let code = code.and_then(|code| {
        out.flush()?;
        Ok(code)
    });
    ExitCode::from(code.unwrap_or_else(|failure| end(&failure)) as u8)
}

/// Standard output, in large pieces.
struct Output {
    out: BufWriter<io::StdoutLock<'static>>,
    done: bool,
}

impl Output {
    /// The command has done what it was asked for, and only tells of it from here on: that nobody takes the words does
    /// not undo the deed.
    fn only_tells(&mut self) {
        self.done = true;
    }

    fn forgive<T>(&self, result: io::Result<T>, done: T) -> io::Result<T> {
        if self.done { result.or(Ok(done)) } else { result }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.out.write(bytes);
        self.forgive(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.flush();
        self.forgive(result, ())
    }
}

fn dispatch(command: Command, out: &mut Output) -> Result<Code, Failure> {
    match command {
        Command::Show(args) => show::run(&args, out),
        Command::Check(args) => check::run(&args, out),
        Command::Can(args) => who::can(&args, out),
        Command::WhoCan(args) => who::who_can(&args, out),
        Command::Access(args) => access::run(&args, out),
        Command::Diff(args) => diff::run(&args, out),
        Command::Edit(args) => edit::run(args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::New(args) => new::run(&args, out),
        Command::Log(args) => versions::log(&args, out),
        Command::Restore(args) => versions::restore(&args, out),
        Command::Vm(args) => vm::run(&args.command, out),
        Command::Rights(args) => rights::run(&args, out),
        Command::Sid(args) => sid::run(&args, out),
        Command::SelfTest(args) => self_test::run(&args, out),
        Command::Completions(args) => {
            // The generator takes it for a fault of the program when it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "azedit", &mut script);
            out.write_all(&script)?;
            Ok(Code::Done)
        }
        Command::Man => man::run(out),
    }
}

/// Says on standard error why a command ended, and gives the code for it.
fn end(failure: &Failure) -> Code {
    match failure {
        // Whoever reads the output has read enough: `azedit show a.xml | head`.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Code::Done,
        Failure::Reported(_) => {}
        failure => note(&failure.to_string()),
    }
    failure.code()
}

/// Writes lines to standard error. Names in them do not act on the terminal. A standard error that takes nothing is no
/// reason to stop.
fn note(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(stderr, "azedit: {}", escape(line));
    }
}
