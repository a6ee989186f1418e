//! The one decision about colour: the option, then the environment, then the terminal.

use std::ffi::OsString;

use clap::ValueEnum;

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The value of `--color` before anything is parsed: errors of the parser are coloured, too.
#[must_use]
pub fn color_choice(arguments: &[OsString]) -> ColorChoice {
    let mut choice = ColorChoice::Auto;
    let mut arguments = arguments.iter().skip(1).map_while(|argument| match argument.to_str() {
        Some("--") => None,
        text => Some(text.unwrap_or_default()),
    });
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--color") {
            Some("") => arguments.next().unwrap_or_default(),
            Some(value) => value.trim_start_matches('='),
            None => continue,
        };
        choice = ColorChoice::from_str(value, false).unwrap_or(choice);
    }
    choice
}

/// The environment's variables that concern colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct ColorVariables<'a> {
    /// `NO_COLOR`: off where it is not empty.
    pub no_color: Option<&'a str>,
    /// `FORCE_COLOR`: on where it is neither empty nor `0`.
    pub force_color: Option<&'a str>,
    /// `CLICOLOR_FORCE`: the same.
    pub clicolor_force: Option<&'a str>,
    /// `TERM`: off where it is `dumb`.
    pub term: Option<&'a str>,
}

/// What the streams lead to: one may be a terminal and the other a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Colors {
    /// Whether standard output is coloured.
    pub out: bool,
    /// Whether standard error is.
    pub remarks: bool,
    /// Whether standard output is a terminal, coloured or not.
    pub terminal: bool,
}

impl Colors {
    /// Decides about both streams, of which each may be a terminal.
    #[must_use]
    pub fn of(
        choice: ColorChoice,
        variables: ColorVariables<'_>,
        [out, remarks]: [bool; 2],
    ) -> Self {
        let decide = |is_terminal| decide_color(choice, variables, is_terminal);
        Self { out: decide(out), remarks: decide(remarks), terminal: out }
    }
}

/// Decides about the colour of a stream.
#[must_use]
pub fn decide_color(choice: ColorChoice, variables: ColorVariables<'_>, is_terminal: bool) -> bool {
    let forces = |variable: Option<&str>| variable.is_some_and(|value| !matches!(value, "" | "0"));
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if variables.no_color.is_some_and(|value| !value.is_empty()) => false,
        ColorChoice::Auto if forces(variables.force_color) || forces(variables.clicolor_force) => {
            true
        }
        ColorChoice::Auto => is_terminal && variables.term != Some("dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::ColorChoice::{Always, Auto, Never};
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_choice_of_colour_is_seen_before_parsing() {
        for (line, expected) in [
            ("x check", ColorChoice::Auto),
            ("x --color=never check", ColorChoice::Never),
            ("x check --color always", ColorChoice::Always),
            ("x check -- --color=always", ColorChoice::Auto),
            ("x check --color=pink", ColorChoice::Auto),
        ] {
            assert_eq!(color_choice(&arguments(line)), expected, "{line}");
        }
    }

    #[test]
    fn colour_is_decided_by_the_option_then_the_environment_then_the_terminal() {
        let none = ColorVariables::default();
        let no_color = |value| ColorVariables { no_color: Some(value), ..none };
        let force = |value| ColorVariables { force_color: Some(value), ..none };
        let clicolor = |value| ColorVariables { clicolor_force: Some(value), ..none };
        let term = |value| ColorVariables { term: Some(value), ..none };
        let cases = [
            (Auto, none, true, true),
            (Auto, none, false, false),
            (Auto, no_color("1"), true, false),
            (Auto, no_color("0"), true, false),
            (Auto, no_color(""), true, true),
            (Auto, force("1"), false, true),
            (Auto, force("0"), false, false),
            (Auto, force(""), false, false),
            (Auto, clicolor("1"), false, true),
            (Auto, clicolor("0"), true, true),
            (Auto, ColorVariables { force_color: Some("1"), ..no_color("1") }, true, false),
            (Auto, term("dumb"), true, false),
            (Auto, ColorVariables { force_color: Some("1"), ..term("dumb") }, true, true),
            (Auto, term("xterm"), false, false),
            (Always, no_color("1"), false, true),
            (Always, term("dumb"), false, true),
            (Never, force("1"), true, false),
        ];
        for (choice, variables, is_terminal, expected) in cases {
            let decided = decide_color(choice, variables, is_terminal);
            assert_eq!(decided, expected, "{choice:?} {variables:?} {is_terminal}");
        }
    }
}
