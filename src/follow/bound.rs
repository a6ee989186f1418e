//! What a variable of a script's own was given where a hole of a template is put in: `id="${{ inputs.space }}"`, of which a command behind it
//! takes `"$id"`.
//!
//! What a script gives its variables as a text, its reader knows. Here the last assignment counts that surely ran before, by its indentation:
//! no line between the two stands further out.

use crate::source::{Source, Span};

/// How many variables may be given each other.
const MOST_STEPS: usize = 4;

/// How far back an assignment is looked for, in lines.
const MOST_LINES: usize = 400;

/// The place of the hole that a variable at a place was given; the place itself where it is no variable, or nothing tells.
#[must_use]
pub fn origin(source: &Source, span: Span) -> Span {
    let mut at = span;
    for _ in 0..MOST_STEPS {
        let Some(name) = variable(source.slice(at)) else { break };
        let Some(given) = assigned(source.text(), at.range().start, name) else { break };
        at = given;
    }
    if variable(source.slice(at)).is_some() { span } else { at }
}

/// The name of the variable that is written: `$id`, `"${id}"`.
fn variable(written: &str) -> Option<&str> {
    let inner = written.trim_matches(['"', '\'']).strip_prefix('$')?;
    let name = inner.strip_prefix('{').map_or(Some(inner), |inner| inner.strip_suffix('}'))?;
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_name = name.bytes().all(is_of_name) && name.starts_with(|c: char| !c.is_ascii_digit());
    is_name.then_some(name)
}

/// Where the hole stands that a variable was last given before a place.
fn assigned(text: &str, before: usize, name: &str) -> Option<Span> {
    let start = text.get(..before)?.rfind('\n').map_or(0, |at| at + 1);
    let mut outermost = indentation(text.get(start..)?.lines().next()?);
    let mut end = start;
    for _ in 0..MOST_LINES {
        let above = text.get(..end.checked_sub(1)?)?;
        let from = above.rfind('\n').map_or(0, |at| at + 1);
        let line = above.get(from..)?;
        end = from;
        if line.trim().is_empty() {
            continue;
        }
        let own = indentation(line);
        if let Some(range) = value(line, name) {
            let is_hole = line.get(range.clone())?.contains(['{', '$', '`']);
            return (own <= outermost && is_hole)
                .then(|| Span::new(from + range.start, from + range.end));
        }
        outermost = outermost.min(own);
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// What a line gives a variable, if it does nothing else: `export id="…"`.
fn value(line: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let mut rest = line.trim_start();
    for word in ["export ", "local ", "readonly ", "declare ", "- "] {
        rest = rest.strip_prefix(word).map_or(rest, str::trim_start);
    }
    let value = rest.strip_prefix(name)?.strip_prefix('=')?.trim_end();
    let start = line.trim_end().len() - value.len();
    Some(start..start + value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the last `$id` of a script stands for.
    fn found(script: &str) -> String {
        let source = Source::new("x.sh".to_owned(), script.as_bytes().to_vec());
        let at = script.rfind("\"$id\"").expect("it takes the variable");
        source.slice(origin(&source, Span::new(at, at + 5))).to_owned()
    }

    #[test]
    fn a_variable_is_what_it_was_given_before() {
        for (script, expected) in [
            ("id=\"${{ env.X }}\"\nset \"$id\"\n", "\"${{ env.X }}\""),
            ("  export id={{ x }}\n\n  if a; then\n    set \"$id\"\n", "{{ x }}"),
            ("a=${var.x}\nid=$a\nset \"$id\"\n", "${var.x}"),
            ("  if a; then\n    id={{ x }}\n  fi\n  set \"$id\"\n", "\"$id\""),
            ("f() {\n  id={{ x }}\n}\ng() {\n  set \"$id\"\n}\n", "\"$id\""),
            ("    id={{ x }}\n- run: |\n    set \"$id\"\n", "\"$id\""),
            ("id={{ x }}\nid=none\nset \"$id\"\n", "\"$id\""),
            ("id=$id\nset \"$id\"\n", "\"$id\""),
            ("my_id={{ x }}\nset \"$id\"\n", "\"$id\""),
        ] {
            assert_eq!(found(script), expected, "{script}");
        }
    }
}
