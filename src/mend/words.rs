//! The words of a command: in a line behind each other, or the items of a list. An option that comes or goes keeps the list what it is.

use crate::source::{Source, Span};

/// How a word stands beside the others of its command.
enum Beside<'a> {
    /// Blanks part it from them.
    Blanks,
    /// Commas do.
    Commas,
    /// Each has a line, which starts with this and goes up to here.
    Lines(&'a str, usize),
}

/// A word with its quotes.
struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    quote: &'a str,
}

impl<'a> Word<'a> {
    fn of(source: &'a Source, span: Span) -> Self {
        let text = source.text();
        let (start, end) = (span.range().start, span.range().end);
        let (before, after) = around(text, start, end);
        for quote in ["\"", "'"] {
            if source.slice(span).starts_with(quote) {
                return Self { text, start, end, quote };
            }
            if before.ends_with(quote) && after.starts_with(quote) {
                return Self { text, start: start - 1, end: end + 1, quote };
            }
        }
        Self { text, start, end, quote: "" }
    }

    fn beside(&self) -> Beside<'a> {
        let (before, after) = around(self.text, self.start, self.end);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let (lead, rest) = (before.get(line..).unwrap_or_default(), after.find('\n'));
        let rest = rest.and_then(|end| after.get(..=end)).unwrap_or(after);
        if lead.trim() == "-" && rest.trim().is_empty() {
            return Beside::Lines(lead, self.end + rest.len());
        }
        let is_item = before.trim_end().ends_with([',', '[']);
        if is_item && after.trim_start().starts_with([',', ']']) {
            Beside::Commas
        } else {
            Beside::Blanks
        }
    }
}

/// What stands before and behind a part of a text.
fn around(text: &str, start: usize, end: usize) -> (&str, &str) {
    (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
}

/// An option with its value, behind a word.
pub fn behind(source: &Source, word: Span, option: &str, value: &str) -> (Span, String) {
    let word = Word::of(source, word);
    let quote = word.quote;
    let (end, new) = match word.beside() {
        Beside::Blanks => (word.end, format!(" --{option} {value}")),
        Beside::Commas => (word.end, format!(", {quote}--{option}={value}{quote}")),
        Beside::Lines(lead, end) => {
            let feed = if around(word.text, 0, end).1.is_empty() { "" } else { "\n" };
            let feed = if word.text.get(..end).is_some_and(|text| text.ends_with("\r\n")) {
                "\r\n"
            } else {
                feed
            };
            (end, format!("{lead}{quote}--{option}={value}{quote}{feed}"))
        }
    };
    (Span::new(end, end), new)
}

/// The place of an option with what parts it from the word before it; and with its value, where that is the next word.
pub fn with_value(source: &Source, option: Span, value: Option<&str>) -> Option<Span> {
    let word = Word::of(source, option);
    let (before, after) = around(word.text, word.start, word.end);
    let next = |after: &str, part: fn(&str) -> Option<&str>| {
        let Some(value) = value else { return Some(0) };
        let rest = part(after)?;
        let quotes = usize::from(rest.starts_with(['"', '\'']));
        rest.get(quotes..)?.strip_prefix(value)?;
        Some(after.len() - rest.len() + value.len() + 2 * quotes)
    };
    match word.beside() {
        Beside::Blanks => {
            let end = word.end + next(after, |after| Some(after.trim_start_matches([' ', '\t'])))?;
            let blank = before.len() - before.trim_end_matches([' ', '\t']).len();
            (blank > 0).then(|| Span::new(word.start - blank, end))
        }
        Beside::Commas => {
            let end = word.end
                + next(after, |after| Some(after.trim_start().strip_prefix(',')?.trim_start()))?;
            let comma = before.trim_end().strip_suffix(',')?.len();
            Some(Span::new(comma, end))
        }
        Beside::Lines(lead, mut end) => {
            if let Some(value) = value {
                let (_, below) = around(word.text, word.start, end);
                let line = below.split_inclusive('\n').next()?;
                let written = line.strip_prefix(lead)?.trim_end().trim_matches(['"', '\'']);
                end += (written == value).then_some(line.len())?;
            }
            Some(Span::new(word.start - lead.len(), end))
        }
    }
}
