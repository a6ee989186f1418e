//! How long files may be, and what they may not be called.

use super::files;

/// The start of a path, without `src/` for sources, and the most lines of such a file. The first decides.
const BUDGETS: &[(&str, usize)] = &[
    ("src/main.rs", 40),
    ("src/rules/mod.rs", 500),
    ("src/rules/pa", 500),
    ("src/rules/assertion/", 400),
    ("src/rules/changes/", 200),
    ("src/rules/", 80),
    ("src/syntax/", 400),
    ("src/report/", 200),
    ("rules/README.md", 500),
    // Published by others.
    ("tests/schemas/sarif-2.1.0.json", usize::MAX),
    ("rules/", 80),
    ("", 500),
];

const NO_ROOMS: [&str; 4] = ["utils", "common", "helpers", "misc"];

#[test]
fn files_keep_their_budgets_and_have_telling_names() {
    let mut flaws = Vec::new();
    // A published package leaves out what is for the repository alone.
    for folder in ["src", "tests", "rules", "benches", ".ci", ".github", "editors", "fuzz", "npm"] {
        for (path, text) in files(folder) {
            let path = format!("{folder}/{path}");
            let budget = budget(&path);
            let lines = text.lines().count();
            if lines > budget {
                flaws.push(format!("{path} has {lines} lines, {budget} are its budget"));
            }
            let is_vague = |part: &str| {
                NO_ROOMS.iter().any(|name| part.split('.').next().is_some_and(|stem| stem == *name))
            };
            if path.split('/').any(is_vague) {
                flaws.push(format!("{path} has no room of its own: name what it does"));
            }
        }
    }
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

pub fn budget(path: &str) -> usize {
    BUDGETS.iter().find(|(start, _)| path.starts_with(start)).map_or(500, |&(_, lines)| lines)
}
