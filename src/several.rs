//! One document of several runs: what a push of several branches is told in, since programs read one document and no more.

use serde_json::{Map, Value};

use crate::cli::format::CheckFormat;
use crate::report::printable;

/// Joins the documents of several runs, each of the same format. What is made for people, or line by line, follows each other.
#[must_use]
pub fn joined(format: CheckFormat, documents: &[Vec<u8>]) -> Vec<u8> {
    if documents.len() < 2 {
        return documents.concat();
    }
    let joined = match format {
        CheckFormat::Json
        | CheckFormat::Sarif
        | CheckFormat::Gitlab
        | CheckFormat::GitlabSecrets
        | CheckFormat::Rdjson => json(documents),
        CheckFormat::Junit => junit(documents),
        CheckFormat::Html => html(documents),
        _ => None,
    };
    joined.unwrap_or_else(|| documents.concat())
}

fn json(documents: &[Vec<u8>]) -> Option<Vec<u8>> {
    let all: Result<Vec<Value>, _> =
        documents.iter().map(|document| serde_json::from_slice(document)).collect();
    let mut all = all.ok()?.into_iter();
    let mut first = all.next()?;
    for other in all {
        join(&mut first, other, "");
    }
    let document = serde_json::to_string_pretty(&first).ok()?;
    Some(format!("{}\n", printable::json(&document)).into_bytes())
}

/// Joins two values that stand at the same place: lists follow each other, figures of a summary are added, the worse word counts.
fn join(one: &mut Value, other: Value, key: &str) {
    match (one, other) {
        (Value::Array(all), Value::Array(others)) => {
            for other in others {
                // An instance that neither branch changes is one.
                if key == "diagnostics" || !all.contains(&other) {
                    all.push(other);
                }
            }
        }
        (Value::Object(all), Value::Object(others)) => {
            let instances =
                |of: &Map<String, Value>| of.get("instances").map(|of| of.as_array().map(Vec::len));
            for (key, other) in others {
                match all.get_mut(&key) {
                    Some(one) => join(one, other, &key),
                    None => drop(all.insert(key, other)),
                }
            }
            let count = instances(all).flatten();
            if let Some((count, summary)) = count.zip(all.get_mut("summary")) {
                summary["instances"] = count.into();
            }
        }
        (Value::Number(one), Value::Number(other)) if !key.ends_with("version") => {
            if let Some(sum) = one.as_u64().zip(other.as_u64()).map(|(one, other)| one + other) {
                *one = sum.into();
            }
        }
        // A run is whole where each is.
        (Value::Bool(one), Value::Bool(other)) => *one &= other,
        (Value::String(one), Value::String(other)) => {
            let rank = |word: &str| {
                ["INFO", "WARNING", "ERROR", "success", "failure"].iter().position(|of| *of == word)
            };
            if rank(&other) > rank(one) {
                *one = other;
            }
        }
        _ => {}
    }
}

fn junit(documents: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut suites = String::new();
    let mut head = None;
    let mut sums = [0_usize; 3];
    for document in documents {
        let text = std::str::from_utf8(document).ok()?;
        let at = text.find("<testsuites ")?;
        let open = at + text.get(at..)?.find('>')?;
        let root = text.get(at..open)?;
        for (sum, name) in sums.iter_mut().zip(COUNTED) {
            *sum += count(root, name)?.1;
        }
        suites += text.get(open + 1..text.rfind("</testsuites>")?)?.trim_start_matches('\n');
        head.get_or_insert_with(|| (text.get(..at).unwrap_or_default(), root.to_owned()));
    }
    let (before, mut root) = head?;
    for (sum, name) in sums.into_iter().zip(COUNTED) {
        let (place, _) = count(&root, name)?;
        root.replace_range(place, &sum.to_string());
    }
    Some(format!("{before}{root}>\n{suites}</testsuites>\n").into_bytes())
}

/// What the root of a document of JUnit counts.
const COUNTED: [&str; 3] = ["tests", "failures", "errors"];

fn count(root: &str, name: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let start = root.find(&format!(" {name}=\""))? + name.len() + 3;
    let end = start + root.get(start..)?.find('"')?;
    Some((start..end, root.get(start..end)?.parse().ok()?))
}

/// The content of the later pages behind that of the first.
fn html(documents: &[Vec<u8>]) -> Option<Vec<u8>> {
    let (first, others) = documents.split_first()?;
    let first = std::str::from_utf8(first).ok()?;
    let end = first.rfind("</body>")?;
    let mut out = first.get(..end)?.to_owned();
    for other in others {
        let text = std::str::from_utf8(other).ok()?;
        let start = text.find("<body>")? + "<body>".len();
        out += text.get(start..text.rfind("</body>")?)?;
    }
    Some((out + first.get(end..)?).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(format: CheckFormat, documents: [&str; 2]) -> String {
        let documents = documents.map(|text| text.as_bytes().to_vec());
        String::from_utf8(joined(format, &documents)).expect("it is text")
    }

    #[test]
    fn lists_follow_each_other_and_figures_are_added() {
        let one = r#"{"schema_version":1,"instances":[{"name":"a"}],"diagnostics":[1],"summary":{"errors":1,"instances":1,"complete":true}}"#;
        let other = r#"{"schema_version":1,"instances":[{"name":"a"}],"diagnostics":[1],"summary":{"errors":2,"instances":1,"complete":false}}"#;
        let both: Value =
            serde_json::from_str(&of(CheckFormat::Json, [one, other])).expect("one document");
        let expected = r#"{"schema_version":1,"instances":[{"name":"a"}],"diagnostics":[1,1],"summary":{"errors":3,"instances":1,"complete":false}}"#;
        assert_eq!(both, serde_json::from_str::<Value>(expected).expect("it is one"));
        let one = r#"{"version":"2.1.0","runs":[{"results":[]}]}"#;
        let other = r#"{"version":"2.1.0","runs":[{"results":[1]}]}"#;
        let both: Value =
            serde_json::from_str(&of(CheckFormat::Sarif, [one, other])).expect("one document");
        assert_eq!(both["runs"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn suites_and_pages_are_one_document() {
        let suites = |tests: u8| {
            format!(
                "<?xml?>\n<testsuites name=\"a\" tests=\"{tests}\" failures=\"1\" errors=\"0\" time=\"0\">\n  <testsuite name=\"{tests}\"/>\n</testsuites>\n"
            )
        };
        assert_eq!(
            of(CheckFormat::Junit, [&suites(1), &suites(2)]),
            "<?xml?>\n<testsuites name=\"a\" tests=\"3\" failures=\"2\" errors=\"0\" time=\"0\">\n  <testsuite name=\"1\"/>\n  <testsuite name=\"2\"/>\n</testsuites>\n"
        );
        let page = |text: &str| format!("<html><body>{text}</body></html>");
        assert_eq!(of(CheckFormat::Html, [&page("a"), &page("b")]), page("ab"));
    }
}
