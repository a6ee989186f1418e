//! Which names a program may write otherwise than by a plain assignment, told from its tokens alone: more rather than fewer. What they hold is not
//! known.
//!
//! Sources: *The Python Language Reference*, `global`, `nonlocal`, *Assignment expressions*; the Ruby documentation, methods that end in `!`; Microsoft's
//! PowerShell documentation, `about_Scopes`, *Set-Variable*.

use std::collections::BTreeSet;

use super::language::Program;
use super::lexer::Lexer;
use super::token::{Kind, Token};

/// Methods that leave what they are called on as it is; any other may change it.
const PURE: [&str; 62] = [
    "any?",
    "append_path",
    "capitalize",
    "chomp",
    "contains",
    "containskey",
    "copy",
    "count",
    "decode",
    "dig",
    "downcase",
    "each",
    "each_key",
    "each_pair",
    "each_value",
    "each_with_index",
    "empty?",
    "encode",
    "endswith",
    "enumerate",
    "environ",
    "exists",
    "fetch",
    "find",
    "first",
    "format",
    "freeze",
    "get",
    "getenumerator",
    "gsub",
    "has_key?",
    "include?",
    "index",
    "item",
    "items",
    "join",
    "key?",
    "keys",
    "last",
    "length",
    "lower",
    "lstrip",
    "map",
    "merge",
    "path",
    "replace",
    "rstrip",
    "select",
    "size",
    "sort",
    "split",
    "startswith",
    "strip",
    "sub",
    "title",
    "to_h",
    "to_s",
    "to_sym",
    "tolower",
    "toupper",
    "upcase",
    "upper",
];

/// Functions behind which nothing is known, by the language.
fn wild(language: Program) -> &'static [&'static str] {
    match language {
        Program::Python => &["eval", "exec", "setattr"],
        Program::Ruby => &["binding", "class_eval", "eval", "instance_eval"],
        Program::PowerShell => &["set-variable", "new-variable"],
    }
}

/// What a program does to its names.
#[derive(Default)]
pub struct Writes {
    names: BTreeSet<String>,
    is_wild: bool,
}

impl Writes {
    /// Looks through a program.
    pub fn of(language: Program, text: &str) -> Self {
        let mut lexer = Lexer::new(language, text);
        let mut writes = Self::default();
        if language == Program::PowerShell {
            // Names of commands are words with signs between.
            let lower = text.to_ascii_lowercase();
            writes.is_wild = wild(language).iter().any(|name| lower.contains(name));
        }
        // The names of what brackets are open behind, and of the item that was written last.
        let mut open: Vec<&str> = Vec::new();
        let mut item = "";
        // The last three words or signs, and whether a line is one of declarations.
        let mut last: [&str; 3] = [""; 3];
        let mut declares = false;
        let mut at = 0;
        loop {
            let Token { kind, at: place } = lexer.token(at);
            if kind == Kind::End {
                return writes;
            }
            at = place.end.max(at + 1);
            let is_spelt = matches!(kind, Kind::Word | Kind::Sign);
            let word = if is_spelt { text.get(place.clone()).unwrap_or_default() } else { "" };
            if kind == Kind::Line {
                declares = false;
            }
            match word {
                "[" => open.push(last[2]),
                "]" => {
                    let name = open.pop().unwrap_or_default();
                    // Of `a[b][c]` it is that of the first.
                    item = if name == "]" { item } else { name };
                }
                "=" if last[2] == "]" => writes.add(item),
                _ => {}
            }
            match language {
                Program::Python if declares => writes.add(word),
                Program::Python if matches!(word, "global" | "nonlocal") => declares = true,
                Program::Python if word == ":=" => writes.add(last[2]),
                Program::Python if word == "=" && last[2] == ":" => writes.add(last[1]),
                Program::Ruby if word == "<<" => writes.add(last[2]),
                Program::Ruby if word == "<" && last[2] == "<" => writes.add(last[1]),
                Program::PowerShell => writes.add_scoped(word),
                _ => {}
            }
            let is_method = |one: &str| one.chars().any(char::is_alphanumeric);
            let marks = text.get(place.end..).unwrap_or_default();
            // `!` and `?` of Ruby's methods are signs behind them.
            let mark = if language == Program::Ruby { marks.chars().next() } else { None };
            let method = match mark.filter(|mark| matches!(mark, '!' | '?')) {
                Some(mark) => format!("{word}{mark}"),
                None => word.to_ascii_lowercase(),
            };
            let calls = language == Program::Ruby || marks.starts_with('(');
            if last[2] == "." && calls && is_method(word) && !PURE.contains(&method.as_str())
                || language == Program::Ruby && method == "replace" && last[2] == "."
            {
                writes.add(last[1]);
            }
            let is_called = language != Program::Python || marks.trim_start().starts_with('(');
            writes.is_wild |= last[2] != "." && is_called && wild(language).contains(&word);
            last = [last[1], last[2], word];
        }
    }

    /// Whether a name may hold something else than what it was given.
    pub fn may_change(&self, name: &str) -> bool {
        self.is_wild || self.names.contains(name)
    }

    fn add(&mut self, word: &str) {
        let name = word.trim_start_matches('$');
        let is_variable = word.starts_with('$');
        if name.starts_with(|first: char| first.is_alphabetic() || "_@".contains(first)) {
            let name = if is_variable { name.to_ascii_lowercase() } else { name.to_owned() };
            self.names.insert(name);
        }
    }

    /// A variable of another scope: `$script:space`.
    fn add_scoped(&mut self, word: &str) {
        let lower = word.trim_start_matches('$').to_ascii_lowercase();
        if let Some((scope, name)) = lower.split_once(':').filter(|_| word.starts_with('$'))
            && matches!(scope, "script" | "global" | "private" | "using")
        {
            self.names.extend([name.to_owned(), lower.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_written_behind_the_back_of_an_assignment_is_told() {
        for (language, text) in [
            (Program::Python, "global s\n"),
            (Program::Python, "nonlocal a, s\n"),
            (Program::Python, "if (s := 'x'):\n"),
            (Program::Python, "s.update({'a': 'b'})\n"),
            (Program::Python, "exec('s = 1')\n"),
            (Program::Python, "s['a']['b'] = 'c'\n"),
            (Program::Ruby, "s.merge!('a' => 'b')\n"),
            (Program::Ruby, "s.replace 'b'\n"),
            (Program::Ruby, "s << 'b'\n"),
            (Program::Ruby, "eval('s = 1')\n"),
            (Program::PowerShell, "$script:S = 'x'\n"),
            (Program::PowerShell, "Set-Variable -Name s -Value 'x'\n"),
            (Program::PowerShell, "$S.Add('a', 'b')\n"),
        ] {
            assert!(Writes::of(language, text).may_change("s"), "{text}");
        }
        for (language, text) in [
            (Program::Python, "s = 'x'\nrun(s.get('a'), s.items(), s[1:2])\n"),
            (Program::Python, "c.exec('x')\nx = s['a'] == s['b']\n"),
            (Program::Ruby, "s = 'x'\nsh s.fetch(:a)\ns.each { |a| b }\nexec 'x'\n"),
            (Program::PowerShell, "$s = 'x'\n$s.Keys\n$s.ContainsKey('a')\n"),
        ] {
            assert!(!Writes::of(language, text).may_change("s"), "{text}");
        }
    }
}
