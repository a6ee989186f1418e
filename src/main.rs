//! Parses the arguments, runs, prints, exits.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::SystemTime;

use commerce_lint::cli::{self, color};
use commerce_lint::clock::Clock;
use commerce_lint::command::answer;
use commerce_lint::progress::Screen;
use commerce_lint::publish::{Look, Pipeline};

fn main() -> ExitCode {
    // A panic's message can quote the checked text, and so a secret: only its place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "internal error at {place}: please report it");
    }));
    let arguments: Vec<OsString> = env::args_os().collect();
    let variable = |name| env::var(name).ok();
    let variables = ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"].map(variable);
    let [no_color, force_color, clicolor_force, term] = variables.each_ref().map(Option::as_deref);
    let variables = color::ColorVariables { no_color, force_color, clicolor_force, term };
    let terminals = [io::stdout().is_terminal(), io::stderr().is_terminal()];
    let colors = color::Colors::of(color::color_choice(&arguments), variables, terminals);
    let mut out = BufWriter::new(io::stdout().lock());
    let fixed: Option<usize> = variable("COLUMNS").and_then(|width| width.parse().ok());
    let columns = || terminal_size::terminal_size().map_or(100, |(width, _)| width.0.into());
    let width = move || fixed.unwrap_or_else(columns);
    let told = ["GITHUB_STEP_SUMMARY", "CI_COMMIT_SHA", "CI_JOB_STARTED_AT", "CI"].map(variable);
    let [step_summary, commit, started, ci] = told.each_ref().map(Option::as_deref);
    let pipeline = Pipeline { step_summary, commit, started, origin: &[] };
    let line = Screen::is_fit(terminals[1], term, ci).then(|| Screen::new(io::stderr(), width));
    let look = Look { colors, width: width(), pipeline, screen: line.as_ref(), ..Look::default() };
    let seconds = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    let clock = Clock { seconds, source_date_epoch: variable("SOURCE_DATE_EPOCH") };
    answer(cli::parse(&arguments, colors), look, &clock, &mut out, &mut io::stderr()).into()
}
