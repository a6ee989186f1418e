//! PHP files that return configuration: `env.php`, `config.php` and what is written like them.
//!
//! What a file returns is a document; what it puts into `$_ENV` and `$_SERVER`, or gives to `putenv`, are documents behind it. A small
//! abstract interpreter follows its statements: a value is known, one of several known, or an expression. What a branch decides is one of
//! several; what is computed, what a loop or a function may have written, what another file gives is not known. Never a wrong literal.
//! No code is run. A class or a script yields no document and no problem, however strange it is.

pub(crate) mod arms;
mod arrays;
mod branches;
mod classes;
mod code;
mod effects;
mod entries;
mod hosts;
mod items;
mod lexer;
mod merging;
mod numbers;
mod operands;
mod parser;
mod possible;
mod returns;
mod scope;
mod selected;
mod statements;
mod strings;
mod tables;
mod taken;
mod taking;
mod values;
mod variables;

use super::comments::{self, Comment, Lexis};
use super::{Format, Node, NodeKind, Parsed, file_name, stem_of_sample};
use crate::source::{Location, SourceId};
pub use hosts::is_recipe;
use lexer::Lexer;
use parser::Parser;
use possible::{is_more, join, settle};
use scope::ENVIRONMENT;
use taking::Taking;
pub use taking::{Find, named as taken_in};

/// PHP configuration files.
pub struct Php;

/// Suffixes behind `.php.` that name another format rather than an environment.
const OTHER_FORMATS: &[&str] =
    &["env", "html", "ini", "json", "lock", "md", "sh", "sql", "toml", "xml", "yaml", "yml"];

impl Format for Php {
    fn name(&self) -> &'static str {
        "PHP"
    }

    fn claims(&self, path: &str) -> bool {
        let name = file_name(stem_of_sample(path)).to_ascii_lowercase();
        let mut parts = name.rsplit('.');
        let (last, before) = (parts.next().unwrap_or_default(), parts.next());
        if last == "php" {
            return before.is_some_and(|stem| !stem.is_empty());
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let is_environment = !last.is_empty() && last.bytes().all(is_word);
        before == Some("php")
            && parts.next().is_some_and(|stem| !stem.is_empty())
            && is_environment
            && !OTHER_FORMATS.contains(&last)
    }

    fn comments(&self, text: &str, word: &str) -> Vec<Comment> {
        comments::scan(Lexis::PHP, text, word)
    }

    fn parse(&self, id: SourceId, text: &str) -> Parsed {
        parse(id, text, None).0
    }
}

/// What is read of a file together with those that it takes in.
pub struct Whole {
    /// What it gives.
    pub parsed: Parsed,
    /// The files that it took in.
    pub taken: Vec<SourceId>,
    /// Places of values in these, each with the place of the name that stands for it in the file.
    pub names: Vec<(Location, Location)>,
}

/// Reads a file together with those that it takes in; none where it takes in none that there is.
#[must_use]
pub fn parse_whole<'a>(
    (id, path, text): (SourceId, &str, &'a str),
    find: &'a Find<'a>,
) -> Option<Whole> {
    let (mut parsed, taking) = parse(id, text, Some(Taking::new(path, find)));
    let Taking { taken, at, names, .. } = taking?;
    let at = at?;
    parsed.documents.iter_mut().for_each(|document| taken::settle(document, id, at));
    Some(Whole { parsed, taken, names })
}

/// Reads a file, with those that it may take in.
fn parse<'a>(
    id: SourceId,
    text: &'a str,
    taking: Option<Taking<'a>>,
) -> (Parsed, Option<Taking<'a>>) {
    let tagged = Lexer::has_tag(text);
    let mut parser = Parser::new(id, text, tagged);
    parser.taking = taking;
    if !tagged {
        parser.problem(0, 0, "opening tag `<?php` is missing");
    }
    parser.statements(false, &[]);
    if !parser.scope.dead {
        // `require` gives 1 for a file that returns nothing.
        let end = Location::new(id, text.len(), text.len());
        let one = Node::new(end, NodeKind::Scalar("1".into()));
        parser.returned = parser.returned.map(|node| join(node, one));
        parser.end();
    }
    if let Some((start, end)) = parser.refused {
        parser.problem(start, end, code::BRACE);
    }
    let mut documents: Vec<Node> = parser.returned.take().into_iter().collect();
    documents.iter_mut().for_each(settle);
    documents.retain(|node| !matches!(node.kind, NodeKind::Expression | NodeKind::OneOf(_)));
    let is_array = |node: &Node| !matches!(node.kind, NodeKind::Scalar(_) | NodeKind::Null);
    // Without a tag a brace is a script's in a page: `return { … }`.
    let is_broken = parser.broken && (tagged || parser.refused.is_none());
    let is_configuration = is_broken || documents.iter().any(is_array);
    if !tagged && !is_configuration {
        return (Parsed::default(), parser.taking);
    }
    let mut ended = parser.ended.take().unwrap_or_default();
    for name in ENVIRONMENT {
        let Some(mut node) = ended.take(name) else { continue };
        if let NodeKind::Mapping(entries) = &mut node.kind {
            entries.retain(|entry| !is_more(entry));
        }
        settle(&mut node);
        documents.push(node);
    }
    documents.append(&mut parser.put);
    if hosts::is_recipe(text) {
        let scripts = hosts::scripts(id, text, &documents);
        documents.extend(scripts);
    }
    documents.extend(hosts::variables(id, text));
    let taking = parser.taking.take();
    let problems = if is_configuration { parser.into_problems() } else { Vec::new() };
    (Parsed { documents, problems }, taking)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let started = crate::syntax::effort::Effort::begin();
        let units = "[|(|{|$a[|$a->|$a = |$a ? b : |$a ?: |$a ?? |a.|a(|fn() => |function() { |new |clone |@|-|!|(int)|if (a) |\
            while a; do |for a in b : |foreach ($a as $b) |switch (a) { case b: |match(a) { b => |try { |return |include |<<<A\n|\"$a[|\"{$a|'a' . |\
            'a' => ['b' => |static fn() => |?>|<?php |/*|#[|$$a|define('a', |elseif (a) |do ";
        for unit in units.split('|') {
            let text = unit.repeat(20_000);
            for head in ["", "return ['a' => ", "$x = \""] {
                let from = crate::syntax::effort::Effort::begin();
                let parsed = Php.parse(SourceId(0), &format!("<?php {head}{text}"));
                assert!(parsed.problems.len() <= 101);
                assert!(from.spent().as_secs() < 3, "{head:?} {unit:?}");
            }
        }
        assert!(started.spent().as_secs() < 120, "reading took {:?}", started.spent());
    }
}
