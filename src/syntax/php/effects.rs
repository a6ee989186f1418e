//! Which variables a piece of code may write, told from its tokens alone: more rather than fewer.

use std::collections::BTreeSet;

use super::lexer::{Kind, Lexer, Token};

/// What may stand before a parenthesis whose content stays as it is: keywords, and functions that take no argument by reference.
const PURE: &[&str] = &[
    "abs",
    "and",
    "array",
    "array_combine",
    "array_diff",
    "array_diff_key",
    "array_fill",
    "array_fill_keys",
    "array_filter",
    "array_flip",
    "array_intersect",
    "array_intersect_key",
    "array_is_list",
    "array_key_exists",
    "array_key_first",
    "array_key_last",
    "array_keys",
    "array_map",
    "array_merge",
    "array_merge_recursive",
    "array_replace",
    "array_replace_recursive",
    "array_reverse",
    "array_search",
    "array_slice",
    "array_unique",
    "array_values",
    "base64_decode",
    "base64_encode",
    "basename",
    "boolval",
    "catch",
    "constant",
    "count",
    "declare",
    "define",
    "defined",
    "die",
    "dirname",
    "echo",
    "else",
    "elseif",
    "empty",
    "error_log",
    "exit",
    "explode",
    "file_exists",
    "file_get_contents",
    "file_put_contents",
    "filter_var",
    "fn",
    "for",
    "foreach",
    "function",
    "function_exists",
    "getenv",
    "gettype",
    "hash",
    "header",
    "if",
    "implode",
    "in_array",
    "ini_set",
    "intval",
    "is_array",
    "is_bool",
    "is_dir",
    "is_file",
    "is_int",
    "is_null",
    "is_numeric",
    "is_readable",
    "is_string",
    "isset",
    "join",
    "json_decode",
    "json_encode",
    "key_exists",
    "ltrim",
    "match",
    "max",
    "md5",
    "min",
    "or",
    "parse_url",
    "print",
    "print_r",
    "putenv",
    "realpath",
    "return",
    "rtrim",
    "serialize",
    "sha1",
    "sprintf",
    "str_contains",
    "str_ends_with",
    "str_repeat",
    "str_starts_with",
    "strcmp",
    "strlen",
    "strpos",
    "strtolower",
    "strtoupper",
    "strval",
    "substr",
    "switch",
    "trim",
    "ucfirst",
    "use",
    "var_dump",
    "var_export",
    "while",
    "xor",
];

/// Words that make their statement one that writes.
const WRITERS: &[&str] = &["as", "catch", "global", "list", "static", "unset"];

/// Functions and words behind which no variable is known.
const WILD: &[&str] = &["eval", "extract", "goto", "mb_parse_str", "parse_str"];

/// What code anywhere in a file does to its variables.
#[derive(Debug, Default)]
pub(super) struct Aliases<'a> {
    /// Those that something else may change as well.
    pub names: BTreeSet<&'a str>,
    /// Whether any of them may be.
    pub all: bool,
}

impl<'a> Aliases<'a> {
    /// Looks for references and for writes by computed names.
    pub(super) fn of(text: &'a str, outside: bool) -> Self {
        let words = ["&", "$$", "${", "$GLOBALS", "global"];
        let mut found = Self::default();
        let lower = text.to_ascii_lowercase();
        if !words.iter().any(|word| text.contains(word)) && !WILD.iter().any(|w| lower.contains(w))
        {
            return found;
        }
        let mut lexer = Lexer::new(text, outside);
        let mut names = Vec::new();
        let mut aliased = false;
        let mut before = [Kind::Mark(b';'); 2];
        let mut word = "";
        loop {
            let token = lexer.next();
            let slice = text.get(token.start..token.end).unwrap_or_default();
            match token.kind {
                Kind::Variable if slice == "$GLOBALS" => found.all = true,
                Kind::Variable => {
                    // `Type &$x`
                    aliased |= before == [Kind::Word, Kind::Mark(b'&')];
                    names.push(slice);
                }
                Kind::Mark(b'$') => found.all = true,
                Kind::Mark(b'&') if starts_value(before[1], word) => aliased = true,
                Kind::Word if !matches!(before[1], Kind::Member | Kind::Access) => {
                    word = slice;
                    aliased |= is_one_of(slice, &["global"]);
                    found.all |= is_one_of(slice, WILD);
                }
                _ => {}
            }
            if matches!(token.kind, Kind::Mark(b';' | b'{' | b'}') | Kind::Eof) {
                if aliased {
                    found.names.extend(names.iter().copied());
                }
                names.clear();
                aliased = false;
            }
            if token.kind == Kind::Eof {
                return found;
            }
            before = [before[1], token.kind];
        }
    }
}

/// Whether an `&` behind this is a reference rather than an operator.
fn starts_value(before: Kind, word: &str) -> bool {
    match before {
        Kind::Mark(mark) => b"=([,{;".contains(&mark),
        Kind::Arrow => true,
        Kind::Word => is_one_of(word, &["as", "fn", "function", "use", "return"]),
        _ => false,
    }
}

/// The variables that the code between two places may write.
pub(super) fn written(text: &str, start: usize, end: usize) -> Vec<&str> {
    let mut lexer = Lexer::within(text, start, end);
    let mut written = Vec::new();
    let mut names = Vec::new();
    let mut writes = false;
    // Whether what stands in each open parenthesis may be taken by reference.
    let mut parentheses = Vec::new();
    let nothing = Kind::Mark(b';');
    let (mut before, mut last): (Kind, Option<Token>) = (nothing, None);
    loop {
        let token = lexer.next();
        let slice = text.get(token.start..token.end).unwrap_or_default();
        let word = last.and_then(|last| text.get(last.start..last.end)).unwrap_or_default();
        let kind = last.map_or(nothing, |last| last.kind);
        match token.kind {
            Kind::Variable => {
                let is_argument =
                    matches!(kind, Kind::Mark(b'(' | b',' | b':' | b'&') | Kind::Spread);
                if is_argument && parentheses.last() == Some(&true) {
                    written.push(slice);
                }
                names.push(slice);
            }
            Kind::Mark(b'(') => parentheses.push(match kind {
                Kind::Word if matches!(before, Kind::Member | Kind::Access) => true,
                Kind::Word => !is_one_of(word.trim_start_matches('\\'), PURE),
                Kind::Variable | Kind::Mark(b')' | b']' | b'}') => true,
                _ => false,
            }),
            Kind::Mark(b')') => drop(parentheses.pop()),
            Kind::Mark(b'=') => writes = true,
            Kind::Operator => writes |= assigns(slice),
            Kind::Word => writes |= is_one_of(slice, WRITERS),
            _ => {}
        }
        if matches!(token.kind, Kind::Mark(b';' | b'{' | b'}') | Kind::Eof) {
            if writes {
                written.append(&mut names);
            }
            names.clear();
            writes = false;
        }
        if token.kind == Kind::Eof {
            return written;
        }
        (before, last) = (kind, Some(token));
    }
}

/// Whether an operator writes what stands beside it.
pub(super) fn assigns(operator: &str) -> bool {
    let compares = ["==", "!=", "===", "!==", "<=", ">="];
    matches!(operator, "++" | "--") || operator.ends_with('=') && !compares.contains(&operator)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}
