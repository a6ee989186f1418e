//! The list of all rules as a terminal shows it.

use std::fmt::Write as _;

use super::paint::Style;
use super::wrapping::wrapped;

/// In fewer columns a summary stands below its rule.
const NARROW: usize = 80;

/// Draws the lines of a list in so many columns: each has an id, a severity and a summary, of which the last is wrapped.
#[must_use]
pub fn listed(lines: &str, width: usize, color: bool) -> String {
    let rows = lines.lines().filter_map(|line| {
        let (id, rest) = line.split_once(' ')?;
        let (severity, summary) = rest.trim_start().split_once(' ')?;
        Some((id, severity, summary.trim_start()))
    });
    let longest = |of: fn((&str, &str)) -> usize| {
        rows.clone().map(|(id, severity, _)| of((id, severity))).max().unwrap_or_default()
    };
    let (ids, severities) = (longest(|(id, _)| id.len()), longest(|(_, severity)| severity.len()));
    let mut out = String::new();
    for (id, severity, summary) in rows {
        let style = match severity {
            "error" => Style::Red,
            "warning" => Style::Yellow,
            _ => Style::Dim,
        };
        let (bold, painted) = (Style::Bold.paint(color, id), style.paint(color, severity));
        let indent = if width < NARROW {
            let _ = write!(out, "{bold} {painted}\n    ");
            4
        } else {
            let (gap, end) = (ids + 2 - id.len(), severities + 2 - severity.len());
            let _ = write!(out, "{bold}{:gap$}{painted}{:end$}", "", "");
            ids + severities + 4
        };
        let text = wrapped(summary, width.saturating_sub(indent).max(20), color);
        out += &text.trim_end().replace('\n', &format!("\n{:indent$}", ""));
        out += "\n";
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_wrapped_beside_its_rules_or_below_them() {
        let (start, other) = ("some-rule  error    ", "other      warning  Two.\n");
        let text = "One two three four five six seven eight nine ten and";
        let list = format!("{start}{text} `eleven`.\n{other}");
        let beside = format!("{start}{text}\n{:20}`eleven`.\n{other}", "");
        assert_eq!(listed(&list, 80, false), beside);
        assert_eq!(listed(&list, 200, false), list);
        assert!(listed(&list, 40, false).starts_with("some-rule error\n    One two three"));
    }
}
