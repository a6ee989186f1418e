//! What each command does: from arguments to bytes and an exit code. Prints nothing itself.

use std::io::{self, Write};
use std::path::Path;

use rayon::ThreadPoolBuilder;

use crate::cli::baseline::Baseline;
use crate::cli::chosen::{Chosen, PolicyInForce};
use crate::cli::fleet::Told;
use crate::cli::format::{CheckFormat, InstancesFormat, Output, RulesFormat};
use crate::cli::revisions::Revisions;
use crate::cli::schema::Schema;
use crate::cli::setup::Init;
use crate::cli::{
    Check, Checked, Cli, Command, FailOn, Instances, Notice, Review, Tree, completions, manual,
};
use crate::clock::Clock;
use crate::config::preset::Preset;
use crate::config::{FILE_NAMES, schema};
use crate::discover::given::Texts;
use crate::error::Error;
use crate::mask::outlet::{Outlet, Page};
use crate::progress::Screen;
use crate::publish::{self, Look, Pipeline, Published};
use crate::report::dot::Dot;
use crate::report::instance_json::InstanceJson;
use crate::report::instances::InstanceTable;
use crate::report::mermaid::Mermaid;
use crate::report::{Report, Reporter, explanation, json, json_rules, listing, printable};
use crate::rule::Diagnostic;
use crate::states::{Compare, Configured, History, Recall, Request, Terms};
use crate::{
    Outcome, baseline, discover, editor, exit, facts, fault, fleet, init, mcp, mend,
    policy_in_force, rules, run, states, trials, write,
};

/// Does what the arguments ask for and returns the exit code. The answer goes to `out`; remarks on the way, and why there is no answer,
/// go to `remarks`.
pub fn answer(
    parsed: Result<Cli, Notice>,
    look: Look<'_>,
    clock: &Clock,
    out: &mut dyn Write,
    remarks: &mut dyn Write,
) -> u8 {
    let (out, remarks) = (&mut Outlet::new(out), &mut Outlet::new(remarks));
    let done = match parsed {
        Ok(cli) => {
            let screen = look.screen.filter(|_| !cli.no_progress);
            execute(&cli, Look { screen, ..look }, clock, out, remarks)
        }
        Err(notice) => {
            let to = if notice.exit == exit::CLEAN { &mut *out } else { &mut *remarks };
            written(to.write_all(notice.text.as_bytes())).map(|()| notice.exit).map_err(Into::into)
        }
    };
    done.and_then(|code| Ok(written(out.flush()).map(|()| code)?)).unwrap_or_else(|error| {
        // Where this fails, nobody is left to be told.
        let _ = write!(remarks, "{}", error.render(look.colors.remarks));
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
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    match &cli.command {
        Command::Check(options) => check(options, look, clock, out, remarks),
        Command::Report(options) => review((options, &cli.line), look, clock, out, remarks),
        Command::Baseline(options) => baseline(options, look, clock, out, remarks),
        Command::Instances(options) => instances(options, look, out, remarks),
        Command::Facts(options) => {
            let request = surveyed(&options.tree, &options.told, clock)?;
            let outcome = outcome(&request, options.tree.threads, look, remarks)?;
            fleet::asked::facts(options, &outcome, clock, out, remarks)
        }
        Command::Fleet(options) => {
            let request = surveyed(&options.tree, &options.told, clock)?;
            fleet::asked::fleet(options, request, clock, out)
        }
        Command::Init(options) => init(options, look, out, remarks),
        Command::Config(PolicyInForce { tree, chosen }) => {
            let (text, notes) = policy_in_force(&asked_of(tree, Some(chosen)))?;
            tell(&notes, remarks);
            print(&text, out)
        }
        Command::Rules { packs, output_format: RulesFormat::Json } => {
            print(&json_rules::document(&states::all_rules(&asked_of(&packs.tree(), None))?)?, out)
        }
        Command::Rules { packs, .. } => {
            let list = rules::list(&states::all_rules(&asked_of(&packs.tree(), None))?);
            let Look { colors, width, .. } = look;
            let drawn = colors.terminal.then(|| listing::listed(&list, width, colors.out));
            print(&drawn.unwrap_or(list), out)
        }
        Command::TestRules { folder, bless } => {
            let (told, is_sound) = trials::pack(folder, *bless)?;
            print(&told, out)?;
            Ok(if is_sound { exit::CLEAN } else { exit::FINDINGS })
        }
        Command::NewRule { page } => print(&trials::write_page(page)?, out),
        Command::Explain { rule, packs } => {
            let page = states::page_of(&asked_of(&packs.tree(), None), rule)?;
            let Look { colors, width, .. } = look;
            let is_drawn = colors.out || colors.terminal;
            let drawn = is_drawn.then(|| explanation::drawn(&page, width, colors.out));
            print(&drawn.unwrap_or(page), out)
        }
        Command::Schema(Schema { rules: true, .. }) => print(rules::page::SCHEMA, out),
        Command::Schema(Schema { facts: true, .. }) => print(&facts::schema::schema(), out),
        Command::Schema(Schema { report: true, .. }) => print(json::SCHEMA, out),
        Command::Schema(_) => print(&schema::schema(&rules::all()), out),
        Command::Completions { shell } => {
            let rules = rules::all();
            let summaries = rules.iter().map(|rule| rule.summary.as_str());
            let own = rules::ids().into_iter().zip(summaries);
            print(&completions::completions(*shell, own), out)
        }
        Command::Man => print(&manual::manual(), out),
        Command::Mcp { tree } => {
            discover::folder_of(&tree.path).map_err(Error::from)?;
            let (recall, clock) = (Recall::new(), clock.clone());
            let request = Request { recall, ..asked_of(tree, None) };
            mcp::serve(&mcp::Desk { request, clock, key: fleet::asked::key()? }, out)?;
            Ok(exit::CLEAN)
        }
        // An editor that leaves without a word is no fault of the tree.
        Command::Lsp { .. } => {
            editor::serve(clock, out).map(|said| if said { exit::CLEAN } else { exit::FINDINGS })
        }
    }
}

fn print(text: &str, out: &mut Outlet<'_>) -> Result<u8, Error> {
    Ok(written(out.write_all(text.as_bytes())).map(|()| exit::CLEAN)?)
}

fn check(
    options: &Check,
    look: Look<'_>,
    clock: &Clock,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    if options.pushed.is_none() && !options.received {
        let compare = compared(&options.checked.revisions);
        let asked = Asked { compare: compare.clone(), ..Asked::default() };
        if options.mending.diff {
            let request = request(&options.checked, asked, clock)?;
            let difference = within(options.checked.tree.threads, || mend::difference(&request))?;
            print(&difference, out)?;
            return Ok(if difference.is_empty() { exit::CLEAN } else { exit::FINDINGS });
        } else if let Some(fix) = options.mending.fix {
            let request = request(&options.checked, asked, clock)?;
            let notes =
                within(options.checked.tree.threads, || mend::tree(&request, fix.safety()))?;
            tell(&notes, remarks);
        }
        let handed =
            states::handed_over(&options.checked.tree.path, options.stdin_path.as_deref())?;
        let asked = Asked { compare, mends: options.carries_fixes(), handed };
        return check_all(options, vec![asked], look, clock, out, remarks);
    }
    let pushes = states::pushes(&options.checked.tree.path, options.pushed.as_deref())?;
    if pushes.is_empty() {
        let there = if options.received { "this repository" } else { "the remote" };
        let note = format!("nothing is pushed that {there} has not, so nothing is checked");
        tell(&[note], remarks);
    }
    let asked = pushes.into_iter().map(|compare| Asked { compare, ..Asked::default() }).collect();
    check_all(options, asked, look, clock, out, remarks)
}

/// What is checked, beside what options say.
#[derive(Default)]
struct Asked {
    compare: Compare,
    /// Whether it is wanted what would mend what is found.
    mends: bool,
    /// What came by standard input, in the place of a file of this folder.
    handed: Option<Texts>,
}

/// Checks, writes all that was found as one document, and tells the worst exit code. Where nothing is checked, nothing is written.
fn check_all(
    options: &Check,
    asked: Vec<Asked>,
    look: Look<'_>,
    clock: &Clock,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    if asked.is_empty() {
        return Ok(exit::CLEAN);
    }
    let look = Look { most: options.max_findings, ..look };
    published(&options.checked, asked, look, clock, remarks, |runs, look, remarks| {
        let format =
            if options.statistics { CheckFormat::Statistics } else { options.output_format };
        let filed = publish::to_files(runs, (format, &*options.outputs()), look, remarks);
        written(publish::write(runs, format, look, out))?;
        filed
    })
}

fn review(
    (options, line): (&Review, &str),
    look: Look<'_>,
    clock: &Clock,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let compare = compared(&options.checked.revisions);
    let asked = Asked { compare, ..Asked::default() };
    let mut origin = states::origin(&options.checked.tree.path);
    origin.push(("command", format!("`{line}`")));
    // A page that is handed on says of which day it is.
    let day = clock.today(options.checked.now).ok();
    let look = Look { day, pipeline: Pipeline { origin: &origin, ..look.pipeline }, ..look };
    let page = Output { format: CheckFormat::Html, file: options.html.clone() };
    published(&options.checked, vec![asked], look, clock, remarks, |runs, look, remarks| {
        publish::to_files(runs, (CheckFormat::Html, &[page]), look, remarks)?;
        let closings = runs.iter().map(|run| run.report.closing() + "\n");
        Ok(written(out.write_all(closings.collect::<String>().as_bytes()))?)
    })
}

/// Checks, has what was found published, and tells the worst exit code.
fn published(
    options: &Checked,
    asked: Vec<Asked>,
    look: Look<'_>,
    clock: &Clock,
    remarks: &mut Outlet<'_>,
    publish: impl FnOnce(&[Published<'_>], Look<'_>, &mut Outlet<'_>) -> Result<(), Error>,
) -> Result<u8, Error> {
    // A day that cannot be read is an error where waivers depend on it, and only there.
    let day = look.day.or_else(|| clock.given(options.now).unwrap_or_default());
    let look = Look { day, ..look };
    let outcomes = asked.into_iter().map(|asked| checked(options, asked, look, clock, remarks));
    let outcomes = outcomes.collect::<Result<Vec<Outcome>, Error>>()?;
    let reports: Vec<Report<'_>> = outcomes.iter().map(Outcome::report).collect();
    let runs = outcomes.iter().zip(&reports).map(|(of, report)| {
        let (as_given, from_root) = (&*of.as_given, &*of.from_root);
        Published { report, all: options.all, as_given, from_root }
    });
    publish(&runs.collect::<Vec<_>>(), look, remarks)?;
    Ok(exit::worst(outcomes.iter().map(|outcome| exit_code(outcome, options))))
}

fn checked(
    options: &Checked,
    asked: Asked,
    look: Look<'_>,
    clock: &Clock,
    remarks: &mut Outlet<'_>,
) -> Result<Outcome, Error> {
    let mends = asked.mends;
    let mut request = request(options, asked, clock)?;
    if mends {
        request.recall = Recall::new();
    }
    let mut outcome = outcome(&request, options.tree.threads, look, remarks)?;
    if outcome.policy.is_failing_locked && options.fail_on.is_some_and(|on| on != FailOn::Warning) {
        tell(&["`--fail-on` does not count: the preset is locked".into()], remarks);
    }
    if mends {
        let proposed = || mend::proposed(&request, &outcome);
        outcome.fixes = within(options.tree.threads, proposed);
    }
    Ok(outcome)
}

/// What the options ask for.
fn request(options: &Checked, asked: Asked, clock: &Clock) -> Result<Request, Error> {
    let Checked { tree, revisions, policy_from, no_waivers, now, no_cache, chosen, .. } = options;
    let today = if *no_waivers { None } else { Some(clock.today(*now)?) };
    let is_handed = asked.handed.is_some();
    let mut request = Request {
        texts: asked.handed.unwrap_or_default(),
        compare: asked.compare,
        history: history(revisions),
        terms: today.map(|today| Terms { today, baseline: true }),
        is_review: *no_waivers && tree.no_config,
        is_cached: !(*no_cache || *no_waivers || tree.no_config || policy_from.is_some()),
        ..asked_of(tree, Some(chosen))
    };
    if is_handed {
        request.path = ".".into();
    }
    if let Some(place) = policy_from {
        request.configured = Configured::Trusted(place.clone());
    }
    Ok(request)
}

/// What is asked of a tree whose facts are wanted: what the policy accepts is accepted, and nothing is kept for the next run.
fn surveyed(tree: &Tree, told: &Told, clock: &Clock) -> Result<Request, Error> {
    let terms = Some(Terms { today: clock.today(told.now)?, baseline: true });
    Ok(Request { terms, ..asked_of(tree, None) })
}

fn baseline(
    options: &Baseline,
    look: Look<'_>,
    clock: &Clock,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let configured = options.config.clone().map_or(Configured::Tree, Configured::File);
    let target = baseline::target(options, &configured)?;
    let terms = Some(Terms { today: clock.today(options.now)?, baseline: false });
    let request = Request { path: options.path.clone(), configured, terms, ..Request::default() };
    let outcome = outcome(&request, options.threads, look, remarks)?;
    baseline::record(options, &target, &outcome, out)?;
    Ok(if outcome.summary.complete { exit::CLEAN } else { exit::INCOMPLETE })
}

fn instances(
    options: &Instances,
    look: Look<'_>,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let tree = &options.tree;
    // What stands in the place of the folder can be a name.
    let is_name = !write::is_taken(&tree.path) && !tree.path.to_string_lossy().contains('/');
    let first = is_name.then(|| tree.path.to_string_lossy().into_owned());
    let names: Vec<String> = first.iter().chain(&options.names).cloned().collect();
    let request = Request {
        path: if is_name { ".".into() } else { tree.path.clone() },
        ..asked_of(tree, None)
    };
    let outcome = outcome(&request, tree.threads, look, remarks)?;
    let known: Vec<&str> = outcome.inventory.instances.iter().map(|of| of.name.as_str()).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::no_instance(unknown, &known, first.as_ref() == Some(unknown)));
    }
    let explain = options.explain;
    let reporter: Box<dyn Reporter> = match options.output_format {
        InstancesFormat::Table => {
            Box::new(InstanceTable { color: look.colors.out, explain, names })
        }
        InstancesFormat::Json => Box::new(InstanceJson { explain, names }),
        InstancesFormat::Mermaid => Box::new(Mermaid),
        InstancesFormat::Dot => Box::new(Dot),
    };
    written(reporter.report(&outcome.report(), out))?;
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

/// What is asked of a tree: where it is, and by which policy it goes.
fn asked_of(tree: &Tree, said: Option<&Chosen>) -> Request {
    let policy = tree.policy.clone();
    let mut chosen = states::Chosen { policy, ..states::Chosen::default() };
    if let Some(Chosen { preset, select, ignore }) = said {
        chosen.preset = preset.as_deref().and_then(Preset::named);
        (chosen.select, chosen.ignore) = (select.clone(), ignore.clone());
    }
    let (path, packs, configured) = (tree.path.clone(), tree.rules.clone(), configured(tree));
    Request { path, configured, packs, chosen, ..Request::default() }
}

fn init(
    options: &Init,
    look: Look<'_>,
    out: &mut Outlet<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<u8, Error> {
    let shown = |path: &Path| path.display().to_string();
    let taken = FILE_NAMES.map(|name| options.path.join(name));
    let taken = taken.iter().find(|path| !options.print && write::is_taken(path));
    if let Some(path) = taken {
        return Err(Error::Configured { path: shown(path) });
    }
    if options.path.is_file() && !options.print {
        return Err(Error::NoFolder { path: shown(&options.path) });
    }
    let request = Request { path: options.path.clone(), ..Request::default() };
    let proposal = watched(&request, options.threads, look, || init::propose(&request))?;
    tell(&proposal.notes, remarks);
    if options.print {
        print(&proposal.text, out)?;
    } else {
        let path = options.path.join(FILE_NAMES[0]);
        write::create(&path, &Page::of(proposal.text.as_bytes())).map_err(|why| {
            match why.kind() {
                io::ErrorKind::AlreadyExists => Error::Configured { path: shown(&path) },
                _ => Error::Unwritable { path: shown(&path), why: fault::reason(&why) },
            }
        })?;
        let written = printable::text(&shown(&path));
        let mut lines = vec![format!("wrote {written}; these are guesses, look at them:")];
        lines.extend(proposal.told.iter().map(|line| format!("  {line}")));
        if proposal.told.is_empty() {
            let why = "no file carries settings of the connector, so there is nothing to declare";
            lines = vec![format!("wrote {written}; no instances found: {why}")];
        }
        print(&(lines.join("\n") + "\n"), out)?;
    }
    Ok(if proposal.is_complete { exit::CLEAN } else { exit::INCOMPLETE })
}

fn outcome(
    request: &Request,
    threads: u16,
    look: Look<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<Outcome, Error> {
    let outcome = watched(request, threads, look, || run(request));
    let outcome = outcome.map_err(|error| match error {
        Error::NoTree(_) if request.history == History::All => error.of_range(&request.path),
        error => error,
    })?;
    tell(&outcome.notes, remarks);
    Ok(outcome)
}

/// Runs on so many threads and shows meanwhile how far it is.
fn watched<T: Send>(
    request: &Request,
    threads: u16,
    look: Look<'_>,
    run: impl Fn() -> T + Sync,
) -> T {
    Screen::during(look.screen, &request.progress, || within(threads, run))
}

/// Runs on so many threads; where there are none to be had, on this one alone.
fn within<T: Send>(threads: u16, run: impl Fn() -> T + Sync) -> T {
    let pool = ThreadPoolBuilder::new().num_threads(threads.into()).build();
    let alone = |_| ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    pool.or_else(alone).map_or_else(|_| run(), |pool| pool.install(&run))
}

fn tell(notes: &[String], remarks: &mut Outlet<'_>) {
    for note in notes {
        // A remark that nobody reads must not cost the report.
        let _ = writeln!(remarks, "note: {}", printable::text(note));
    }
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

/// 1 wins over 3, and 3 over 0. What stood before the change decides nothing.
fn exit_code(outcome: &Outcome, options: &Checked) -> u8 {
    let counts = |found: &Diagnostic| options.fail_on_standing || found.is_worse();
    let usual = if outcome.policy.fails_on_warnings { FailOn::Warning } else { FailOn::Error };
    let asked = options.fail_on.filter(|_| !outcome.policy.is_failing_locked);
    let fails = asked.unwrap_or(usual).severity().is_some_and(|least| {
        outcome.diagnostics.iter().any(|found| found.severity >= least && counts(found))
    });
    let is_as_before = outcome.summary.is_as_before && !options.fail_on_standing;
    if options.exit_zero {
        return exit::CLEAN;
    }
    exit::of(fails, outcome.summary.complete || is_as_before)
}
