//! The formats of reports, and `FORMAT=FILE`.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use clap::ValueEnum;

use crate::suggest::nearest;

/// How `check` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Snippets of every file concerned.
    #[value(alias = "")]
    Pretty,
    /// One line per finding: `path:line:col: severity: message [rule]`.
    Line,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning on GitHub and elsewhere.
    Sarif,
    /// Workflow commands that annotate a GitHub Actions run; a summary goes to `$GITHUB_STEP_SUMMARY`.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// GitLab's secret detection report: the findings of rules on secrets alone.
    GitlabSecrets,
    /// JUnit XML.
    Junit,
    /// The Reviewdog Diagnostic Format.
    Rdjson,
    /// A comment for a merge request.
    Markdown,
    /// How many findings each rule has.
    Statistics,
    /// One page for a review, with a picture of the instances; what `commerce-lint report` writes.
    Html,
}

impl CheckFormat {
    /// Whether what would mend a finding has a place in it.
    #[must_use]
    pub fn carries_fixes(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Rdjson)
    }
}

/// How `instances` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InstancesFormat {
    /// A table.
    Table,
    /// One JSON document.
    Json,
    /// A picture of the instances, as a Mermaid flowchart.
    Mermaid,
    /// A picture of the instances, for Graphviz.
    Dot,
}

/// How `rules` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// A line for each rule.
    List,
    /// One JSON document.
    Json,
}

/// A report that goes to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How it is written.
    pub format: CheckFormat,
    /// Where it goes.
    pub file: PathBuf,
}

/// The reports of one option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs(pub Vec<Output>);

/// Reads `FORMAT=FILE`, one a line: a variable has no other way to name several. Blank lines are skipped, and a blank variable names none.
///
/// # Errors
/// What is wrong with the first that is wrong.
pub fn outputs(text: &str) -> Result<Outputs, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(output).collect::<Result<_, _>>().map(Outputs)
}

/// The file that two reports would go to, if any, by its name alone.
#[must_use]
pub fn clash(outputs: &[Output]) -> Option<&Path> {
    let mut seen = BTreeSet::new();
    // `./a` is `a`, which components tell apart at the start alone.
    let parts = |file| Path::components(file).filter(|part| *part != Component::CurDir);
    let files = outputs.iter().map(|output| output.file.as_path());
    files.into_iter().find(|file| !seen.insert(parts(file).collect::<PathBuf>()))
}

/// Reads `FORMAT=FILE`.
///
/// # Errors
/// What is wrong with it: nothing of the text is repeated.
fn output(text: &str) -> Result<Output, String> {
    let names = || {
        let values = CheckFormat::value_variants().iter();
        values.filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
    };
    let Some((name, file)) = text.split_once('=') else {
        return Err("it is not FORMAT=FILE, as in `json=report.json`".to_owned());
    };
    // An empty variable stands for the default; here a name is missing.
    let format = CheckFormat::from_str(name, false).ok().filter(|_| !name.is_empty());
    let Some(format) = format else {
        let names: Vec<String> = names().collect();
        let near = nearest(name, names.iter().map(String::as_str));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Err(format!("there is no such format, only {}{near}", names.join(", ")));
    };
    if matches!(file, "" | "-") {
        return Err("it names no file; `--output-format` is for standard output".to_owned());
    }
    Ok(Output { format, file: file.into() })
}

/// Reads the name of the file that a page goes to.
///
/// # Errors
/// Where it names none.
pub fn page(text: &str) -> Result<PathBuf, &'static str> {
    match text {
        "" | "-" => Err("it names no file; `check --output-format html` is for standard output"),
        file => Ok(file.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_lines() {
        let files = |text: &str| {
            let Outputs(outputs) = outputs(text).expect(text);
            outputs.iter().map(|output| output.file.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(files("json=a b.json"), ["a b.json"]);
        assert_eq!(files("\n  json=a\r\n\nsarif=b=c \n"), ["a", "b=c"]);
        assert_eq!(files(" \n"), [""; 0]);
        assert!(outputs("json=a\nb").is_err());
    }

    #[test]
    fn two_reports_have_two_files() {
        let clash = |text: &str| clash(&outputs(text).expect(text).0).map(Path::to_owned);
        assert_eq!(clash("json=a\nsarif=b\njson=c/a"), None);
        assert_eq!(clash("json=./c//a\nsarif=c/./a"), Some("c/./a".into()));
        assert_eq!(clash("json=a\njson=a"), Some("a".into()));
    }

    #[test]
    fn an_output_is_a_format_and_a_file() {
        let json = Output { format: CheckFormat::Json, file: "a=b/c.json".into() };
        assert_eq!(output("json=a=b/c.json"), Ok(json));
        for (text, expected) in [
            ("json", "not FORMAT=FILE"),
            ("jsn=x", "did you mean `json`?"),
            ("=x", "only pretty, line, json, "),
            ("json=", "names no file"),
            ("json=-", "names no file"),
        ] {
            let why = output(text).expect_err(text);
            assert!(why.contains(expected), "{text}: {why}");
        }
    }
}
