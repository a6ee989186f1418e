//! Colour is decided once, by the option, then the environment, then the terminal, and holds for everything that is printed.

use super::scratch::{Scratch, run};

fn is_coloured(arguments: &[&str], variables: &[(&str, &str)]) -> bool {
    let scratch = Scratch::shared();
    let mut command = scratch.command(arguments);
    command.envs(variables.iter().copied());
    run(command).all().contains('\u{1b}')
}

#[test]
fn a_pipe_has_no_colour_unless_it_is_asked_for() {
    for (option, variables, expected) in [
        ("auto", &[][..], false),
        ("always", &[], true),
        ("never", &[("FORCE_COLOR", "1")], false),
        ("auto", &[("FORCE_COLOR", "1")], true),
        ("auto", &[("FORCE_COLOR", "0")], false),
        ("auto", &[("CLICOLOR_FORCE", "1")], true),
        ("auto", &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
        ("auto", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        ("auto", &[("FORCE_COLOR", "1"), ("NO_COLOR", "")], true),
        ("always", &[("NO_COLOR", "1")], true),
        ("auto", &[("TERM", "dumb")], false),
        ("auto", &[("TERM", "xterm-256color")], false),
    ] {
        for command in ["check", "instances"] {
            let found = is_coloured(&[command, "--color", option], variables);
            assert_eq!(found, expected, "{command} {option} {variables:?}");
        }
    }
}

#[test]
fn help_and_mistakes_keep_to_the_same_decision() {
    for arguments in [&["--help"][..], &["check", "--nonsense"], &["check", "no-such-folder"]] {
        for (option, expected) in [("--color=always", true), ("--color=never", false)] {
            let found = is_coloured(&[arguments, &[option]].concat(), &[]);
            assert_eq!(found, expected, "{arguments:?} {option}");
        }
    }
}

#[test]
fn colour_changes_no_letter() {
    let scratch = Scratch::shared();
    for command in ["check", "instances"] {
        let plain = scratch.run(&[command, "--color", "never"]).out;
        let coloured = scratch.run(&[command, "--color", "always"]).out;
        let mut parts = coloured.split("\u{1b}[");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('m').expect("a style ends with `m`").1);
        assert_eq!(first + &rest.collect::<String>(), plain);
    }
}

#[test]
fn documents_and_lines_are_never_coloured() {
    for arguments in [
        &["check", "--output-format", "json"][..],
        &["check", "--output-format", "line"],
        &["instances", "--output-format", "json"],
        &["init", "--print"],
        &["rules"],
    ] {
        assert!(!is_coloured(arguments, &[("FORCE_COLOR", "1")]), "{arguments:?}");
    }
}
