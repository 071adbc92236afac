//! The command line: arguments in, exit code out; one file per sub-command, no logic but wiring and printing.

mod baselines;
mod clean;
mod compare;
mod corpus;
mod credentials;
mod estimate;
mod explain;
mod fuzz;
mod lint;
mod list;
mod manners;
mod pace;
mod place;
mod run;
#[cfg(feature = "bundled")]
mod selftest;
#[cfg(feature = "bundled")]
mod serve;
mod settings;
mod shell;
mod signals;
mod target;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};
use ssec::exit;

/// Judge how an S3 endpoint does server-side encryption with customer-provided keys (SSE-C)
#[derive(Parser)]
#[command(name = "ssec", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Shown below every help text that lists the commands; the constants are in `ssec::exit`.
const EXIT_CODES: &str = "\
Exit codes:
  0  the gate holds, and at least one case ran
  1  the gate failed
  2  usage, configuration or case-file error; nothing was sent
  3  the target cannot be judged: unreachable, credentials refused, SSE-C blocked or unsupported
  4  nothing was selected, or everything was skipped
  5  internal error
  130  interrupted; what was made was removed";

#[derive(Subcommand)]
enum Command {
    Run(Box<run::Run>),
    List(list::List),
    Explain(explain::Explain),
    Lint(lint::Lint),
    Clean(Box<clean::Clean>),
    Compare(compare::Compare),
    Completions(shell::Completions),
    Man(shell::Man),
    Fuzz(Box<fuzz::Fuzz>),
    #[cfg(feature = "bundled")]
    Serve(serve::Serve),
    #[cfg(feature = "bundled")]
    Selftest(selftest::Selftest),
}

/// Runs the command that the arguments ask for and says with which code to exit.
pub(crate) fn main() -> u8 {
    match Cli::parse().command {
        Command::Run(arguments) => on_runtime(run::run(*arguments)),
        Command::List(arguments) => list::list(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Lint(arguments) => lint::lint(&arguments),
        Command::Clean(arguments) => on_runtime(clean::clean(*arguments)),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments, Cli::command()),
        Command::Man(arguments) => shell::man(&arguments, Cli::command()),
        Command::Fuzz(arguments) => on_runtime(fuzz::fuzz(*arguments)),
        #[cfg(feature = "bundled")]
        Command::Serve(arguments) => on_runtime(serve::serve(arguments)),
        #[cfg(feature = "bundled")]
        Command::Selftest(arguments) => on_runtime(selftest::run(arguments)),
    }
}

/// Waits for a future on a runtime of its own.
fn on_runtime(future: impl Future<Output = u8>) -> u8 {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => complain(exit::INTERNAL, &format!("cannot start: {error}")),
    }
}

/// Where journals of runs against somebody's endpoint are kept until everything is removed.
fn state_dir() -> PathBuf {
    let home = || std::env::home_dir().map(|home| home.join(".local/state"));
    let base = variable("XDG_STATE_HOME").map(PathBuf::from).or_else(home);
    base.unwrap_or_else(std::env::temp_dir).join("ssec")
}

/// Writes to standard output. A reader that went away is no error of ours.
fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Writes a complaint to standard error and hands back the code to exit with.
fn complain(code: u8, text: &str) -> u8 {
    let _ = writeln!(io::stderr().lock(), "ssec: {text}");
    code
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_arguments_contradict_each_other_nowhere() {
        Cli::command().debug_assert();
    }
}
