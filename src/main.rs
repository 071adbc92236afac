//! The `ssec` command: hands over to `cli` and turns the outcome into an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let code = std::panic::catch_unwind(cli::main).unwrap_or_else(|_| {
        // The panic's own text is already on stderr.
        eprintln!("ssec: internal error; please report it with the text above");
        ssec::exit::INTERNAL
    });
    ExitCode::from(code)
}
