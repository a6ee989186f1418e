//! The formats of reports, and `FORMAT=FILE`.

use std::path::PathBuf;

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
    /// One page for a review, with a picture of the instances; what `commerce-lint report` writes.
    Html,
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

/// A report that goes to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How it is written.
    pub format: CheckFormat,
    /// Where it goes.
    pub file: PathBuf,
}

/// Reads `FORMAT=FILE`.
///
/// # Errors
/// What is wrong with it: nothing of the text is repeated.
pub fn output(text: &str) -> Result<Output, String> {
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
