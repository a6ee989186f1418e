//! Where somebody types in a text of TOML: in which table, at which key, in the place of a name or of a value.
//!
//! A text that is typed is broken most of the time, so nothing is parsed: brackets, quotes and signs of equality up to the place tell it.

/// A place in a text of TOML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The table, by its keys.
    pub table: Vec<String>,
    /// What is typed there.
    pub what: What,
    /// Where the word starts that is being typed, without its quote.
    pub start: usize,
    /// The quote that it stands in.
    pub quote: Option<char>,
}

/// What is typed at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// A key of the table.
    #[default]
    Key,
    /// The header of a table, or of a table of a list: what of its keys stands there already.
    Header { is_list: bool, before: Vec<String> },
    /// A value, at a key of the table.
    Value { key: Vec<String>, is_item: bool },
    /// A remark.
    Comment,
}

/// A bracket that is open.
enum Open {
    /// A list of the value of a key.
    List,
    /// A table within a line: the keys that lead to it.
    Table(Vec<String>),
}

#[derive(Default)]
struct Scan {
    table: Vec<String>,
    /// The keys before a `=` or within a header.
    keys: Vec<String>,
    word: String,
    start: usize,
    what: What,
    open: Vec<Open>,
    quote: Option<(char, usize)>,
}

/// The place at an offset.
#[must_use]
pub fn at(text: &str, offset: usize) -> Cursor {
    let mut scan = Scan::default();
    let text = text.get(..offset).unwrap_or(text);
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        from += scan.step(rest, from);
    }
    let quote = scan.quote.map(|(quote, _)| quote);
    let start = if scan.word.is_empty() && quote.is_none() { offset } else { scan.start };
    let what = match scan.what {
        What::Header { is_list, .. } => What::Header { is_list, before: scan.keys },
        What::Value { key, .. } => {
            let is_item = matches!(scan.open.last(), Some(Open::List));
            What::Value { key, is_item }
        }
        what => what,
    };
    Cursor { table: scan.table, what, start: start.min(text.len()), quote }
}

impl Scan {
    /// Takes what a text starts with, and tells how long that is.
    fn step(&mut self, rest: &str, at: usize) -> usize {
        let letter = rest.chars().next().unwrap_or_default();
        if let Some((quote, length)) = self.quote {
            let end = quote.to_string().repeat(length);
            if rest.starts_with(&end) {
                self.quote = None;
                return end.len();
            }
            if quote == '"' && letter == '\\' {
                return rest.char_indices().nth(2).map_or(rest.len(), |(next, _)| next);
            }
            // What nobody closes ends with its line.
            if letter == '\n' && length == 1 {
                self.quote = None;
                self.line();
                return 1;
            }
            self.word.push(letter);
            return letter.len_utf8();
        }
        match letter {
            '\n' => self.line(),
            _ if self.what == What::Comment => {}
            '#' => {
                if let What::Value { key, .. } = std::mem::replace(&mut self.what, What::Comment) {
                    self.keys = key;
                }
            }
            '"' | '\'' => {
                let length = if rest.starts_with(&letter.to_string().repeat(3)) { 3 } else { 1 };
                self.word.clear();
                (self.quote, self.start) = (Some((letter, length)), at + length);
                return length;
            }
            '[' => return self.opened(rest),
            ']' => self.closed(),
            '{' => self.inline(),
            '}' => {
                if let Some(Open::Table(before)) = self.open.pop() {
                    self.table = before;
                    self.what = What::Value { key: Vec::new(), is_item: false };
                }
                self.word.clear();
            }
            '=' if self.what == What::Key => {
                self.end_of_key();
                let key = std::mem::take(&mut self.keys);
                self.what = What::Value { key, is_item: false };
            }
            '.' if !matches!(self.what, What::Value { .. }) => self.end_of_key(),
            ',' => {
                self.word.clear();
                if matches!(self.open.last(), Some(Open::Table(_))) {
                    (self.what, self.keys) = (What::Key, Vec::new());
                }
            }
            _ if letter.is_whitespace() => {
                if matches!(self.what, What::Value { .. }) {
                    self.word.clear();
                }
            }
            _ => {
                if self.word.is_empty() {
                    self.start = at;
                }
                self.word.push(letter);
            }
        }
        letter.len_utf8()
    }

    fn end_of_key(&mut self) {
        let word = std::mem::take(&mut self.word);
        self.keys.push(word.trim().to_owned());
    }

    /// A new line, which goes on with a list and with nothing else.
    fn line(&mut self) {
        self.word.clear();
        match (&self.what, self.open.last()) {
            (What::Value { .. }, Some(Open::List)) => {}
            (What::Comment, Some(Open::List)) => {
                let key = std::mem::take(&mut self.keys);
                self.what = What::Value { key, is_item: true };
            }
            _ => {
                while let Some(open) = self.open.pop() {
                    if let Open::Table(before) = open {
                        self.table = before;
                    }
                }
                (self.what, self.keys) = (What::Key, Vec::new());
            }
        }
    }

    fn opened(&mut self, rest: &str) -> usize {
        let is_header = self.what == What::Key && self.word.is_empty() && self.keys.is_empty();
        if is_header {
            let is_list = rest.starts_with("[[");
            self.what = What::Header { is_list, before: Vec::new() };
            return if is_list { 2 } else { 1 };
        }
        self.open.push(Open::List);
        self.word.clear();
        1
    }

    fn closed(&mut self) {
        if matches!(self.what, What::Header { .. }) {
            self.end_of_key();
            self.table = std::mem::take(&mut self.keys);
            // Behind its header, a table is named no more.
            self.what = What::Comment;
        } else if matches!(self.open.last(), Some(Open::List)) {
            self.open.pop();
            self.word.clear();
        }
    }

    /// A table within a line.
    fn inline(&mut self) {
        let key = match std::mem::take(&mut self.what) {
            What::Value { key, .. } => key,
            _ => Vec::new(),
        };
        let inner = self.table.iter().cloned().chain(key).collect();
        self.open.push(Open::Table(std::mem::replace(&mut self.table, inner)));
        self.word.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place at the bar: the table, what is typed, the word that is begun, its quote.
    fn told(text: &str) -> String {
        let offset = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let Cursor { table, what, start, quote } = at(&text, offset);
        let quote = quote.map(String::from).unwrap_or_default();
        format!("{} {what:?} {quote}{}", table.join("."), &text[start..offset])
    }

    #[test]
    fn every_place_of_an_odd_text_has_an_answer() {
        let odd =
            "[[a]].b]\n{x = [\"\\\\\", '''é\u{1f600}, {y = {z]}}, #]\n= = \"\"\" ]\n'''\r\n[\"";
        for offset in 0..=odd.len() {
            let here = at(odd, offset);
            assert!(here.start <= odd.len() && odd.is_char_boundary(here.start), "{offset}");
        }
    }

    #[test]
    fn the_place_is_told_whatever_is_broken() {
        let value =
            |key: &str, is_item: bool| format!("Value {{ key: [{key:?}], is_item: {is_item} }}");
        for (text, expected) in [
            ("|", " Key ".to_owned()),
            ("exc|", " Key exc".into()),
            ("exclude = [\"a\"]\n[ru|", " Header { is_list: false, before: [] } ru".into()),
            ("[[wai|\nrule = 1", " Header { is_list: true, before: [] } wai".into()),
            (
                "[instances.\"eu p|",
                " Header { is_list: false, before: [\"instances\"] } \"eu p".into(),
            ),
            ("[instances.'a.b']\nki|", "instances.a.b Key ki".into()),
            ("[rules]\n# x = [\nshared-da|", "rules Key shared-da".into()),
            ("[rules]\nx = \"err|", format!("rules {} \"err", value("x", false))),
            ("[rules]\nx = er|\n", format!("rules {} er", value("x", false))),
            ("[rules]\nx = \"open\ny|", "rules Key y".into()),
            (
                "[[waivers]]\ninstances = [\"a\", # b\n  \"|",
                format!("waivers {} \"", value("instances", true)),
            ),
            (
                "[[waivers]]\ninstances = [\n  'a',\n  |",
                format!("waivers {} ", value("instances", true)),
            ),
            ("limits = { file|", "limits Key file".into()),
            ("limits = { file-bytes = 1 }\nex|", " Key ex".into()),
            ("a.b = |", " Value { key: [\"a\", \"b\"], is_item: false } ".into()),
            ("[rules] |", "rules Comment ".into()),
            ("x = \"\"\"\n[a]\n|", format!(" {} \"\n[a]\n", value("x", false))),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
