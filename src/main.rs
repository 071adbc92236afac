//! The `ssec` command: hands over to `cli` and turns the outcome into an exit code.

mod cli;

use std::panic::{UnwindSafe, catch_unwind};
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(guarded(cli::main))
}

/// A mistake of ours has an exit code of its own; the panic's text is on stderr by then.
fn guarded(command: impl FnOnce() -> u8 + UnwindSafe) -> u8 {
    catch_unwind(command).unwrap_or_else(|_| {
        eprintln!("ssec: internal error; please report it with the text above");
        ssec::exit::INTERNAL
    })
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_is_an_internal_error() {
        assert_eq!(guarded(|| ssec::exit::USAGE), 2);
        assert_eq!(guarded(|| panic!("on purpose")), 5);
    }
}
