//! The variables of the environment that stand for options: an empty one says nothing, and a wrong one is named.

use std::env;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};

/// The options for which an empty variable is a mistake: whoever wants a policy never does without for want of a name.
const NEVER_EMPTY: [&str; 2] = ["policy", "policy_from"];

/// What a variable is set to that stands for no option: a secret is none of the command line.
#[must_use]
pub fn secret(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// The command line as if empty variables were not set.
#[must_use]
pub fn without_empty(command: Command) -> Command {
    let is_empty = |argument: &Arg| {
        let value = argument.get_env().and_then(env::var_os);
        !NEVER_EMPTY.contains(&argument.get_id().as_str())
            && value.is_some_and(|value| value.is_empty())
    };
    let silent =
        |argument: Arg| if is_empty(&argument) { argument.env(None::<&str>) } else { argument };
    command.mut_args(silent).mut_subcommands(without_empty)
}

/// The variable that a mistake stands in, where the command line does not name its option.
#[must_use]
pub fn culprit(mistake: &clap::Error, command: &Command, arguments: &[OsString]) -> Option<String> {
    let ContextValue::String(said) = mistake.get(ContextKind::InvalidArg)? else { return None };
    let option = said.split([' ', '=']).next()?;
    let is_option = |argument: &OsString| {
        argument.to_str().and_then(|said| said.split('=').next()) == Some(option)
    };
    if arguments.iter().any(is_option) {
        return None;
    }
    let commands = std::iter::once(command).chain(command.get_subcommands());
    let mut known = commands.flat_map(Command::get_arguments);
    let known = known.find(|known| option.strip_prefix("--") == known.get_long())?;
    let variable = known.get_env().filter(|name| env::var_os(name).is_some())?;
    Some(variable.to_string_lossy().into_owned())
}
