//! Parse, dispatch, exit code: nothing else.

fn main() -> std::process::ExitCode {
    azedit::cli::run(std::env::args_os())
}
