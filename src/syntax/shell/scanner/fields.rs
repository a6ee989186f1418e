//! What `read` and `getopts` make of what they are given.
//!
//! Sources: POSIX, *read*, *getopts*; the Bash manual, *Word Splitting*.

use std::ops::Range;

use crate::syntax::shell::variables::Known;
use crate::syntax::shell::word::name_length;

/// How many options are told.
const MAX_OPTIONS: usize = 64;

/// The separators and the variables of `IFS=: read -r a b`.
pub fn line_reader(asked: &str) -> Option<(String, Vec<String>)> {
    let (separators, rest) = match asked.strip_prefix("IFS=") {
        Some(behind) => {
            let (written, rest) = behind.split_once(" read")?;
            let bare = written.trim_matches(['"', '\'']);
            let bare = if written == "$'\\t'" { "\t" } else { bare };
            (bare.to_owned(), rest)
        }
        None => (" \t".to_owned(), asked.strip_prefix("read")?),
    };
    let mut words = rest.split_whitespace().peekable();
    words.next_if_eq(&"-r");
    let names: Vec<String> = words.map(str::to_owned).collect();
    let is_name = |name: &String| name_length(name) == name.len() && !name.is_empty();
    let is_known = separators.len() < 2 || separators == " \t";
    (!names.is_empty() && is_known && names.iter().all(is_name)).then_some((separators, names))
}

/// Where the fields of a line stand; the last one has what is left.
pub fn fields(line: &str, separators: &str, most: usize) -> Vec<Range<usize>> {
    let bare = line.trim_end_matches(['\n', '\r']);
    let is_blank = separators.trim().is_empty() && !separators.is_empty();
    let is_separator = |letter: char| separators.contains(letter);
    let trimmed = |range: Range<usize>| {
        let text = bare.get(range.clone()).unwrap_or_default();
        let start = range.start + text.len() - text.trim_start_matches([' ', '\t']).len();
        start..start + text.trim_matches([' ', '\t']).len()
    };
    if separators.is_empty() || most < 2 {
        let range = if is_blank { trimmed(0..bare.len()) } else { 0..bare.len() };
        return if range.is_empty() { Vec::new() } else { vec![range] };
    }
    let mut fields = Vec::new();
    let mut at = if is_blank { trimmed(0..bare.len()).start } else { 0 };
    while at < bare.len() {
        let rest = bare.get(at..).unwrap_or_default();
        let is_last = fields.len() + 1 == most;
        let length = rest.find(is_separator).filter(|_| !is_last).unwrap_or(rest.len());
        let range = at..at + length;
        fields.push(if is_blank { trimmed(range) } else { range });
        at += length + 1;
        if is_blank {
            let rest = bare.get(at..).unwrap_or_default();
            at += rest.len() - rest.trim_start_matches(is_separator).len();
        }
    }
    fields
}

/// The options among arguments, each with its letter and its value; none where only running the script would tell.
pub fn options_of(options: &str, arguments: &[Known]) -> Option<Vec<(Known, Known)>> {
    let mut found = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let text = argument.text.as_deref()?;
        let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            break;
        };
        if letters == "-" {
            break;
        }
        for (at, letter) in letters.char_indices() {
            let behind = options.find(letter).filter(|_| letter != ':')? + letter.len_utf8();
            let name = Known { text: Some(letter.to_string()), origin: None };
            let has_value = options.get(behind..).is_some_and(|rest| rest.starts_with(':'));
            if !has_value {
                found.push((name, Known::default()));
                continue;
            }
            let own = letters.get(at + letter.len_utf8()..).filter(|own| !own.is_empty());
            let value = match own {
                Some(own) => Known { text: Some(own.to_owned()), origin: argument.origin },
                None => rest.next()?.clone(),
            };
            found.push((name, value));
            break;
        }
    }
    (found.len() <= MAX_OPTIONS).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_fields_that_read_gives() {
        let shown = |line: &str, separators: &str, most: usize| {
            let fields = fields(line, separators, most).into_iter();
            fields.map(|range| line[range].to_owned()).collect::<Vec<_>>().join("|")
        };
        for (line, separators, most, expected) in [
            ("a  b c\n", " \t", 2, "a|b c"),
            (" a b\n", " \t", 3, "a|b"),
            ("a:b:c\n", ":", 3, "a|b|c"),
            ("a::c\n", ":", 3, "a||c"),
            ("a=b=c\n", "=", 2, "a|b=c"),
            ("a b\n", "", 1, "a b"),
            ("\n", " \t", 2, ""),
        ] {
            assert_eq!(shown(line, separators, most), expected, "{line:?}");
        }
    }

    #[test]
    fn options_are_those_of_getopts() {
        let word = |text: &&str| Known { text: Some((*text).to_owned()), origin: None };
        let shown = |arguments: &[&str]| {
            let arguments: Vec<Known> = arguments.iter().map(word).collect();
            let found = options_of("s:v", &arguments)?;
            let one = |(name, value): (Known, Known)| {
                format!("{}={}", name.text.unwrap_or_default(), value.text.unwrap_or_default())
            };
            Some(found.into_iter().map(one).collect::<Vec<_>>().join(" "))
        };
        for (arguments, expected) in [
            (&["-s", "a", "-v", "rest", "-s"][..], Some("s=a v=")),
            (&["-vsa"], Some("v= s=a")),
            (&["-x"], None),
            (&["-s"], None),
            (&["--", "-s"], Some("")),
        ] {
            assert_eq!(shown(arguments).as_deref(), expected, "{arguments:?}");
        }
    }
}
