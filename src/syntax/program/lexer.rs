//! Text of a program → its words, signs and texts, one at a time.
//!
//! Sources: *The Python Language Reference*, *Lexical analysis*; the Ruby documentation, *Literals*; Microsoft's PowerShell documentation,
//! *about_Quoting_Rules*, *about_Special_Characters*. A text that is never closed ends with the file.

use std::collections::BTreeMap;

use super::Program;
use super::tree::At;

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a number; its sign belongs to it: `@name`, `$env:NAME`.
    Word,
    /// One or two characters that mean something.
    Sign,
    /// A text, with whether it is run: one in backticks.
    Text(Vec<Lexed>, bool),
    /// The end of a line, or of a statement.
    Line,
    /// The end of the file.
    End,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lexed {
    /// What is written, with the escapes read.
    Plain(String, At),
    /// The place of what is put in, and that of the code in it.
    Hole(At, At),
}

/// A word, sign or text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub at: At,
}

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

/// How many here-documents are looked for that end nowhere.
const MAX_ENDLESS: usize = 32;

/// How a text is written.
struct Style<'s> {
    close: &'s str,
    /// What escapes the next character.
    escape: Option<char>,
    holes: bool,
    /// Whether the mark that closes stands for itself where it is doubled.
    doubles: bool,
    lines: bool,
}

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
        const DOUBLE: [&str; 17] = [
            "==", "!=", "=>", "<=", ">=", "&&", "||", "**", "//", "->", "::", "&.", "@{", "@(",
            "?.", "+=", "$(",
        ];
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
                if is_symbol && !before.is_some_and(|letter| letter.is_alphanumeric()) {
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

    fn quoted(&self, at: usize, from: usize, style: &Style<'_>, runs: bool) -> Token {
        let (parts, end) = self.parts(from, self.end, style);
        token(Kind::Text(parts, runs), at, end)
    }

    /// The parts of a text from a place on, and where it ends.
    fn parts(&self, from: usize, end: usize, style: &Style<'_>) -> (Vec<Lexed>, usize) {
        let mut parts: Vec<Lexed> = Vec::new();
        let mut at = from;
        while let Some(first) = self.text.get(at..end).and_then(|rest| rest.chars().next()) {
            let rest = self.text.get(at..end).unwrap_or_default();
            let width = first.len_utf8();
            if !style.close.is_empty() && rest.starts_with(style.close) {
                if style.doubles
                    && rest
                        .get(style.close.len()..)
                        .is_some_and(|behind| behind.starts_with(style.close))
                {
                    add(&mut parts, style.close, at..at + 2 * style.close.len());
                    at += 2 * style.close.len();
                    continue;
                }
                return (parts, at + style.close.len());
            }
            if first == '\n' && !style.lines {
                return (parts, at);
            }
            if style.escape == Some(first) {
                let length = self.escape(rest, style, at, &mut parts);
                at += length;
                continue;
            }
            match self.hole(rest, style) {
                Some(Hole::Mark(text, length)) => {
                    add(&mut parts, text, at..at + length);
                    at += length;
                }
                Some(Hole::Code(lead, inner, length)) => {
                    parts.push(Lexed::Hole(at..at + length, at + lead..at + lead + inner));
                    at += length;
                }
                None => {
                    add(&mut parts, rest.get(..width).unwrap_or_default(), at..at + width);
                    at += width;
                }
            }
        }
        (parts, end)
    }

    /// Reads an escape; returns its length.
    fn escape(&self, rest: &str, style: &Style<'_>, at: usize, parts: &mut Vec<Lexed>) -> usize {
        let Some(next) = rest.chars().nth(1) else { return 1 };
        let length = 1 + next.len_utf8();
        let place = at..at + length;
        let is_plain_ruby = self.language == Program::Ruby && !style.holes;
        if is_plain_ruby && !matches!(next, '\\' | '\'') {
            add(parts, "\\", at..at + 1);
            return 1;
        }
        match next {
            '\n' => {}
            'n' if !is_plain_ruby => add(parts, "\n", place),
            't' if !is_plain_ruby => add(parts, "\t", place),
            'r' if !is_plain_ruby => add(parts, "\r", place),
            'x' | 'u' | 'U' | 'N' | '0'..='7' => {
                parts.push(Lexed::Hole(place.clone(), place.end..place.end))
            }
            'a'..='z' if self.language == Program::Python => {
                add(parts, rest.get(..length).unwrap_or_default(), place);
            }
            next => add(parts, next.encode_utf8(&mut [0; 4]), place),
        }
        length
    }

    fn hole(&self, rest: &str, style: &Style<'_>) -> Option<Hole> {
        if !style.holes {
            return None;
        }
        match self.language {
            Program::Python => {
                if rest.starts_with("{{") || rest.starts_with("}}") {
                    return Some(Hole::Mark(if rest.starts_with('{') { "{" } else { "}" }, 2));
                }
                let inner = closing(rest.strip_prefix('{')?, '{', '}')?;
                let code = rest.get(1..=inner)?;
                // What formats a value changes it: such a hole has no code that could be followed.
                let is_kept = !code.contains(['!', ':', '=']) || code.contains(['[', '(']);
                Some(Hole::Code(1, if is_kept { inner } else { 0 }, inner + 2))
            }
            Program::Ruby => {
                let inner = closing(rest.strip_prefix("#{")?, '{', '}')?;
                Some(Hole::Code(2, inner, inner + 3))
            }
            Program::PowerShell => {
                let behind = rest.strip_prefix('$')?;
                if let Some(code) = behind.strip_prefix('(') {
                    let inner = closing(code, '(', ')')?;
                    return Some(Hole::Code(2, inner, inner + 3));
                }
                if let Some(name) = behind.strip_prefix('{') {
                    let inner = name.find('}')?;
                    return Some(Hole::Code(0, inner + 3, inner + 3));
                }
                let length = word(self.language, rest);
                // `"$name:"` names no drive.
                let length = if rest.get(..length)?.ends_with(':') { length - 1 } else { length };
                (length > 1).then_some(Hole::Code(0, length, length))
            }
        }
    }
}

/// What is put into a text.
enum Hole {
    /// A mark that stands for itself where it is doubled, with its length.
    Mark(&'static str, usize),
    /// Code: how far before it begins, how long it is, and how long all of it.
    Code(usize, usize, usize),
}

/// How far code goes at most that is put into a text.
const MAX_CODE: usize = 2_000;

/// Where a bracket closes, other brackets and quotes within counted.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < MAX_CODE) {
        match (letter, quote) {
            (_, Some(mark)) if letter == mark => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(letter),
            (letter, None) if letter == open => depth += 1,
            (letter, None) if letter == close && depth == 0 => return Some(at),
            (letter, None) if letter == close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Adds what is written: to the part before it, where both stand as they are written.
fn add(parts: &mut Vec<Lexed>, text: &str, at: At) {
    if let Some(Lexed::Plain(known, place)) = parts.last_mut()
        && place.end == at.start
        && known.len() == place.len()
        && text.len() == at.len()
    {
        known.push_str(text);
        place.end = at.end;
    } else {
        parts.push(Lexed::Plain(text.to_owned(), at));
    }
}

fn token(kind: Kind, start: usize, end: usize) -> Token {
    Token { kind, at: start..end }
}

/// How long the name is that a text begins with.
pub fn word(language: Program, text: &str) -> usize {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let sign = match (language, text.as_bytes().first()) {
        (Program::Ruby, Some(b'@')) => text.len() - text.trim_start_matches('@').len(),
        (Program::Ruby, Some(b'$')) => 1,
        (Program::PowerShell, Some(b'$')) if text.starts_with("${") => {
            return text.find('}').map_or(0, |end| end + 1);
        }
        (Program::PowerShell, Some(b'$')) => 1,
        (Program::PowerShell, Some(b'-')) => {
            let operator = text.get(1..).unwrap_or_default();
            let is_letter = operator.starts_with(|first: char| first.is_ascii_alphabetic());
            usize::from(is_letter)
        }
        _ => 0,
    };
    let rest = text.get(sign..).unwrap_or_default();
    let mut length = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
    let behind = rest.get(length..).unwrap_or_default();
    if language == Program::PowerShell
        && sign == 1
        && text.starts_with('$')
        && behind.starts_with(':')
    {
        let name = behind.get(1..).unwrap_or_default();
        let more = name.find(|letter| !is_of_word(letter)).unwrap_or(name.len());
        length += if more > 0 { more + 1 } else { 0 };
    }
    if language == Program::Ruby
        && length > 0
        && behind.starts_with(['?', '!'])
        && !behind.starts_with("!=")
    {
        length += 1;
    }
    if length == 0 { 0 } else { sign + length }
}
