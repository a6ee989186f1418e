//! Packs: folders of pages that a team wrote, read by the same code as our own.
//!
//! A page's name is its folder's and its own: `acme/gateway-is-ours` for `policy/acme/gateway-is-ours.md`. It has no code, so nothing in a
//! pack can run, hang or see a secret: what it compares is text that is no secret, by expressions of bounded size.

use crate::model::pattern::PathPattern;
use crate::model::watched;
use crate::rule::Rule;
use crate::source::Span;

use super::assertion::{Asked, Assertion};
use super::page;
pub use super::page::PageError as Mistake;
use super::{ids, of_page};

/// The most pages that packs have together.
pub const MOST_PAGES: usize = 500;

/// The largest page.
pub const LARGEST_PAGE: u64 = 256 << 10;

/// A page of a pack: where it stands, for people, and its text.
#[derive(Clone, Debug)]
pub struct PackPage {
    /// The path as it is shown; its last folder is the namespace.
    pub path: String,
    /// The text.
    pub text: String,
}

/// What is wrong with a page.
#[derive(Debug)]
pub struct BadPage {
    /// The page.
    pub page: PackPage,
    /// Its mistakes, in order of places.
    pub errors: Vec<Mistake>,
}

/// The rules of packs, sorted by id, and the paths that they ask for.
///
/// # Errors
/// The first page with mistakes.
pub fn rules(pages: &[PackPage]) -> Result<(Vec<Rule>, Vec<PathPattern>), BadPage> {
    let (mut rules, mut watched): (Vec<Rule>, Vec<PathPattern>) = (Vec::new(), Vec::new());
    for page in pages {
        let bad = |errors| BadPage { page: page.clone(), errors };
        let whole = |message: &str, help: &str| {
            let span = Span::default();
            bad(vec![Mistake { span, message: message.into(), help: help.into() }])
        };
        let Some(id) = id(&page.path) else {
            let help = "name the folder and the page in small letters, digits and `-`, as in `acme/gateway-is-ours.md`";
            return Err(whole("the page has no name that a rule can have", help));
        };
        if rules.iter().any(|rule| rule.id == id) {
            let help = "give the page, or the folder that it stands in, another name";
            return Err(whole("another page has the same name", help));
        }
        let parsed = page::parse(&page.text).map_err(bad)?;
        if parsed.assertions.is_empty() {
            let help = "say in `assert` what a setting must be: a page of a pack has no code";
            return Err(whole("the page asserts nothing", help));
        }
        let known = ids();
        if parsed.yields_to.iter().any(|other| !known.contains(&other.as_str())) {
            let help = "`commerce-lint rules` lists the rules";
            return Err(whole("`yields-to` names a rule that there is not", help));
        }
        watched.extend(parsed.assertions.iter().flat_map(paths));
        rules.push(of_page(id, parsed, None));
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    Ok((rules, watched))
}

/// Lets what is read hold the paths that packs ask for; once for a run, before anything is read.
pub fn watch(patterns: Vec<PathPattern>) {
    watched::watch(patterns);
}

fn paths(assertion: &Assertion) -> Vec<PathPattern> {
    let asked = assertion.asked.iter().filter_map(|asked| match asked {
        Asked::Settings(path) => Some(path.clone()),
        _ => None,
    });
    asked.chain(assertion.when.settings.iter().map(|(path, _)| path.clone())).collect()
}

/// The id of the rule of a page at a path.
#[must_use]
pub fn id(path: &str) -> Option<String> {
    let (folders, name) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    let name = name.strip_suffix(".md")?;
    let is_name = |text: &str| {
        !text.is_empty()
            && text.len() <= 60
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    (is_name(folder) && is_name(name)).then(|| format!("{folder}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str, assert: &str) -> PackPage {
        let text = format!("---\nseverity: error\nsummary: A.\n{assert}---\n\nWhy.\n");
        PackPage { path: path.into(), text }
    }

    const SOUND: &str = "assert: { setting: web/seo/use_rewrites, must: be-set }\n";

    #[test]
    fn a_page_is_named_by_its_folder_and_itself() {
        let (rules, watched) = rules(&[page("policy/acme/b.md", SOUND), page("acme/a.md", SOUND)])
            .expect("the pages are sound");
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids, ["acme/a", "acme/b"]);
        assert_eq!(watched.len(), 2);
    }

    #[test]
    fn what_is_wrong_with_a_page_is_told() {
        for (path, assert, expected) in [
            ("Acme/a.md", SOUND, "no name"),
            ("acme/a.md", "", "asserts nothing"),
            ("acme/a.md", "assert: { setting: x, must: be-set }\n", "no path"),
            ("acme/a.md", "assert: { setting: web/seo/x, must: { match: '(' } }\n", "no regular"),
            (
                "acme/a.md",
                "assert: { setting: web/seo/x, must: { match: '(a{999}){999}' } }\n",
                "too large",
            ),
            ("acme/a.md", "assert: { setting: web/seo/x, must: be-st }\n", "nothing that"),
            (
                "acme/a.md",
                "assert: { setting: web/seo/x, must: be-set, message: '{secret}' }\n",
                "gap",
            ),
            (
                "acme/a.md",
                "assert: { setting: web/seo/x, must: be-set, when: { kind: live } }\n",
                "no such kind",
            ),
        ] {
            let bad = rules(&[page(path, assert)]).expect_err("the page is wrong");
            assert!(bad.errors.iter().any(|error| error.message.contains(expected)), "{bad:?}");
        }
    }
}
