//! Lines of a crontab: the command behind the times, and behind the user in a system's own.
//!
//! Source: crontab(5). A line of five fields of times is no command of a shell.

use std::borrow::Cow;

use super::mask::Mask;

/// Words with which commands begin: a name in front of one is a user's.
const STARTING: [&str; 10] =
    ["cd", "php", "flock", "nice", "ionice", "env", "bash", "sh", "timeout", "test"];

/// The names of months and days.
const NAMES: [&str; 19] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon",
    "tue", "wed", "thu", "fri", "sat", "sun",
];

/// A script in which the times and users of crontab's lines are blanks, at the same length.
pub fn masked(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| times(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut mask = Mask::of(text);
    mask.show(0..text.len());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(end) = times(line) {
            let end = end + user(line.get(end..).unwrap_or_default());
            mask.cut(start..start + end);
        }
        start += line.len();
    }
    Cow::Owned(mask.finish())
}

/// How long the times at the start of a line are; none where it starts with none.
fn times(line: &str) -> Option<usize> {
    let lead = line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut at = lead;
    let named = line.get(lead..)?.strip_prefix('@');
    let fields = if named.is_some() { 1 } else { 5 };
    for _ in 0..fields {
        let rest = line.get(at..)?;
        let length = rest.find([' ', '\t'])?;
        let field = rest.get(..length)?;
        let is_of_time = |letter: char| letter.is_ascii_alphanumeric() || "*/,-".contains(letter);
        let is_named = field
            .get(..3)
            .is_some_and(|name| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)));
        let is_time =
            is_named || field.starts_with(|first: char| first == '*' || first.is_ascii_digit());
        let is_name = ["@hourly", "@daily", "@weekly", "@monthly", "@reboot", "@midnight"];
        if !(is_name.contains(&field) || is_time && field.chars().all(is_of_time)) {
            return None;
        }
        let behind = rest.get(length..)?;
        at += length + behind.len() - behind.trim_start_matches([' ', '\t']).len();
    }
    Some(at)
}

/// How long the name of a user is, with the blanks behind it.
fn user(line: &str) -> usize {
    let length = line.find([' ', '\t']).unwrap_or(line.len());
    let (name, behind) = line.split_at(length);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let next = behind.split_ascii_whitespace().next().unwrap_or_default();
    let starts = |word: &str| STARTING.contains(&word) || word.starts_with(['/', '[']);
    let is_user = !name.is_empty() && name.chars().all(is_name) && !starts(name) && starts(next);
    if is_user { line.len() - behind.trim_start_matches([' ', '\t']).len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_users_are_blanks() {
        for (line, command) in [
            ("* * * * * cd /srv && x", "cd /srv && x"),
            ("*/5 0-6 1,15 * 1 php bin/magento cron:run", "php bin/magento cron:run"),
            ("0 3 * * * www-data cd /srv && x", "cd /srv && x"),
            ("@daily root /usr/bin/php x", "/usr/bin/php x"),
            ("0 3 * jan mon-fri root cd /srv && x", "cd /srv && x"),
            ("A=b", "A=b"),
            ("# * * * * * x", "# * * * * * x"),
            ("echo * * * * *", "echo * * * * *"),
        ] {
            let masked = masked(line);
            assert_eq!(masked.trim_start_matches(['\0', ' ']), command);
            assert_eq!(masked.len(), line.len());
        }
    }
}
