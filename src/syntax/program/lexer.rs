//! Text of a program → its words, signs and texts, one at a time.
//!
//! Sources: *The Python Language Reference*, *Lexical analysis*; the Ruby documentation, *Literals*; Microsoft's PowerShell documentation,
//! *`about_Quoting_Rules`*, *`about_Special_Characters`*. A text that is never closed ends with the file.

use std::collections::BTreeMap;

use super::language::Program;
use super::token::{Kind, Lexed, Style, Token, token, word};

/// Reads a program from any place.
pub struct Lexer<'a> {
    pub language: Program,
    pub text: &'a str,
    /// Where reading ends.
    pub end: usize,
    /// Where the lines go on behind here-documents.
    documents: BTreeMap<usize, usize>,
    /// How many here-documents end nowhere.
    endless: usize,
}

/// Signs of two characters.
const DOUBLE: [&str; 17] = [
    "==", "!=", "=>", "<=", ">=", "&&", "||", "**", "//", "->", "::", "&.", "@{", "@(", "?.", "+=",
    "$(",
];

/// How many here-documents are looked for that end nowhere.
const MAX_ENDLESS: usize = 32;

impl<'a> Lexer<'a> {
    pub fn new(language: Program, text: &'a str) -> Self {
        Self { language, text, end: text.len(), documents: BTreeMap::new(), endless: 0 }
    }

    pub fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..self.end.max(at)).unwrap_or_default()
    }

    /// What comes behind blanks and comments at a place.
    pub fn token(&mut self, from: usize) -> Token {
        let at = self.skipped(from);
        let rest = self.rest(at);
        let Some(first) = rest.chars().next() else { return token(Kind::End, at, at) };
        if first == '\n' {
            let next = self.documents.get(&at).copied().unwrap_or(at + 1);
            return token(Kind::Line, at, next);
        }
        if first == ';' {
            return token(Kind::Line, at, at + 1);
        }
        if let Some(text) = self.text_at(at, rest) {
            return text;
        }
        let length = word(self.language, rest);
        if length > 0 {
            return token(Kind::Word, at, at + length);
        }
        let width = DOUBLE
            .iter()
            .find(|sign| rest.starts_with(**sign))
            .map_or(first.len_utf8(), |sign| sign.len());
        token(Kind::Sign, at, at + width)
    }

    /// Where blanks, comments and joined lines end.
    pub fn skipped(&self, mut at: usize) -> usize {
        loop {
            let rest = self.rest(at);
            let joint = if self.language == Program::PowerShell { '`' } else { '\\' };
            let is_first = || at == 0 || self.text.as_bytes().get(at - 1) == Some(&b'\n');
            at += if rest.starts_with([' ', '\t', '\r', '\u{feff}']) {
                rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\u{feff}']).len()
            } else if let Some(behind) = rest
                .strip_prefix(joint)
                .filter(|behind| behind.trim_start_matches('\r').starts_with('\n'))
            {
                rest.len() - behind.trim_start_matches('\r').len() + 1
            } else if rest.starts_with("<#") && self.language == Program::PowerShell {
                rest.find("#>").map_or(rest.len(), |end| end + 2)
            } else if rest.starts_with("=begin") && self.language == Program::Ruby && is_first() {
                rest.find("\n=end").map_or(rest.len(), |end| end + 5)
            } else if rest.starts_with("__END__") && self.language == Program::Ruby && is_first() {
                rest.len()
            } else if rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else {
                return at;
            };
        }
    }

    fn text_at(&mut self, at: usize, rest: &'a str) -> Option<Token> {
        match self.language {
            Program::Python => self.python(at, rest),
            Program::Ruby => self.ruby(at, rest),
            Program::PowerShell => self.powershell(at, rest),
        }
    }

    fn python(&self, at: usize, rest: &str) -> Option<Token> {
        let prefix =
            rest.len() - rest.trim_start_matches(['r', 'R', 'b', 'B', 'f', 'F', 'u', 'U']).len();
        let quoted = rest.get(prefix..).filter(|_| prefix <= 2)?;
        let quote =
            ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| quoted.starts_with(quote))?;
        let marks = rest.get(..prefix)?.to_ascii_lowercase();
        let style = Style {
            close: quote,
            escape: (!marks.contains('r')).then_some('\\'),
            holes: marks.contains('f'),
            doubles: false,
            lines: quote.len() == 3,
        };
        Some(self.quoted(at, at + prefix + quote.len(), &style, false))
    }

    fn ruby(&mut self, at: usize, rest: &'a str) -> Option<Token> {
        let plain =
            |close| Style { close, escape: Some('\\'), holes: false, doubles: false, lines: true };
        let filled = |close| Style { holes: true, ..plain(close) };
        match rest.as_bytes().first()? {
            b'\'' => return Some(self.quoted(at, at + 1, &plain("'"), false)),
            b'"' => return Some(self.quoted(at, at + 1, &filled("\""), false)),
            b'`' => return Some(self.quoted(at, at + 1, &filled("`"), true)),
            b'<' => return self.document(at, rest),
            b':' => {
                let before = self.text.get(..at)?.chars().next_back();
                let name = rest.get(1..)?;
                let length = word(self.language, name);
                let is_symbol = !name.starts_with(['@', '$']) && before != Some(':') && length > 0;
                if is_symbol && !before.is_some_and(char::is_alphanumeric) {
                    let at = at..at + 1 + length;
                    let name = Lexed::Plain(name.get(..length)?.to_owned(), at.start + 1..at.end);
                    return Some(Token { kind: Kind::Text(vec![name], false), at });
                }
                if name.starts_with('"')
                    && before.is_none_or(|letter| !letter.is_alphanumeric() && letter != ':')
                {
                    return Some(self.quoted(at, at + 2, &filled("\""), false));
                }
                return None;
            }
            b'/' => return self.pattern(at, rest),
            b'%' => {}
            _ => return None,
        }
        let kind = rest.get(1..)?.chars().next()?;
        let lead = if matches!(kind, 'q' | 'Q' | 'x') { 2 } else { 1 };
        let close = match rest.get(lead..)?.chars().next()? {
            '(' => ")",
            '[' => "]",
            '{' => "}",
            '|' if lead == 2 => "|",
            '!' if lead == 2 => "!",
            _ => return None,
        };
        let style = if kind == 'q' { plain(close) } else { filled(close) };
        Some(self.quoted(at, at + lead + 1, &style, kind == 'x'))
    }

    /// A regular expression: behind what no value ends with, and closed on its line.
    fn pattern(&self, at: usize, rest: &str) -> Option<Token> {
        let before = self.text.get(..at)?.trim_end_matches([' ', '\t']);
        let is_behind_value =
            before.ends_with(|last: char| last.is_alphanumeric() || ")]}'\"".contains(last));
        let is_behind_word =
            [" when", " if", " unless", " and", " or"].iter().any(|word| before.ends_with(word));
        let line = rest.lines().next()?;
        let close = line.get(1..)?.find('/').map(|close| close + 2)?;
        let is_one = !is_behind_value || is_behind_word;
        let hole = Lexed::Hole(at..at + close, at + close..at + close);
        is_one.then(|| token(Kind::Text(vec![hole], false), at, at + close))
    }

    /// A here-document of Ruby's: `<<~SHELL`, `<<-'SHELL'`.
    fn document(&mut self, at: usize, rest: &'a str) -> Option<Token> {
        let behind = rest.strip_prefix("<<")?;
        let named = behind.trim_start_matches(['~', '-']);
        let is_loose = named.len() < behind.len();
        let quote = named.chars().next().filter(|first| matches!(first, '\'' | '"' | '`'));
        let name = named.get(usize::from(quote.is_some())..)?;
        let length = word(self.language, name);
        let name = name.get(..length).filter(|name| !name.is_empty())?;
        if self.endless >= MAX_ENDLESS {
            return None;
        }
        if !is_loose
            && quote.is_none()
            && !name.starts_with(|first: char| first.is_ascii_uppercase())
        {
            return None;
        }
        let end = at + 2 + (behind.len() - named.len()) + length + 2 * usize::from(quote.is_some());
        let line = end + self.rest(end).find('\n')?;
        let from = self.documents.get(&line).copied().unwrap_or(line + 1);
        let mut last = from;
        for line in self.rest(from).split_inclusive('\n') {
            if line.trim() == name {
                let style = Style {
                    close: "",
                    escape: (quote != Some('\'')).then_some('\\'),
                    holes: quote != Some('\''),
                    doubles: false,
                    lines: true,
                };
                self.documents.insert(end + self.rest(end).find('\n')?, last + line.len());
                let (parts, _) = self.parts(from, last, &style);
                return Some(token(Kind::Text(parts, quote == Some('`')), at, end));
            }
            last += line.len();
        }
        self.endless += 1;
        None
    }

    fn powershell(&self, at: usize, rest: &str) -> Option<Token> {
        let plain = |close| Style { close, escape: None, holes: false, doubles: true, lines: true };
        let filled = |close| Style { escape: Some('`'), holes: true, ..plain(close) };
        for (open, close, is_filled) in [("@'", "\n'@", false), ("@\"", "\n\"@", true)] {
            let line =
                rest.strip_prefix(open).map(|behind| behind.trim_start_matches([' ', '\t', '\r']));
            if let Some(line) = line.filter(|line| line.starts_with('\n')) {
                let style = if is_filled { filled(close) } else { plain(close) };
                let style = Style { doubles: false, ..style };
                let from = at + rest.len() - line.len() + 1;
                return Some(self.quoted(at, from, &style, false));
            }
        }
        match rest.as_bytes().first()? {
            b'\'' => Some(self.quoted(at, at + 1, &plain("'"), false)),
            b'"' => Some(self.quoted(at, at + 1, &filled("\""), false)),
            _ => None,
        }
    }
}
