//! The command line is sound, and its mistakes are told.

use super::*;

fn arguments(line: &str) -> Vec<OsString> {
    line.split(' ').map(OsString::from).collect()
}

fn parsed(line: &str) -> Result<Cli, Notice> {
    parse(&arguments(line), Colors::default())
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn check_has_defaults() {
    let cli = parsed("commerce-lint check").expect("the arguments are sound");
    let Command::Check(check) = cli.command else { panic!("{cli:?}") };
    assert_eq!(check.checked.tree.path, PathBuf::from("."));
    assert_eq!(check.output_format, CheckFormat::Pretty);
    assert_eq!(check.checked.fail_on, None);
}

#[test]
fn usage_errors_are_two_and_help_is_zero() {
    for (line, exit) in [
        ("commerce-lint check --help", 0),
        ("commerce-lint --version", 0),
        ("commerce-lint check --format xml", 2),
        ("commerce-lint", 2),
        ("commerce-lint check a b", 2),
        ("commerce-lint check --output-format xml", 2),
        ("commerce-lint check --output json", 2),
        ("commerce-lint check --exit-zero=1", 2),
        ("commerce-lint check --config a --no-config", 2),
        ("commerce-lint check --policy-from a --no-config", 2),
        ("commerce-lint instances --fail-on error", 2),
        ("commerce-lint explain", 2),
        ("commerce-lint check --now tomorrow", 2),
        ("commerce-lint baseline --update --force", 2),
        ("commerce-lint baseline --include-key xyz", 2),
        ("commerce-lint report", 2),
        ("commerce-lint report --html -", 2),
        ("commerce-lint report --html a --config b --no-config", 2),
    ] {
        assert_eq!(parsed(line).expect_err(line).exit, exit, "{line}");
    }
}

#[test]
fn notices_are_coloured_only_where_their_stream_is() {
    let coloured = |line, out, remarks| {
        let notice =
            parse(&arguments(line), Colors { out, remarks, terminal: true }).expect_err("a notice");
        notice.text.contains('\u{1b}')
    };
    for (line, is_error) in [("commerce-lint --help", false), ("commerce-lint chekc", true)] {
        assert_eq!(coloured(line, true, false), !is_error, "{line}");
        assert_eq!(coloured(line, false, true), is_error, "{line}");
    }
}
