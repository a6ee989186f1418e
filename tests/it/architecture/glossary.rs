//! The words of `docs/architecture.md`: each stands in the file that it is said of.

use std::collections::BTreeSet;

use super::files;

#[test]
fn every_word_stands_in_its_file() {
    let docs = files("docs");
    let page = docs.iter().find(|(path, _)| path == "architecture.md");
    let Some((_, page)) = page else { return };
    let sources = super::sources();
    let flaws = flaws(page, &sources);
    assert!(flaws.is_empty(), "\n{}", flaws.join("\n"));
}

#[test]
fn a_word_without_its_file_is_found() {
    let page = "<!-- words -->\n| word | what | where |\n| --- | --- | --- |\n| node | it | `a.rs` |\n\
        | nod | it | `a.rs` |\n| node | it | `b.rs` |\n<!-- /words -->\n";
    let sources = [("a.rs".to_owned(), "//! A node.".to_owned())];
    assert_eq!(
        flaws(page, &sources).len(),
        3,
        "a word that is missing, one said twice, a file that is not there"
    );
}

fn flaws(page: &str, sources: &[(String, String)]) -> Vec<String> {
    let table = page.split("<!-- words -->").nth(1).and_then(|rest| rest.split("<!--").next());
    let (mut flaws, mut seen) = (Vec::new(), BTreeSet::new());
    for row in table.unwrap_or_default().lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [word, _, file] = cells.as_slice() else { panic!("three cells: {row}") };
        if !seen.insert(*word) {
            flaws.push(format!("`{word}` stands twice"));
        }
        let file = file.trim_matches('`');
        let text =
            sources.iter().find(|(path, _)| path == file).map(|(_, text)| text.to_lowercase());
        let says = |text: String| {
            let mut words = text.split(|c: char| !c.is_alphabetic());
            words.any(|one| one == *word || one.strip_suffix('s') == Some(word))
        };
        if !text.is_some_and(says) {
            flaws.push(format!("src/{file} does not say `{word}`"));
        }
    }
    flaws
}
