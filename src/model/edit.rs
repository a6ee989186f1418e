//! What a script does to the rows of a database that is there already.

use super::instance::Kind;
use super::parameter::Parameter;
use crate::source::Location;

/// The paths of a shop's own addresses.
pub const BASE_URLS: [&str; 2] = ["web/secure/base_url", "web/unsecure/base_url"];

/// What happens to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// They get a value.
    Set,
    /// They get an empty value.
    Blank,
    /// They are deleted.
    Delete,
}

/// Which rows of `core_config_data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those of one config path.
    Path(String),
    /// Those of the paths that a pattern of `LIKE` matches.
    Like(String),
    /// All, or nothing says which.
    Any,
}

impl Rows {
    /// Whether the rows of a config path can be among them.
    #[must_use]
    pub fn touch(&self, path: &str) -> bool {
        match self {
            Self::Path(own) => own.eq_ignore_ascii_case(path),
            Self::Like(pattern) => matches(pattern.as_bytes(), path.as_bytes()),
            Self::Any => true,
        }
    }
}

/// One change of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The change.
    pub change: RowChange,
    /// The rows.
    pub rows: Rows,
    /// The host of the shop's new address, where that is what is written.
    pub host: Option<String>,
    /// What the database is for once it is changed.
    pub kind: Kind,
    /// Where the rows are named.
    pub at: Location,
}

impl Edit {
    /// Whether the row of a parameter can be among the rows.
    #[must_use]
    pub fn touches(&self, parameter: Parameter) -> bool {
        self.rows.touch(parameter.path())
    }

    /// Whether it gives the shop another address.
    #[must_use]
    pub fn moves_the_shop(&self) -> bool {
        self.change != RowChange::Blank && BASE_URLS.iter().any(|url| self.rows.touch(url))
    }
}

/// `LIKE`: `%` is any text, `_` any character, `\` takes both literally; case counts for nothing.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    // What a pattern can have matched so far, as the ends of starts of the path.
    let mut ends: Vec<bool> = std::iter::once(true).chain(path.iter().map(|_| false)).collect();
    let mut rest = pattern.iter();
    while let Some(&sign) = rest.next() {
        let sign = if sign == b'\\' { rest.next().copied().map(Err) } else { Some(Ok(sign)) };
        if sign == Some(Ok(b'%')) {
            let first = ends.iter().position(|&can| can).unwrap_or(ends.len());
            ends.iter_mut().skip(first).for_each(|can| *can = true);
            continue;
        }
        let fits = |letter: u8| match sign {
            Some(Ok(b'_')) => true,
            Some(Ok(literal) | Err(literal)) => literal.eq_ignore_ascii_case(&letter),
            None => letter == b'\\',
        };
        let next = path.iter().zip(&ends).map(|(&letter, &can)| can && fits(letter));
        ends = std::iter::once(false).chain(next).collect();
    }
    ends.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_database() {
        let like = |pattern: &str, path: &str| Rows::Like(pattern.into()).touch(path);
        assert!(like("services_connector%", "services_connector/services_id/environment_id"));
        assert!(like("%/ENVIRONMENT\\_id", "services_connector/services_id/environment_id"));
        assert!(like("web/%/base_url", "web/secure/base_url"));
        assert!(like("%", "") && like("a%%b_", "axbc") && like("", ""));
        assert!(!like("web/%", "payment/web/x"));
        assert!(!like("a\\%", "ab") && !like("a_", "a") && !like("", "a"));
    }
}
