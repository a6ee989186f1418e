//! Where somebody types in the front matter of a rule's page: below which keys, in the place of a key or of a value.
//!
//! As in [`cursor`](super::cursor), nothing is parsed: what is typed is broken most of the time. Indentation, dashes, braces and colons up to
//! the place tell it.

use super::cursor::{Cursor, What};

/// A line that begins and ends the front matter.
const FENCE: &str = "---";

/// A bracket that is open: of a list, or of a mapping with the key that is before its colon.
enum Open {
    List,
    Table,
}

#[derive(Default)]
struct Scan {
    /// The keys that the line stands below, each with its indentation.
    above: Vec<(usize, String)>,
    /// The keys within the brackets that are open; empty for a bracket that has none.
    within: Vec<String>,
    open: Vec<Open>,
    /// The key whose value is typed.
    key: Option<String>,
    is_item: bool,
    is_remark: bool,
    word: String,
    start: usize,
    quote: Option<char>,
    /// The indentation of the key that a text of several lines belongs to.
    text_below: Option<usize>,
}

/// The front matter of a text: where it begins, and where it ends or would end; none where the text has none.
#[must_use]
pub fn bounds(text: &str) -> Option<(usize, usize)> {
    let first = text.lines().next().filter(|line| line.trim_end() == FENCE)?;
    let start = text.find('\n').map_or(first.len(), |end| end + 1);
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((start, at));
        }
        at += line.len();
    }
    Some((start, text.len()))
}

/// The place at an offset; none where that is not in the front matter.
#[must_use]
pub fn at(text: &str, offset: usize) -> Option<Cursor> {
    let (start, end) = bounds(text)?;
    let before = text.get(start..offset).filter(|_| offset <= end)?;
    let mut scan = Scan::default();
    let mut from = start;
    for line in before.split_inclusive('\n') {
        scan.line(line, from);
        from += line.len();
    }
    if before.is_empty() || before.ends_with('\n') {
        scan.line("", from);
    }
    Some(scan.cursor(offset))
}

/// How far a line is indented, dashes of lists counted as blanks.
fn indentation(line: &str) -> usize {
    let rest = line.trim_start_matches(' ');
    let blanks = line.len() - rest.len();
    match rest.strip_prefix("- ") {
        Some(item) => blanks + 2 + indentation(item),
        None => blanks,
    }
}

impl Scan {
    fn line(&mut self, line: &str, at: usize) {
        // What nobody closes ends with its line.
        self.quote = None;
        self.word.clear();
        let mut from = 0;
        if self.open.is_empty() {
            let bare = line.trim_end();
            let indent = indentation(line.trim_end_matches(['\r', '\n']));
            let is_blank = bare.trim_start().is_empty() || bare.trim_start().starts_with('#');
            if let Some(below) = self.text_below {
                if indent > below || is_blank && line.ends_with('\n') {
                    self.is_remark = true;
                    return;
                }
                self.text_below = None;
            }
            // Only where somebody types does an empty line stand somewhere.
            if is_blank && line.ends_with('\n') {
                return;
            }
            self.above.retain(|(above, _)| *above < indent);
            self.is_item = line.trim_start().starts_with('-');
            (self.key, self.is_remark) = (None, false);
            from = indent.min(line.len());
        }
        let letters = line.get(from..).unwrap_or_default();
        for (index, letter) in letters.char_indices() {
            let rest = letters.get(index + letter.len_utf8()..).unwrap_or_default();
            self.step(letter, rest, from, at + from + index);
        }
    }

    /// Takes a letter of a line that is indented so far.
    fn step(&mut self, letter: char, rest: &str, indent: usize, at: usize) {
        let is_end = rest.is_empty() || rest.starts_with([' ', '\r', '\n']);
        match letter {
            _ if self.quote == Some(letter) => self.quote = None,
            _ if self.quote.is_some() => self.word.push(letter),
            '\n' => self.is_remark = false,
            _ if self.is_remark => {}
            '#' if self.word.is_empty() || self.word.ends_with(' ') => {
                self.word.clear();
                self.is_remark = true;
            }
            '"' | '\'' if self.word.is_empty() => (self.quote, self.start) = (Some(letter), at + 1),
            '{' | '[' if self.word.is_empty() => self.opened(letter),
            '}' | ']' if !self.open.is_empty() => self.closed(),
            ',' if !self.open.is_empty() => {
                self.word.clear();
                if matches!(self.open.last(), Some(Open::Table)) {
                    self.key = None;
                }
            }
            ':' if self.key.is_none() && is_end && !self.is_in_list() => {
                let key = std::mem::take(&mut self.word);
                let key = key.trim().to_owned();
                if self.open.is_empty() {
                    self.above.push((indent, key.clone()));
                    let text = rest.trim_start_matches(' ').starts_with(['|', '>']);
                    self.text_below = text.then_some(indent);
                }
                self.key = Some(key);
                self.is_item = false;
            }
            ' ' if self.word.is_empty() => {}
            _ => {
                if self.word.is_empty() {
                    self.start = at;
                }
                self.word.push(letter);
            }
        }
    }

    fn is_in_list(&self) -> bool {
        matches!(self.open.last(), Some(Open::List))
    }

    fn opened(&mut self, letter: char) {
        // The key of the line is among those above already.
        let is_first = self.open.is_empty();
        let key = self.key.take().filter(|_| !is_first).unwrap_or_default();
        self.within.push(key);
        self.open.push(if letter == '{' { Open::Table } else { Open::List });
        self.is_item = letter == '[';
    }

    fn closed(&mut self) {
        self.open.pop();
        self.word.clear();
        let key = self.within.pop();
        self.is_item = self.is_in_list();
        self.key = key.filter(|key| !key.is_empty() || self.open.is_empty());
        if self.open.is_empty() {
            // Behind its value, a line says no more.
            self.is_remark = true;
        }
    }

    fn cursor(self, offset: usize) -> Cursor {
        let mut table: Vec<String> = self.above.into_iter().map(|(_, key)| key).collect();
        table.extend(self.within.into_iter().filter(|key| !key.is_empty()));
        let is_in_list = matches!(self.open.last(), Some(Open::List));
        let what = if self.is_remark {
            What::Comment
        } else if let Some(key) = self.key.filter(|_| !is_in_list) {
            if self.open.is_empty() {
                table.pop();
            }
            What::Value { key: vec![key], is_item: false }
        } else if is_in_list {
            What::Value { key: Vec::new(), is_item: true }
        } else {
            // The first word of an item may be a key or a text.
            What::Key
        };
        let is_empty = self.word.is_empty() && self.quote.is_none();
        let start = if is_empty { offset } else { self.start };
        Cursor { table, what, start, quote: self.quote }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place at the bar: the keys above, what is typed, the word that is begun, its quote.
    fn told(text: &str) -> String {
        let text = format!("---\n{text}\n---\n# Title\n");
        let offset = text.find('\u{2502}').unwrap();
        let text = text.replacen('\u{2502}', "", 1);
        let Some(Cursor { table, what, start, quote }) = at(&text, offset) else {
            return "nowhere".into();
        };
        let what = match what {
            What::Key => "key".to_owned(),
            What::Value { key, is_item } if is_item => format!("item {}", key.join(".")),
            What::Value { key, .. } => format!("value {}", key.join(".")),
            _ => "nothing".to_owned(),
        };
        let quote = quote.map(String::from).unwrap_or_default();
        format!("{}: {what}: {quote}{}", table.join("."), &text[start..offset])
    }

    #[test]
    fn every_place_of_an_odd_text_has_an_answer() {
        let odd = "---\n- - {é: [\"\\\", '''\u{1f600}, {y: {z]}}, #]\n: : \"\"\" ]\n'''\r\n[\"\n  |\n a: >\n";
        for offset in (0..=odd.len()).filter(|offset| odd.is_char_boundary(*offset)) {
            if let Some(here) = at(odd, offset) {
                assert!(here.start <= offset && odd.is_char_boundary(here.start), "{offset}");
            }
        }
    }

    #[test]
    fn the_place_is_told_whatever_is_broken() {
        for (text, expected) in [
            ("sev│", ": key: sev"),
            ("severity: │", ": value severity: "),
            ("severity: er│", ": value severity: er"),
            ("severity: 'er│", ": value severity: 'er"),
            ("severity: off # │", "severity: nothing: "),
            ("tags: [a, b│", "tags: item : b"),
            ("assert:\n  se│", "assert: key: se"),
            ("assert:\n- se│", "assert: key: se"),
            ("assert:\n  - setting: x\n    mu│", "assert: key: mu"),
            ("assert:\n  - setting: x\n    must: │", "assert: value must: "),
            ("assert:\n  must: { be-│", "assert.must: key: be-"),
            ("assert:\n  must: { be-one-of: [a, │", "assert.must.be-one-of: item : "),
            ("assert:\n  must: { be: x }\n  when: { kind: pro│", "assert.when: value kind: pro"),
            ("assert:\n  when:\n    kind:\n      - pro│", "assert.when.kind: key: pro"),
            ("assert:\n  when: { settings: { a/b: │", "assert.when.settings: value a/b: "),
            ("assert:\n  when: { kind: x,\n    la│", "assert.when: key: la"),
            ("assert:\n  message: |\n    se: │\n", "assert.message: nothing: "),
            ("assert:\n  message: >\n    text\n  he│", "assert: key: he"),
            ("assert:\n  setting: x\n│", ": key: "),
            ("assert:\n  setting: x\n\n  │", "assert: key: "),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        assert_eq!(at("# Title\n", 3), None);
        assert_eq!(at("---\na: b\n---\n# Title\n", 14), None);
    }
}
