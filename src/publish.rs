//! Which reporter writes which format, and the reports that go to files.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::color::Colors;
use crate::cli::format::{CheckFormat, Output};
use crate::date::Date;
use crate::error::Error;
use crate::mask::outlet::{Outlet, Page};
use crate::progress::Screen;
use crate::report::github::GitHub;
use crate::report::gitlab::GitLab;
use crate::report::gitlab_secrets::GitLabSecrets;
use crate::report::html::Html;
use crate::report::json::Json;
use crate::report::junit::JUnit;
use crate::report::line::Line;
use crate::report::markdown::Markdown;
use crate::report::pretty::Pretty;
use crate::report::rdjson::RdJson;
use crate::report::sarif::Sarif;
use crate::report::statistics::Statistics;
use crate::report::{Report, Reporter};
use crate::rule::{Diagnostic, Severity};
use crate::{fault, several};

/// What is known of where the tool runs: what the environment says of the pipeline, and git of the tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pipeline<'a> {
    /// `GITHUB_STEP_SUMMARY`: the file that a step's summary is added to.
    pub step_summary: Option<&'a str>,
    /// `CI_COMMIT_SHA`: the commit that GitLab checks.
    pub commit: Option<&'a str>,
    /// `CI_JOB_STARTED_AT`: when GitLab started the job.
    pub started: Option<&'a str>,
    /// Where the tree comes from and how it was checked, for a page that says so.
    pub origin: &'a [(&'static str, String)],
}

/// How the output looks, and where it is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// Which streams are coloured.
    pub colors: Colors,
    /// How many columns there are.
    pub width: usize,
    /// How many findings a person is shown at most, where somebody said it; 0 for all.
    pub most: Option<usize>,
    /// The day of the run, where somebody said which.
    pub day: Option<Date>,
    /// The pipeline, if there is one.
    pub pipeline: Pipeline<'a>,
    /// Where a run shows how far it is, if anywhere.
    pub screen: Option<&'a Screen>,
}

/// A run, and how the tree is called by those who read of it.
#[derive(Clone, Copy)]
pub struct Published<'a> {
    /// The run; its paths begin at the root of the tree.
    pub report: &'a Report<'a>,
    /// Whether what stood before the change is shown like what is new.
    pub all: bool,
    /// The tree's name from where the program was started, with `/` at its end: people open and search files from there.
    pub as_given: &'a str,
    /// The tree's name from the root of the repository, in the same way: pipelines know files by it.
    pub from_root: &'a str,
}

impl Published<'_> {
    /// Writes the run in a format.
    ///
    /// # Errors
    /// Where `out` fails.
    pub fn write(
        &self,
        format: CheckFormat,
        look: Look<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let sources = self.report.sources;
        let sources = match format {
            // What is in a revision is called as `git show` takes it.
            CheckFormat::Pretty | CheckFormat::Line => sources.under(self.as_given, self.from_root),
            // Its paths are those that configurations and waivers have.
            CheckFormat::Json => sources.clone(),
            _ => sources.under(self.from_root, self.from_root),
        };
        let report = Report { sources: &sources, ..*self.report };
        let reporter = reporter(format, look);
        if is_whole(format) {
            return reporter.report(&report, out);
        }
        let is_shown = |found: &Diagnostic| self.all || found.is_worse();
        let (shown, held_back): (Vec<_>, Vec<_>) =
            report.diagnostics.iter().cloned().partition(is_shown);
        let (shown, beyond) = bounded(shown, most(format, look));
        let report =
            Report { diagnostics: &shown, beyond: &beyond, held_back: &held_back, ..report };
        reporter.report(&report, out)
    }
}

/// How many findings a person reads at once.
const MOST: usize = 200;

/// How many findings a format shows. Programs get all of them, whatever is said: what one report has and the next has not, they take for
/// mended.
fn most(format: CheckFormat, look: Look<'_>) -> usize {
    use CheckFormat::{Github, Line, Markdown, Pretty};
    let most = match format {
        Pretty => look.most.unwrap_or(MOST),
        Line | Github | Markdown => look.most.unwrap_or_default(),
        _ => 0,
    };
    if most == 0 { usize::MAX } else { most }
}

/// As many findings as are shown, errors before warnings where not all are, in the order that they had; and the others.
fn bounded(found: Vec<Diagnostic>, most: usize) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let errors = found.iter().filter(|found| found.severity == Severity::Error).count();
    let (mut of_errors, mut of_warnings) = (most, most.saturating_sub(errors));
    found.into_iter().partition(|found| {
        let left = match found.severity {
            Severity::Error => &mut of_errors,
            Severity::Warning => &mut of_warnings,
        };
        let is_shown = *left > 0;
        *left = left.saturating_sub(1);
        is_shown
    })
}

/// Writes runs in a format, as one document.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    runs: &[Published<'_>],
    format: CheckFormat,
    look: Look<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if let [run] = runs {
        return run.write(format, look, out);
    }
    let mut documents = Vec::new();
    for run in runs {
        let mut bytes = Vec::new();
        run.write(format, look, &mut bytes)?;
        documents.push(bytes);
    }
    out.write_all(&several::joined(format, &documents))
}

fn page(runs: &[Published<'_>], format: CheckFormat, look: Look<'_>) -> io::Result<Page> {
    let mut bytes = Vec::new();
    write(runs, format, look, &mut bytes)?;
    Ok(Page::of(&bytes))
}

/// Whether a format says of each finding how it stands to what was before, for readers that choose by themselves, or is a record of all.
fn is_whole(format: CheckFormat) -> bool {
    use CheckFormat::{Gitlab, GitlabSecrets, Html, Json, Sarif};
    matches!(format, Gitlab | GitlabSecrets | Html | Json | Sarif)
}

/// The reporter of a format.
fn reporter<'a>(format: CheckFormat, look: Look<'a>) -> Box<dyn Reporter + 'a> {
    match format {
        CheckFormat::Pretty => Box::new(Pretty { color: look.colors.out, width: look.width }),
        CheckFormat::Line => Box::new(Line),
        CheckFormat::Json => Box::new(Json),
        CheckFormat::Sarif => Box::new(Sarif),
        CheckFormat::Github => Box::new(GitHub),
        CheckFormat::Gitlab => Box::new(GitLab),
        CheckFormat::GitlabSecrets => {
            let Pipeline { commit, started, .. } = look.pipeline;
            Box::new(GitLabSecrets { commit, started })
        }
        CheckFormat::Junit => Box::new(JUnit),
        CheckFormat::Rdjson => Box::new(RdJson),
        CheckFormat::Markdown => Box::new(Markdown),
        CheckFormat::Statistics => Box::new(Statistics),
        CheckFormat::Html => Box::new(Html {
            day: look.day.map(|day| day.to_string()),
            origin: look.pipeline.origin.to_vec(),
        }),
    }
}

/// Writes the reports that go to files, without colour. All that can be written are.
///
/// The `github` format has a part for people, too, which is added to the summary of its step.
///
/// # Errors
/// The last file that cannot be written; any before it is told in `remarks`.
pub fn to_files(
    runs: &[Published<'_>],
    (format, outputs): (CheckFormat, &[Output]),
    look: Look<'_>,
    remarks: &mut Outlet<'_>,
) -> Result<(), Error> {
    let mut done = Ok(());
    let mut formats = outputs.iter().map(|output| output.format).chain([format]);
    let summary = look.pipeline.step_summary.filter(|path| !path.is_empty()).map(Path::new);
    if let Some(path) = summary.filter(|_| formats.any(|format| format == CheckFormat::Github)) {
        let added = page(runs, CheckFormat::Markdown, look);
        let added = added.and_then(|report| crate::write::append(path, &report));
        if let Err(why) = added {
            // In a container the file may not be there.
            let _ = writeln!(remarks, "note: no summary: {}", unwritable(path, &why));
        }
    }
    for Output { format, file } in outputs {
        let written = page(runs, *format, Look { colors: Colors::default(), ..look })
            .and_then(|report| crate::write::replace(file, &report))
            .map_err(|why| unwritable(file, &why));
        if let Err(error) = written
            && let Err(earlier) = std::mem::replace(&mut done, Err(error))
        {
            let _ = write!(remarks, "{}", earlier.render(look.colors.remarks));
        }
    }
    done
}

fn unwritable(path: &Path, why: &io::Error) -> Error {
    Error::Unwritable { path: path.display().to_string(), why: fault::reason(why) }
}
