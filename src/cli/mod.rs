//! The command line: arguments in, exit code out; one file per sub-command, no logic but wiring and printing.

mod credentials;

/// Runs the command that the arguments ask for and says with which code to exit.
pub(crate) fn main() -> u8 {
    ssec::exit::OK
}
