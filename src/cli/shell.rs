//! What a shell and `man` need to know about the command: both made from its own description.

use clap::{Args, Command};
use clap_complete::Shell;
use ssec::exit;

use super::{complain, print};

/// Print the completions of a shell: bash, zsh, fish, elvish or powershell
#[derive(Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page, for `man -l -`; or that of one command
#[derive(Args)]
pub(super) struct Man {
    /// The command, such as run
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn completions(arguments: &Completions, mut command: Command) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "ssec", &mut text);
    print(&String::from_utf8_lossy(&text));
    exit::OK
}

pub(super) fn man(arguments: &Man, mut command: Command) -> u8 {
    command.build();
    let page = match &arguments.command {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => return complain(exit::USAGE, &format!("there is no command `{name}`")),
        },
    };
    let mut text = Vec::new();
    match clap_mangen::Man::new(page).render(&mut text) {
        Ok(()) => print(&String::from_utf8_lossy(&text)),
        Err(error) => return complain(exit::INTERNAL, &error.to_string()),
    }
    exit::OK
}
