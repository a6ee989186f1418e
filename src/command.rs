//! What each command does: from arguments to bytes and an exit code. Prints nothing itself.

use std::io::{self, Write};
use std::time::Duration;

use crate::cli::format::InstancesFormat;
use crate::cli::{self, Check, Cli, Command, FailOn, Instances, Notice, Revisions, Tree};
use crate::clock::Clock;
use crate::error::Error;
use crate::progress::Progress;
use crate::publish::{self, Look, Published};
use crate::report::instance_json::InstanceJson;
use crate::report::instances::InstanceTable;
use crate::report::{Report, Reporter, printable};
use crate::states::{Compare, Configured, History, Request, Terms};
use crate::{Outcome, baseline, rules, watch};

/// Exit codes.
pub mod exit {
    /// Nothing at or above `--fail-on`.
    pub const CLEAN: u8 = 0;
    /// Findings at or above `--fail-on`.
    pub const FINDINGS: u8 = 1;
    /// Usage or configuration error.
    pub const USAGE: u8 = 2;
    /// Something that carries settings was not read whole.
    pub const INCOMPLETE: u8 = 3;
}

/// Does what the arguments ask for and returns the exit code. The answer goes to `out`; remarks on the way, and why there is no answer,
/// go to `remarks`.
pub fn answer(
    parsed: Result<Cli, Notice>,
    look: Look<'_>,
    clock: &Clock,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> u8 {
    let done = match parsed {
        Ok(cli) => execute(&cli, look, clock, out, remarks),
        Err(notice) => {
            let to: &mut dyn Write = if notice.exit == exit::CLEAN { out } else { remarks };
            written(to.write_all(notice.text.as_bytes())).map(|()| notice.exit).map_err(Into::into)
        }
    };
    done.and_then(|code| Ok(written(out.flush()).map(|()| code)?)).unwrap_or_else(|error| {
        // Where this fails, nobody is left to be told.
        let _ = write!(remarks, "{}", error.render(look.color));
        exit::USAGE
    })
}

/// Whoever reads the report may stop reading: that is no error, and what was found stays the same.
fn written(result: io::Result<()>) -> io::Result<()> {
    result.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

fn execute(
    cli: &Cli,
    look: Look<'_>,
    clock: &Clock,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> Result<u8, Error> {
    match &cli.command {
        Command::Check(options) => check(options, look, clock, out, remarks),
        Command::Baseline(options) => baseline(options, clock, out, remarks),
        Command::Instances(options) => instances(options, look, out, remarks),
        Command::Rules => {
            Ok(written(out.write_all(rules::list().as_bytes())).map(|()| exit::CLEAN)?)
        }
        Command::Explain { rule } => {
            let page = rules::explain(rule)?;
            Ok(written(out.write_all(page.as_bytes())).map(|()| exit::CLEAN)?)
        }
    }
}

fn check(
    options: &Check,
    look: Look<'_>,
    clock: &Clock,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> Result<u8, Error> {
    let Check { tree, revisions, policy_from, no_waivers, now, .. } = options;
    let trusted = |place: &String| Configured::Trusted(place.to_owned());
    let today = if *no_waivers { None } else { Some(clock.today(*now)?) };
    let request = Request {
        path: tree.path.clone(),
        compare: compared(revisions),
        configured: policy_from.as_ref().map_or_else(|| configured(tree), trusted),
        history: history(revisions),
        terms: today.map(|today| Terms { today, baseline: true }),
    };
    let outcome = outcome(&request, tree.threads, look.progress, remarks)?;
    let report = report(&outcome);
    let Outcome { as_given, from_root, .. } = &outcome;
    let run = Published { report: &report, as_given, from_root };
    let filed = publish::to_files(run, (options.output_format, &options.output), look, remarks);
    written(run.write(options.output_format, look, out))?;
    filed?;
    Ok(if options.exit_zero { exit::CLEAN } else { exit_code(&outcome, options.fail_on) })
}

fn baseline(
    options: &cli::Baseline,
    clock: &Clock,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> Result<u8, Error> {
    let configured = options.config.clone().map_or(Configured::Tree, Configured::File);
    let target = baseline::target(options, &configured)?;
    let terms = Some(Terms { today: clock.today(options.now)?, baseline: false });
    let request = Request { path: options.path.clone(), configured, terms, ..Request::default() };
    let outcome = outcome(&request, options.threads, false, remarks)?;
    baseline::record(options, &target, &outcome, out)?;
    Ok(if outcome.summary.complete { exit::CLEAN } else { exit::INCOMPLETE })
}

fn instances(
    options: &Instances,
    look: Look<'_>,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> Result<u8, Error> {
    let tree = &options.tree;
    let request =
        Request { path: tree.path.clone(), configured: configured(tree), ..Request::default() };
    let outcome = outcome(&request, tree.threads, look.progress, remarks)?;
    let reporter: Box<dyn Reporter> = match options.output_format {
        InstancesFormat::Table => {
            Box::new(InstanceTable { color: look.color, explain: options.explain })
        }
        InstancesFormat::Json => Box::new(InstanceJson { explain: options.explain }),
    };
    written(reporter.report(&report(&outcome), out))?;
    Ok(if outcome.summary.complete { exit::CLEAN } else { exit::INCOMPLETE })
}

/// Where a tree's configuration comes from.
fn configured(tree: &Tree) -> Configured {
    match &tree.config {
        _ if tree.no_config => Configured::Nowhere,
        Some(file) => Configured::File(file.clone()),
        None => Configured::Tree,
    }
}

fn outcome(
    request: &Request,
    threads: u16,
    is_watched: bool,
    remarks: &mut dyn Write,
) -> Result<Outcome, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build();
    let progress = Progress::default();
    let run = || match pool {
        Ok(pool) => pool.install(|| watch(request, &progress)),
        // No threads to be had: the global pool runs on the thread it is called from.
        Err(_) => watch(request, &progress),
    };
    let is_long = is_watched && request.history != History::Nothing;
    let outcome = if is_long { watched(run, &progress, remarks) } else { run() };
    let outcome = outcome.map_err(|error| match error {
        Error::NoTree(_) if request.history == History::All => error.of_range(&request.path),
        error => error,
    })?;
    for note in &outcome.notes {
        // A remark that nobody reads must not cost the report.
        let _ = writeln!(remarks, "note: {}", printable::text(note));
    }
    Ok(outcome)
}

/// Runs something and tells meanwhile how far it is, on one line that is gone afterwards.
fn watched<T: Send>(
    run: impl FnOnce() -> T + Send,
    progress: &Progress,
    remarks: &mut dyn Write,
) -> T {
    const LINE_AGAIN: &str = "\r\u{1b}[K";
    std::thread::scope(|scope| {
        let running = scope.spawn(run);
        let mut said = String::new();
        while !running.is_finished() {
            std::thread::sleep(Duration::from_millis(50));
            let percent = |(done, all): (usize, usize)| done * 100 / all.max(1);
            let now = progress.done().map_or_else(
                || "listing what earlier commits hold".to_owned(),
                |far| format!("reading what earlier commits hold: {} %", percent(far)),
            );
            if now != said {
                let _ = write!(remarks, "{LINE_AGAIN}{now}").and_then(|()| remarks.flush());
                said = now;
            }
        }
        let _ = write!(remarks, "{LINE_AGAIN}");
        running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What the options compare.
fn compared(revisions: &Revisions) -> Compare {
    match revisions {
        Revisions { staged: true, .. } => Compare::Staged,
        Revisions { base: Some(base), .. } => Compare::Base(base.clone()),
        Revisions { from: Some(from), to: Some(to), .. } => {
            Compare::Between { from: from.clone(), to: to.clone() }
        }
        _ => Compare::Nothing,
    }
}

/// Which earlier commits the options name.
fn history(revisions: &Revisions) -> History {
    match &revisions.history {
        None => History::Nothing,
        Some(None) => History::All,
        Some(Some(range)) => History::Range(range.clone()),
    }
}

fn report(outcome: &Outcome) -> Report<'_> {
    Report {
        diagnostics: &outcome.diagnostics,
        accepted: &outcome.accepted,
        rules: &outcome.rules,
        inventory: &outcome.inventory,
        sources: &outcome.sources,
        summary: outcome.summary,
    }
}

/// 1 wins over 3, and 3 over 0.
fn exit_code(outcome: &Outcome, fail_on: FailOn) -> u8 {
    let fails = fail_on
        .severity()
        .is_some_and(|least| outcome.diagnostics.iter().any(|found| found.severity >= least));
    if fails {
        exit::FINDINGS
    } else if outcome.summary.complete {
        exit::CLEAN
    } else {
        exit::INCOMPLETE
    }
}
