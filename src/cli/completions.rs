//! The scripts that complete the command line in shells, from its definition.

use std::fmt::Write as _;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;

const NAME: &str = env!("CARGO_PKG_NAME");

/// What stands behind clap's own function for bash: before a dash is typed it offers no options, so that bash offers files where nothing
/// else is left; and it takes `--option=value` for the two words that it is.
const BASH_WORDS: &str = r#"
_commerce_lint_words() {
    local before=$3 word words=()
    if [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    elif [[ $2 == = || ${COMP_WORDS[COMP_CWORD]} == = ]]; then
        set -- "$1" "" "$before"
    fi
    _commerce_lint "$1" "$2" "$before"
    [[ $2 == -* ]] && return
    for word in "${COMPREPLY[@]}"; do
        [[ $word == -* ]] || words+=("$word")
    done
    COMPREPLY=("${words[@]}")
}
"#;

/// The script that completes the command line in a shell, with the rules, each by its id and its summary.
#[must_use]
pub fn completions<'a>(
    shell: Shell,
    rules: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> String {
    // Shells run what stands between backticks.
    let rule = |(id, summary): (&'static str, &str)| {
        PossibleValue::new(id).help(summary.trim_end_matches('.').replace('`', ""))
    };
    let ids = PossibleValuesParser::new(rules.into_iter().map(rule));
    let command = Cli::command().mut_subcommand("explain", |command| {
        command.mut_arg("rule", |argument| argument.value_parser(ids))
    });
    if shell != Shell::Bash {
        return with_values(shell, &command, generated(shell, &command, NAME));
    }
    // clap_complete 4.6 looks for the commands of a program with a hyphen under two names: it is given none, and completes the right one.
    let plain = NAME.replace('-', "_");
    let script = generated(shell, &command, &plain);
    let (function, completed) = script.split_at(script.rfind("\nif [[").unwrap_or_default());
    let completed = completed.replace(&format!("-F _{plain} "), &format!("-F _{plain}_words "));
    let completed =
        completed.replace(&format!("-o default {plain}"), &format!("-o default {NAME}"));
    [function, BASH_WORDS, &completed].concat()
}

fn generated(shell: Shell, command: &Command, name: &str) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command.clone(), name, &mut script);
    String::from_utf8(script).expect("texts of the command line are UTF-8")
}

/// Adds the values of arguments without a name, which `clap_complete` 4.6 leaves out for these shells.
fn with_values(shell: Shell, command: &Command, mut script: String) -> String {
    for command in command.get_subcommands() {
        let name = command.get_name();
        let values = command.get_positionals().flat_map(Arg::get_possible_values);
        let values: String = values.map(|value| candidate(shell, &value)).collect();
        if values.is_empty() {
            continue;
        }
        let block = match shell {
            Shell::Elvish => format!("&'{NAME};{name}'= {{\n"),
            Shell::PowerShell => format!("'{NAME};{name}' {{\n"),
            Shell::Fish => {
                let used = format!("__fish_{}_using_subcommand {name}", NAME.replace('-', "_"));
                let _ = writeln!(script, "complete -c {NAME} -n \"{used}\" -f -a \"{values}\"");
                continue;
            }
            _ => continue,
        };
        script = script.replacen(&block, &[&block, values.as_str()].concat(), 1);
    }
    script
}

/// A value and what it means, as a shell's script has it.
fn candidate(shell: Shell, value: &PossibleValue) -> String {
    let name = value.get_name();
    let help = value.get_help().map_or_else(|| name.to_owned(), ToString::to_string);
    let quoted = help.replace('\'', "''");
    match shell {
        Shell::Elvish => format!("            cand {name} '{quoted}'\n"),
        Shell::PowerShell => format!(
            "            [CompletionResult]::new('{name}', '{name}', [CompletionResultType]::ParameterValue, '{quoted}')\n"
        ),
        _ => format!("{name}\\t'{}'\n", help.replace('\'', "\\\\'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_completes_every_command_that_it_knows() {
        let script = completions(Shell::Bash, [("a-rule", "Summary.")]);
        let states = script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\""));
        let states: Vec<&str> =
            states.filter_map(|line| line.strip_suffix('"')).filter(|it| !it.is_empty()).collect();
        assert!(states.len() > 10, "{states:?}");
        for state in states {
            assert!(script.contains(&format!("\n        {state})\n")), "{state}");
        }
        let completed = "complete -F _commerce_lint_words ";
        assert_eq!(script.matches(completed).count(), 2, "{script}");
        assert_eq!(script.matches("-o default commerce-lint\n").count(), 2, "{script}");
        assert!(script.contains(" a-rule\""), "{script}");
    }
}
