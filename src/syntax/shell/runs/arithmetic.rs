//! What `(( … ))` comes to: whole numbers, variables, comparisons.
//!
//! Source: the Bash manual, *Shell Arithmetic*.

use super::symbol::{State, text};
use crate::syntax::shell::word::name_length;

/// How deep parentheses nest.
const MAX_DEPTH: usize = 16;

/// Binary operators by how weakly they bind, the longer ones first.
const OPERATORS: [&[&str]; 6] =
    [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// The number that an expression comes to; none where only running the script would tell.
pub fn number(written: &str, state: &State) -> Option<i64> {
    let mut reader = Reader { rest: written, state, depth: 0 };
    let number = reader.binary(0)?;
    reader.rest.trim_start().is_empty().then_some(number)
}

/// The variables that an expression assigns.
pub fn assigned(written: &str) -> Vec<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let changes = written.replace("==", "  ").replace("!=", "  ").replace("<=", "  ");
    if !changes.replace(">=", "  ").contains('=')
        && !changes.contains("++")
        && !changes.contains("--")
    {
        return Vec::new();
    }
    let words = written.split(|letter: char| !is_name(letter));
    words.filter(|word| name_length(word) > 0).map(str::to_owned).collect()
}

struct Reader<'t> {
    rest: &'t str,
    state: &'t State,
    depth: usize,
}

impl Reader<'_> {
    fn binary(&mut self, level: usize) -> Option<i64> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        loop {
            let rest = self.rest.trim_start();
            let sign = operators.iter().find(|sign| rest.starts_with(**sign));
            let Some(sign) = sign else { return Some(left) };
            self.rest = rest.get(sign.len()..)?;
            // What assigns is no comparison.
            if self.rest.starts_with('=') {
                return None;
            }
            let right = self.binary(level + 1)?;
            left = match *sign {
                "||" => i64::from(left != 0 || right != 0),
                "&&" => i64::from(left != 0 && right != 0),
                "==" => i64::from(left == right),
                "!=" => i64::from(left != right),
                "<=" => i64::from(left <= right),
                ">=" => i64::from(left >= right),
                "<" => i64::from(left < right),
                ">" => i64::from(left > right),
                "+" => left.checked_add(right)?,
                "-" => left.checked_sub(right)?,
                "*" => left.checked_mul(right)?,
                "/" => left.checked_div(right)?,
                _ => left.checked_rem(right)?,
            };
        }
    }

    fn unary(&mut self) -> Option<i64> {
        self.depth += 1;
        let known = if self.depth > MAX_DEPTH { None } else { self.operand() };
        self.depth -= 1;
        known
    }

    fn operand(&mut self) -> Option<i64> {
        let rest = self.rest.trim_start();
        let first = rest.chars().next()?;
        match first {
            '!' => {
                self.rest = rest.get(1..)?;
                self.unary().map(|number| i64::from(number == 0))
            }
            '-' => {
                self.rest = rest.get(1..)?;
                self.unary()?.checked_neg()
            }
            '(' => {
                self.rest = rest.get(1..)?;
                let inner = self.binary(0)?;
                self.rest = self.rest.trim_start().strip_prefix(')')?;
                Some(inner)
            }
            '0'..='9' => {
                let length = rest.bytes().take_while(u8::is_ascii_digit).count();
                let (digits, behind) = rest.split_at_checked(length)?;
                self.rest = behind;
                // `010` is octal.
                (length == 1 || !digits.starts_with('0')).then(|| digits.parse().ok())?
            }
            _ => {
                let bare = rest.strip_prefix('$').unwrap_or(rest);
                let bare = bare.strip_prefix('{').unwrap_or(bare);
                let length = name_length(bare)
                    .max(usize::from(bare.starts_with(|first: char| first.is_ascii_digit())));
                let (name, behind) = bare.split_at_checked(length).filter(|_| length > 0)?;
                self.rest = behind.strip_prefix('}').unwrap_or(behind);
                let held = text(&self.state.get(name))?;
                if held.is_empty() { Some(0) } else { held.parse().ok() }
            }
        }
    }
}
