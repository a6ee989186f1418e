//! Reads Rust as far as names go: no comments, no texts, no test modules.

/// The names that follow a prefix, those in braces included.
pub fn after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in words(code, prefix) {
        let Some(group) = rest.strip_prefix('{') else {
            names.push(name_at(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (index, c) in group.char_indices() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && !c.is_whitespace() => {
                    names.push(name_at(group.get(index..).unwrap_or_default()));
                    start = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What follows each occurrence of a name that is not the middle of a longer one.
pub fn words<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).filter_map(move |(at, _)| {
        let (before, rest) = (code.get(..at)?, code.get(at + name.len()..)?);
        let starts = !before.ends_with(is_part) && !before.ends_with("::") || name.contains("::");
        let ends = !name.ends_with(is_part) || !rest.starts_with(is_part);
        (starts && !before.ends_with(is_part) && ends).then_some(rest)
    })
}

/// Rust without comments, without what stands in quotes, and without its test module.
pub fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            'r' if rest.starts_with("r#\"") => rest.find("\"#").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest, '"'),
            '\'' if rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'') => {
                quoted(rest, '\'')
            }
            _ => 0,
        };
        if skipped == 0 {
            code.push(c);
        }
        rest = rest.get(skipped.max(c.len_utf8())..).unwrap_or_default();
    }
    code
}

/// The length of a quoted text, quotes included.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}
