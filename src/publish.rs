//! Which reporter writes which format, and the reports that go to files.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::format::{CheckFormat, Output};
use crate::error::Error;
use crate::report::github::GitHub;
use crate::report::gitlab::GitLab;
use crate::report::gitlab_secrets::GitLabSecrets;
use crate::report::json::Json;
use crate::report::junit::JUnit;
use crate::report::line::Line;
use crate::report::markdown::Markdown;
use crate::report::pretty::Pretty;
use crate::report::rdjson::RdJson;
use crate::report::sarif::Sarif;
use crate::report::{Report, Reporter};
use crate::{read, write};

/// What the environment says of the pipeline that runs the tool.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pipeline<'a> {
    /// `GITHUB_STEP_SUMMARY`: the file that a step's summary is added to.
    pub step_summary: Option<&'a str>,
    /// `CI_COMMIT_SHA`: the commit that GitLab checks.
    pub commit: Option<&'a str>,
    /// `CI_JOB_STARTED_AT`: when GitLab started the job.
    pub started: Option<&'a str>,
}

/// How the output looks, and where it is read.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Whether to use colour.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
    /// Whether somebody watches the remarks and likes to know how far a long run is.
    pub progress: bool,
    /// The pipeline, if there is one.
    pub pipeline: Pipeline<'a>,
}

/// The reporter of a format.
#[must_use]
pub fn reporter<'a>(format: CheckFormat, look: Look<'a>) -> Box<dyn Reporter + 'a> {
    match format {
        CheckFormat::Pretty => Box::new(Pretty { color: look.color, width: look.width }),
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
    }
}

/// Writes the reports that go to files, without colour. All that can be written are.
///
/// The `github` format has a part for people, too, which is added to the summary of its step.
///
/// # Errors
/// The first file that cannot be written.
pub fn to_files(
    run: &Report<'_>,
    (format, outputs): (CheckFormat, &[Output]),
    look: Look<'_>,
    remarks: &mut dyn Write,
) -> Result<(), Error> {
    let mut done = Ok(());
    let mut formats = outputs.iter().map(|output| output.format).chain([format]);
    let summary = look.pipeline.step_summary.filter(|path| !path.is_empty()).map(Path::new);
    if let Some(path) = summary.filter(|_| formats.any(|format| format == CheckFormat::Github)) {
        let added = bytes(run, &Markdown).and_then(|report| write::append(path, &report));
        if let Err(why) = added {
            // In a container the file may not be there.
            let _ = writeln!(remarks, "note: no summary: {}", unwritable(path, &why));
        }
    }
    for Output { format, file } in outputs {
        let look = Look { color: false, ..look };
        let written = bytes(run, &*reporter(*format, look))
            .and_then(|report| write::replace(file, &report))
            .map_err(|why| unwritable(file, &why));
        done = done.and(written);
    }
    done
}

fn bytes(run: &Report<'_>, reporter: &dyn Reporter) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reporter.report(run, &mut bytes)?;
    Ok(bytes)
}

fn unwritable(path: &Path, why: &io::Error) -> Error {
    Error::Unwritable { path: path.display().to_string(), why: read::reason(why) }
}
