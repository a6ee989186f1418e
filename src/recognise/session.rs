//! What the variables of a database's session hold: `SET @space := '…'`, then `VALUES (…, @space)`.
//!
//! Source: the `MySQL` documentation, *User-Defined Variables*.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Location, Source};
use crate::syntax::{Node, NodeKind};

/// Where a variable is given something: a text, or what only a server works out.
static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?ix)
        (?<into> \b into \s+ )? @ (?<name> [a-z0-9_.$]+ )
        (?<is> \s* :?= \s* (?: (?: '(?<single>[^'\\]*)' | "(?<double>[^"\\]*)" ) \s* (?: [,;\n] | $ ) )? )?"#,
    )
    .ok()
});

/// Where a variable is given something, and the place of the text that it is given.
type Places = BTreeMap<usize, Option<Range<usize>>>;

/// What the variables of a script are given, by their names: found once, where a value is one.
#[derive(Default)]
pub struct Given(OnceCell<BTreeMap<String, Places>>);

impl Given {
    /// The text, where it stands, that the variable holds which stands in the place of a value: the last that it was given before.
    pub fn text(&self, source: &Source, value: &Node) -> Option<Node> {
        let written = source.slice(value.at.span).trim();
        let name = written.strip_prefix('@').filter(|_| value.kind == NodeKind::Expression)?;
        let places = self.0.get_or_init(|| given(source.text())).get(&name.to_ascii_lowercase())?;
        let (_, last) = places.range(..value.at.span.start as usize).next_back()?;
        let range = last.clone()?;
        let text = source.text().get(range.clone())?.to_owned();
        let at = Location::new(value.at.source, range.start, range.end);
        Some(Node::new(at, NodeKind::Scalar(text)))
    }
}

fn given(text: &str) -> BTreeMap<String, Places> {
    let mut all: BTreeMap<String, Places> = BTreeMap::new();
    for found in GIVEN.iter().flat_map(|given| given.captures_iter(text)) {
        let is_given = found.name("into").is_some() || found.name("is").is_some();
        let name = found.name("name").filter(|_| is_given);
        if let Some(name) = name {
            let text = found.name("single").or(found.name("double")).map(|text| text.range());
            all.entry(name.as_str().to_ascii_lowercase()).or_default().insert(name.start(), text);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    /// What the last variable of a script holds.
    fn held(text: &str) -> Option<String> {
        let source = Source::new("x.sql".to_owned(), text.as_bytes().to_vec());
        let start = text.rfind('@').expect("a variable stands in it");
        let end = start + 1 + text.get(start + 1..)?.find([')', ';'])?;
        let node = Node::new(Location::new(SourceId(0), start, end), NodeKind::Expression);
        Some(Given::default().text(&source, &node)?.as_str()?.to_owned())
    }

    #[test]
    fn a_variable_holds_what_it_was_given_last() {
        for (text, expected) in [
            ("SET @a := 'x';\nVALUES (@a);", Some("x")),
            ("SET @A = \"x\", @b = 'y';\nVALUES (@a);", Some("x")),
            ("SET @a = 'x';\nset @a='y';\nVALUES (@a);", Some("y")),
            ("SET @a = 'x';\nSET @a = (SELECT 1);\nVALUES (@a);", None),
            ("SET @a = 'x';\nSELECT v INTO @a FROM t;\nVALUES (@a);", None),
            ("SET @a = CONCAT('x', 'y');\nVALUES (@a);", None),
            ("SET @a = 'x' 'y';\nVALUES (@a);", None),
            ("VALUES (@a);", None),
        ] {
            assert_eq!(held(text).as_deref(), expected, "{text}");
        }
    }
}
