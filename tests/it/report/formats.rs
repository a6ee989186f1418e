//! The formats of pipelines, with hostile names and values.

use commerce_lint::report::github::GitHub;
use commerce_lint::report::markdown::Markdown;
use commerce_lint::rule::Finding;
use commerce_lint::source::Location;
use commerce_lint::sources::Entry;

use super::run::Run;

/// Names that mean something to a shell, a runner, a terminal, HTML, XML, Markdown or a URI; the last could not be decoded.
const HOSTILE: [&str; 10] = [
    "a\nb.yaml",
    "a\"b\'c.yaml",
    "100%25 #1?.yaml",
    "]]><script>alert(1)</script>.yaml",
    "::error file=x::y.yaml",
    "\u{1b}[31m\u{7}.yaml",
    "\u{202e}lmay.\u{200f}",
    "a|b`c`@team *d* [e](f) \\g.yaml",
    "é 日本/😀.yaml",
    "\u{fffd}\u{fffd}.yaml",
];

/// Findings at hostile files, of hostile values.
pub fn hostile() -> Run {
    let mut run = Run::default();
    let long = "n".repeat(300);
    for name in HOSTILE.iter().copied().chain([long.as_str()]) {
        let id = run.file(name, &format!("# é\nkey: {name}\nlast: x\n"));
        let at = run.at(id, "key");
        let last = run.at(id, "last");
        let over =
            Location { span: commerce_lint::source::Span { end: last.span.end, ..at.span }, ..at };
        for (rule, at) in [("placeholder-value", at), ("plaintext-private-key", over)] {
            let finding = Finding::new(at, format!("value `{name}` of {name}"))
                .label(name)
                .see(last, format!("as in `{name}`"))
                .help(format!("replace {name}"))
                .of([name.to_owned()]);
            run.error(rule, finding);
        }
    }
    run
}

#[test]
fn commands_annotate_the_files() {
    let mut run = Run::default();
    let id = run.file("a b,c:d.yaml", "x: y\r\né: v\n");
    let (v, both) = (run.at(id, "v"), run.at(id, "y\r\né"));
    run.error("rule", Finding::new(v, "100% wrong").help("mend it").see(both, "like this"));
    run.error("rule", Finding::new(both, "both lines"));
    run.entries.push(Entry { revision: Some("1f0c2ab".into()), ..run.entries[0].clone() });
    let gone = Location { source: commerce_lint::source::SourceId(1), ..v };
    run.error("rule", Finding::new(gone, "gone now"));
    let expected = "\
::error file=a b%2Cc%3Ad.yaml,line=2,endLine=2,col=4,endColumn=5,title=rule::100%25 wrong%0Ahelp: mend it%0Asee a b,c:d.yaml:1:4: like this
::error file=a b%2Cc%3Ad.yaml,line=1,endLine=2,title=rule::both lines
::error title=rule::gone now%0Afound in 1f0c2ab:a b,c:d.yaml:1:1
1 file read, 0 instances, 3 errors, 0 warnings
";
    assert_eq!(run.print(&GitHub), expected.replace("1 file read", "2 files read"));
}

/// What a runner makes of a line: the command and the names of its properties.
fn command(line: &str) -> Option<(&str, Vec<&str>)> {
    let (head, _) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let names = properties.split(',').filter_map(|pair| Some(pair.split_once('=')?.0));
    Some((name, names.collect()))
}

#[test]
fn no_name_leaves_its_command() {
    let run = hostile();
    let out = run.print(&GitHub);
    let commands: Vec<_> = out.lines().filter_map(command).collect();
    assert_eq!(
        (commands.len(), out.lines().count()),
        (run.diagnostics.len(), run.diagnostics.len() + 1)
    );
    for (name, names) in commands {
        assert_eq!(name, "error");
        assert!(
            names == ["file", "line", "endLine", "col", "endColumn", "title"]
                || names == ["file", "line", "endLine", "title"],
            "{names:?}"
        );
    }
}

#[test]
fn a_comment_is_figures_a_table_and_details() {
    let mut run = Run::default();
    assert_eq!(
        run.print(&Markdown),
        "<!-- commerce-lint -->\n**commerce-lint**: no private keys found, and no settings to check (0 files read)\n"
    );
    let id = run.file("a|b.yaml", "x: y\n");
    let at = run.at(id, "y");
    run.error("rule", Finding::new(at, "`y` is wrong").help("mend `y`").see(at, "here"));
    let expected = "\
<!-- commerce-lint -->
**commerce-lint**: 1 file read, 0 instances, 1 error, 0 warnings

| severity | rule | place | finding |
| --- | --- | --- | --- |
| 🔴 error | <code>rule</code> | <code>a&#124;b&#46;yaml&#58;1&#58;4</code> | <code>y</code> is wrong |

<details><summary><code>rule</code> <code>a&#124;b&#46;yaml&#58;1&#58;4</code></summary>

<code>y</code> is wrong

- <code>a&#124;b&#46;yaml&#58;1&#58;4</code> here

**Help:** mend <code>y</code>

</details>

";
    assert_eq!(run.print(&Markdown), expected);
}

#[test]
fn a_comment_holds_no_markup_but_ours_and_is_never_too_long() {
    let mut run = hostile();
    let out = run.print(&Markdown);
    for line in out.lines().filter(|line| line.starts_with("| 🔴")) {
        assert_eq!(line.matches('|').count(), 5, "{line}");
    }
    let known = [
        "<!-- commerce-lint -->",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<code>",
        "</code>",
    ];
    let bare = known.iter().fold(out, |text, tag| text.replace(tag, ""));
    assert!(!bare.contains(['<', '>', '@', '`', '[', '\\']), "{bare}");
    let found = run.diagnostics.clone();
    for _ in 0..200 {
        run.diagnostics.extend(found.iter().cloned());
    }
    let out = run.print(&Markdown);
    assert!(out.len() <= 65_000 && out.len() > 60_000, "{}", out.len());
    assert!(out.contains(" more findings.\n"), "{out}");
    assert_eq!(out.matches("<details>").count(), out.matches("</details>").count());
}
