//! The examples of pages, run as checks: each shows what it says, and what a page recommends is clean.
//!
//! A fenced block with a path in its info string is a file; the `console` block is what the page's rule says of the files of its section.
//! A section with files and without a `console` block must be clean of every rule. A `###` heading starts files of its own.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use crate::error::Error;
use crate::mask::outlet::Page;
use crate::report::line::Line;
use crate::report::{Reporter, printable};
use crate::states::{Configured, Request};
use crate::{fault, rules, run, states, write};

/// What a page's examples came to.
#[derive(Debug, Default)]
pub struct Tried {
    /// How many examples there are.
    pub examples: usize,
    /// What differs, each told with its page and section.
    pub failures: Vec<String>,
    /// The page with what its rule says, where that is not what stands there.
    pub blessed: Option<String>,
}

/// A fenced block: what its opening line says, and its lines by index in the page.
struct Block<'a> {
    info: &'a str,
    lines: Range<usize>,
}

/// A section, or what stands under a `###` of it.
struct Section<'a> {
    title: String,
    blocks: Vec<Block<'a>>,
}

/// Tries the examples of a page.
///
/// # Errors
/// Where no scratch folder can be made, or its files cannot be written.
pub fn page(id: &str, text: &str, packs: &[PathBuf]) -> Result<Tried, Error> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blessed: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    let mut tried = Tried::default();
    for section in sections(text).iter().rev() {
        let title = &section.title;
        let named = |block: &Block<'_>| {
            let path = block.info.split(' ').nth(1)?.to_owned();
            Some((path, joined(lines.get(block.lines.clone())?)))
        };
        let files: Vec<(String, String)> = section.blocks.iter().filter_map(named).collect();
        if files.is_empty() {
            continue;
        }
        tried.examples += 1;
        if let Some((path, _)) = files.iter().find(|(path, _)| !is_below(path)) {
            tried.failures.push(format!("{id}, {title}: `{path}` is no path within a tree"));
            continue;
        }
        let said = said(&files, packs)?;
        let ending = format!(" [{id}]");
        let console = section.blocks.iter().find(|block| block.info == "console");
        let Some(console) = console else {
            // What other pages of packs say is tried with their own examples.
            let is_other = |line: &String| {
                let named = line.rsplit_once(" [").map_or("", |(_, named)| named);
                named.contains('/') && !line.ends_with(&ending)
            };
            let said: Vec<String> = said.into_iter().filter(|line| !is_other(line)).collect();
            if !said.is_empty() {
                tried.failures.push(format!("{id}, {title}: not clean\n{}", joined(&said)));
            }
            continue;
        };
        let found: Vec<String> = said.into_iter().filter(|line| line.ends_with(&ending)).collect();
        let expected = lines.get(console.lines.clone()).unwrap_or_default();
        if found.is_empty() {
            tried.failures.push(format!("{id}, {title}: the rule finds nothing"));
        } else if found != expected {
            let (expected, shown) = (joined(expected), joined(&found));
            tried.failures.push(format!("{id}, {title}: expected\n{expected}found\n{shown}"));
            blessed.splice(console.lines.clone(), found);
        }
    }
    tried.failures.reverse();
    let blessed = joined(&blessed);
    tried.blessed = (blessed != joined(&lines)).then_some(blessed);
    Ok(tried)
}

/// What is said of files as a tree: one line a finding.
fn said(files: &[(String, String)], packs: &[PathBuf]) -> Result<Vec<String>, Error> {
    let scratch = write::Scratch::new().map_err(|why| unwritable(Path::new("scratch"), &why))?;
    for (path, text) in files {
        let path = scratch.path().join(path);
        write::with_folders(&path, text.as_bytes()).map_err(|why| unwritable(&path, &why))?;
    }
    let has_configuration = files.iter().any(|(path, _)| path == "commerce-lint.toml");
    let configured = if has_configuration { Configured::Tree } else { Configured::Nowhere };
    let tree = scratch.path();
    let request = Request { path: tree, packs: packs.to_vec(), configured, ..Request::default() };
    let outcome = run(&request)?;
    let mut out = Vec::new();
    Line.report(&outcome.report(), &mut out)?;
    let text = String::from_utf8_lossy(&out);
    // A configuration alone says nothing of the tree that it is for.
    let is_alone = has_configuration && files.len() == 1;
    let is_said = |line: &&str| !is_alone || !line.ends_with(" [unmatched-pattern]");
    let lines = text.lines().take(outcome.diagnostics.len()).filter(is_said);
    Ok(lines.map(str::to_owned).collect())
}

fn unwritable(path: &Path, why: &std::io::Error) -> Error {
    Error::Unwritable { path: path.display().to_string(), why: fault::reason(why) }
}

/// Whether a path stays within a tree.
fn is_below(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section { title: "before any heading".into(), blocks: Vec::new() }];
    let mut above = "";
    let mut open: Option<(&str, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(""), Some((info, start))) => {
                let block = Block { info, lines: start..index };
                if let Some(section) = sections.last_mut() {
                    section.blocks.push(block);
                }
                open = None;
            }
            (Some(info), None) => open = Some((info, index + 1)),
            (_, Some(_)) => {}
            (None, None) => {
                let title = line.strip_prefix("## ").inspect(|title| above = title);
                let title = title.map(str::to_owned);
                let case = || Some(format!("{above}: {}", line.strip_prefix("### ")?));
                let title = title.or_else(case);
                sections.extend(title.map(|title| Section { title, blocks: Vec::new() }));
            }
        }
    }
    sections
}

fn joined<T: AsRef<str>>(lines: &[T]) -> String {
    lines.iter().fold(String::new(), |all, line| all + line.as_ref() + "\n")
}

/// Writes the page of a new rule where there is none, and says so.
///
/// # Errors
/// Where its path names no rule, or it cannot be written.
pub fn write_page(page: &Path) -> Result<String, Error> {
    let shown = page.display().to_string();
    let unwritable = |why: &str| Error::Unwritable { path: shown.clone(), why: why.into() };
    let id = rules::packs::id(&shown).ok_or_else(|| {
        unwritable("a page stands in a folder and ends in `.md`; both names are small letters, digits and `-`")
    })?;
    let text = new_page(&id);
    let done =
        write::folders_above(page).and_then(|()| write::create(page, &Page::of(text.as_bytes())));
    done.map_err(|why| unwritable(&fault::reason(&why)))?;
    Ok(format!("wrote {}\n", printable::text(&shown)))
}

/// The page that a new rule starts with; it passes as it is.
#[must_use]
pub fn new_page(id: &str) -> String {
    format!(
        "\
---
severity: error
summary: The Admin of production can be framed by other sites.
assert:
  setting: web/security/frame_options
  must: {{ be: SAMEORIGIN }}
  when: {{ kind: production }}
  message: '{{setting}} of {{instance}} lets other sites frame the Admin'
  help: set `web/security/frame_options` to `SAMEORIGIN`
---

Say in this paragraph why it matters: it is shown alone.

Then say more. `commerce-lint test-rules` runs the examples below, and `--bless` writes down what the rule says.

## Example

```sh env/prod.env
CONFIG__DEFAULT__WEB__SECURITY__FRAME_OPTIONS=ALLOWALL
```

```console
env/prod.env:1:47: error: `frame_options` of `production` lets other sites frame the Admin [{id}]
```

## Use instead

```sh env/prod.env
CONFIG__DEFAULT__WEB__SECURITY__FRAME_OPTIONS=SAMEORIGIN
```

## When to waive it

Say when this is acceptable.
"
    )
}

/// Tries the pages of a pack and puts what they came to in words. Where `bless` is asked for, pages are rewritten.
///
/// # Errors
/// Where the pack cannot be read, or a page cannot be written.
pub fn pack(folder: &Path, bless: bool) -> Result<(String, bool), Error> {
    let packs = [folder.to_owned()];
    let (mut told, mut pages, mut examples, mut rewritten) = (String::new(), 0, 0, 0);
    let mut is_sound = true;
    for states::NamedPage { id, path, text } in states::pages(&packs)? {
        let tried = page(&id, &text, &packs)?;
        (pages, examples) = (pages + 1, examples + tried.examples);
        if tried.examples == 0 {
            told.extend([id.as_str(), ": the page has no example\n"]);
            is_sound = false;
        }
        if let Some(blessed) = tried.blessed.filter(|_| bless) {
            let path = Path::new(&path);
            write::with_folders(path, blessed.as_bytes()).map_err(|why| unwritable(path, &why))?;
            rewritten += 1;
            continue;
        }
        is_sound &= tried.failures.is_empty();
        told.extend(tried.failures.into_iter().map(|failure| failure + "\n"));
    }
    let what = if is_sound { "all as their pages say" } else { "not as their pages say" };
    let rules = if pages == 1 { "1 rule".to_owned() } else { format!("{pages} rules") };
    let more =
        if rewritten > 0 { format!("; pages rewritten: {rewritten}") } else { String::new() };
    told.extend([format!("{rules}, {examples} examples: {what}{more}\n")]);
    Ok((told, is_sound))
}
