//! What can go wrong with the tool itself. A mistake in the checked tree is never one of these: it is a finding.
//!
//! Whatever of a user's text is shown is made harmless first, at the same byte length, so that every place stays true.

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};
use thiserror::Error;

use crate::config::{ConfigError, FILE_NAMES};
use crate::discover::DiscoverError;
use crate::discover::git::GitError;
use crate::mask::{self, snippet};
use crate::source::Span;

/// Why there is no report. Each ends the program with exit code 2.
#[derive(Debug, Error, Diagnostic)]
pub enum Error {
    /// The configuration file cannot be read.
    #[error("cannot read `{}`: {why}", visible(path))]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// What the system says.
        why: String,
    },
    /// There is a baseline already.
    #[error("there is a baseline already: `{}`", visible(path))]
    #[diagnostic(help(
        "`--update` renews it and keeps the names of its findings; `--force` writes it anew, with a new salt"
    ))]
    BaselineExists {
        /// The path of the baseline.
        path: String,
    },
    /// Something else stands where the baseline would be written.
    #[error("`{}` is no baseline, and is not overwritten", visible(path))]
    #[diagnostic(help("move it away, or name another file in `[policy] baseline`"))]
    NoBaseline {
        /// The path of the baseline.
        path: String,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {why}", visible(path))]
    Unwritable {
        /// The path as it is shown.
        path: String,
        /// What the system says.
        why: String,
    },
    /// The key of a fleet could be tried out.
    #[error("{variable} has fewer than {shortest} characters, so that it could be guessed")]
    #[diagnostic(help(
        "make one that is random and keep it where secrets are kept: `openssl rand -hex 32`"
    ))]
    WeakKey {
        /// The variable that has it.
        variable: &'static str,
        /// The fewest characters that it may have.
        shortest: usize,
    },
    /// `SOURCE_DATE_EPOCH` is set to something else.
    #[error("SOURCE_DATE_EPOCH is no number of seconds since 1970: `{}`", visible(value))]
    Epoch {
        /// What it is set to.
        value: String,
    },
    /// Both names of the configuration file are taken.
    #[error("the tree has two configurations: `{}` and `{}`", FILE_NAMES[0], FILE_NAMES[1])]
    #[diagnostic(help("keep one of them, or choose one with `--config`"))]
    TwoConfigurations,
    /// A configuration would be written, and there is one.
    #[error("there is a configuration already: `{}`", visible(path))]
    #[diagnostic(help(
        "`commerce-lint init --print` shows what would be written; nothing is ever overwritten"
    ))]
    Configured {
        /// Its path.
        path: String,
    },
    /// A configuration would be written into a file.
    #[error("`{}` is a file, and a configuration stands in the folder of a tree", visible(path))]
    #[diagnostic(help(
        "name the folder whose files are deployed together, as in `commerce-lint init .`"
    ))]
    NoFolder {
        /// The path as it was given.
        path: String,
    },
    /// The configuration has mistakes.
    #[error("{} in `{}`", counted(*count), visible(path))]
    Configuration {
        /// The path as it is shown.
        path: String,
        /// How many there are.
        count: usize,
        /// The first of them, in order of places.
        mistakes: Vec<Mistake>,
    },
    /// No rule has this id.
    #[error("there is no rule `{}`", visible(id))]
    UnknownRule {
        /// The id as it was given.
        id: String,
        /// What to do.
        #[help]
        help: String,
    },
    /// The path to check is no tree.
    #[error("{}", visible(&.0.to_string()))]
    NoTree(#[from] DiscoverError),
    /// No instance has the name that is asked for.
    #[error("no instance is called `{}`{}", visible(name), if *.is_place { ", and no folder" } else { "" })]
    NoInstance {
        /// The name.
        name: String,
        /// Whether it could be a folder, too.
        is_place: bool,
        /// What to do.
        #[help]
        help: String,
    },
    /// What `--policy-from` names is not there.
    #[error("`{}` is neither a revision of the repository nor a file", visible(place))]
    #[diagnostic(help("name a branch, a tag or a commit, or a file whose name ends in `.toml`"))]
    NoPolicy {
        /// As the user gave it.
        place: String,
    },
    /// The path to check is no tree, but a range of commits.
    #[error("cannot read `{}`, which looks like a range of commits", visible(range))]
    #[diagnostic(help("join a range with `=`: `--history={}`", visible(range)))]
    RangeAsPath {
        /// The path as it was given.
        range: String,
    },
    /// git gives no answer.
    #[error("{}", visible(&.0.to_string()))]
    Git(GitError, #[help] String),
    /// More instances are branches than one run compares.
    #[error("more than {most} instances are branches")]
    TooManyBranches {
        /// How many may be.
        most: usize,
    },
    /// The report cannot be written.
    #[error("cannot write the report: {0}")]
    Output(#[from] io::Error),
}

impl From<GitError> for Error {
    fn from(error: GitError) -> Self {
        let help = error.help().unwrap_or("run the same with `git` to see more").to_owned();
        Self::Git(error, help)
    }
}

/// A mistake of a configuration as it may be shown.
pub struct ToldMistake<'a> {
    /// The path of the configuration.
    pub path: &'a str,
    /// Its text with nothing in it that may not be shown.
    pub text: &'a str,
    /// The place in it.
    pub at: Range<usize>,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Error {
    /// Takes the mistakes of a configuration file together with its text.
    #[must_use]
    pub fn configuration(path: &str, text: &str, errors: Vec<ConfigError>) -> Self {
        let shown = errors.iter().map(|error| error.span).collect();
        let snippet = Arc::new(Snippet { path: visible(path), text: harmless(text, shown) });
        let mistake = |error: ConfigError| Mistake {
            at: snippet.clip(error.span.range()),
            snippet: Arc::clone(&snippet),
            message: visible(&error.message),
            help: visible(&error.help),
        };
        Self::Configuration {
            path: path.into(),
            count: errors.len(),
            mistakes: errors.into_iter().take(MOST_MISTAKES).map(mistake).collect(),
        }
    }

    /// What went wrong and what to do, in one line for programs; of a configuration its mistakes, with the name of its file.
    #[must_use]
    pub fn in_words(&self) -> String {
        let name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let mistakes =
            self.mistakes().map(|told| format!("`{}`: {}", name(told.path), told.message));
        let mistakes: Vec<String> = mistakes.collect();
        if !mistakes.is_empty() {
            return mistakes.join("; ");
        }
        let help = self.help().map_or_else(String::new, |help| format!("; {help}"));
        format!("{self}{help}")
    }

    /// The mistakes of a configuration.
    pub fn mistakes(&self) -> impl Iterator<Item = ToldMistake<'_>> {
        let mistakes: &[Mistake] =
            if let Self::Configuration { mistakes, .. } = self { mistakes } else { &[] };
        mistakes.iter().map(|of| {
            let Mistake { message, help, at, snippet } = of;
            let help = if help.is_empty() { String::new() } else { format!("; {help}") };
            ToldMistake {
                path: &snippet.path,
                text: &snippet.text,
                at: at.clone(),
                message: format!("{message}{help}"),
            }
        })
    }

    /// No instance is called so; `is_place`: it stands where a folder could stand.
    #[must_use]
    pub fn no_instance(name: &str, known: &[&str], is_place: bool) -> Self {
        let mut listed: Vec<String> =
            known.iter().take(MOST_MISTAKES).map(|one| format!("`{}`", visible(one))).collect();
        if listed.len() < known.len() {
            listed.push("… (`commerce-lint instances` lists all)".to_owned());
        }
        let help = match known {
            [] => "this tree has no instances: name the folder of another one".to_owned(),
            _ => format!("there is {}", listed.join(", ")),
        };
        Self::NoInstance { name: name.into(), is_place, help }
    }

    /// The same, where the missing path was meant as the range of `--history`.
    #[must_use]
    pub fn of_range(self, path: &Path) -> Self {
        let range = path.to_string_lossy();
        if range.contains("..") && !range.split('/').any(|part| part == "..") {
            Self::RangeAsPath { range: range.into_owned() }
        } else {
            self
        }
    }

    /// Renders the error for a person, with the headlines that findings and clap's errors have.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let mut theme =
            if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        theme.characters.error = "error:".into();
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_wrap_lines(false)
            .without_cause_chain();
        let mut out = String::new();
        let mistakes: &[Mistake] =
            if let Self::Configuration { mistakes, .. } = self { mistakes } else { &[] };
        let each = mistakes.iter().map(|mistake| mistake as &dyn Diagnostic);
        for diagnostic in each.chain([self as &dyn Diagnostic]) {
            let mut drawn = String::new();
            if handler.render_report(&mut drawn, diagnostic).is_err() {
                drawn = format!("error: {diagnostic}\n");
            }
            // miette indents what it draws.
            out.push_str(drawn.trim_start());
            out.push('\n');
        }
        out.truncate(out.trim_end().len() + 1);
        out
    }
}

/// How many mistakes of one file are shown: more tell no more.
const MOST_MISTAKES: usize = 20;

/// One mistake in a configuration file, with the text that it stands in.
#[derive(Debug, Error)]
#[error("{message}")]
pub struct Mistake {
    message: String,
    help: String,
    at: Range<usize>,
    snippet: Arc<Snippet>,
}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.snippet)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_primary_with_span(None, self.at.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// A configuration's text, shown one line at a time and, where a line is long, one part of it.
#[derive(Debug)]
struct Snippet {
    path: String,
    text: String,
}

impl Snippet {
    /// The most bytes that are underlined, and shown on either side of that.
    const WINDOW: usize = 200;

    /// The part of a range that can be underlined: on one line, not too long, never empty.
    fn clip(&self, range: Range<usize>) -> Range<usize> {
        let last = self.text.trim_end().len().saturating_sub(1);
        let start = self.boundary(range.start.min(last));
        let line = self.line(start);
        let end = range.end.min(line.end).min(start + Self::WINDOW).max(start + 1);
        start..self.boundary(end).max(start)
    }

    /// The start of the character that an offset lies in.
    fn boundary(&self, offset: usize) -> usize {
        (0..=offset).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or_default()
    }

    /// The line round an offset, without its line ending.
    fn line(&self, offset: usize) -> Range<usize> {
        let (before, after) = self.text.split_at_checked(offset).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let rest = after.lines().next().unwrap_or_default();
        start..offset + rest.len()
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let line = self.line(span.offset());
        let from = span.offset().saturating_sub(Self::WINDOW).max(line.start);
        let to = (span.offset() + span.len() + Self::WINDOW).min(line.end);
        let window = self.boundary(from)..self.boundary(to);
        let (Some(shown), Some(before), Some(left)) = (
            self.text.get(window.clone()),
            self.text.get(..line.start),
            self.text.get(line.start..span.offset()),
        ) else {
            return Err(MietteError::OutOfBounds);
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            shown.as_bytes(),
            (window.start, window.len()).into(),
            before.matches('\n').count(),
            left.chars().count(),
            1,
        )))
    }
}

/// A text for one line of output: what could move the cursor or turn the reading direction is written out.
fn visible(text: &str) -> String {
    mask::text(text)
        .chars()
        .map(|c| if is_safe(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}

/// A text of the same byte length with nothing in it that moves the cursor: the places of mistakes, keys, and no other value.
fn harmless(text: &str, shown: Vec<Span>) -> String {
    let covers = snippet::of_text(FILE_NAMES[0], text, shown);
    let mut covers = covers.iter().peekable();
    let mut out = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        while covers.next_if(|cover| cover.span.range().end <= at).is_some() {}
        let is_hidden = covers.peek().is_some_and(|cover| cover.span.range().start <= at);
        match letter {
            '\n' | '\r' => out.push(letter),
            _ if is_hidden => out.extend(std::iter::repeat_n('*', letter.len_utf8())),
            _ if is_safe(letter) => out.push(letter),
            _ => out.extend(std::iter::repeat_n('?', letter.len_utf8())),
        }
    }
    out
}

/// Whether a character is printed as one: no control character, no bidirectional or invisible mark.
fn is_safe(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn counted(mistakes: usize) -> String {
    match mistakes {
        1 => "1 mistake".into(),
        many if many > MOST_MISTAKES => format!("{many} mistakes ({MOST_MISTAKES} are shown)"),
        many => format!("{many} mistakes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn rendered(text: &str) -> String {
        let errors = Config::parse(text, &["shared-data-space"]).expect_err("there are mistakes");
        Error::configuration("commerce-lint.toml", text, errors).render(false)
    }

    #[test]
    fn every_mistake_is_shown_with_its_place() {
        let out = rendered("[rules]\nshared-dataspace = \"off\"\nshared-data-space = \"deny\"\n");
        for part in [
            "commerce-lint.toml:2:1",
            "error: unknown rule `shared-dataspace`",
            "did you mean `shared-data-space`?",
            "commerce-lint.toml:3:21",
            "did you mean `\"error\"`?",
            "\nerror: 2 mistakes in `commerce-lint.toml`",
        ] {
            assert!(out.contains(part), "{part} is missing:\n{out}");
        }
    }

    #[test]
    fn no_text_breaks_the_rendering() {
        let long = "x".repeat(100_000);
        for text in [
            "a".to_owned(),
            "\n\n[".to_owned(),
            "é = 1\n\"é\u{202e}\" = 2".to_owned(),
            format!("a = {{ b = \"{long}\" }}\nrules.x = \"{long}\""),
            format!("{long} = 1\r\n[rules]\r\n"),
            "a = \"\"\"\n\n\n\"\"\"\n\n".to_owned(),
            "[a\u{1b}[31m]".to_owned(),
        ] {
            let out = rendered(&text);
            assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out}");
            assert!(out.len() < 4_000, "{out}");
        }
    }

    #[test]
    fn a_key_in_the_wrong_place_is_not_printed() {
        let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
        for text in [
            format!("key = \"{body}\""),
            format!("[rules]\n{body} = \"{body}\""),
            format!("-----BEGIN PRIVATE KEY-----\n{body}\nQmFzZTY0\n-----END PRIVATE KEY-----\n"),
        ] {
            let out = rendered(&text);
            for part in [&body[..8], &body[20..28], "QmFzZTY0"] {
                assert!(!out.contains(part), "{out}");
            }
        }
    }
}
