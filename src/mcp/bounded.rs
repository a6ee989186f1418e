//! Answers of bounded size: what does not fit is left out from the end, and counted.

use serde_json::Value;

/// The most bytes of an answer's text.
pub const MOST: usize = 48 << 10;

/// How many items of a list, and how many characters of a text, are shown of something that is too large by itself.
const SHOWN: (usize, usize) = (20, 2_000);

/// Cuts a list within a document until the whole fits, and tells how many items are left out.
pub fn cut(document: &mut Value, list: &str, most: usize) -> usize {
    let Some(mut items) = document.get_mut(list).and_then(Value::as_array_mut).map(std::mem::take)
    else {
        return 0;
    };
    let all = items.len();
    items.truncate(most);
    items.iter_mut().for_each(shorten);
    let sizes = items.iter().map(|item| item.to_string().len() + 1).sum::<usize>();
    let mut size = document.to_string().len() + sizes;
    while size > MOST {
        let Some(item) = items.pop() else { break };
        size = size.saturating_sub(item.to_string().len() + 1);
    }
    let left = all - items.len();
    if let Some(list) = document.get_mut(list) {
        *list = Value::Array(items);
    }
    left
}

/// Shortens the lists and texts of an item that would take a quarter of the answer, and counts what is left out: one must not hide all others.
fn shorten(item: &mut Value) {
    let is_large = item.to_string().len() > MOST / 4;
    let Some(object) = item.as_object_mut().filter(|_| is_large) else { return };
    let (items, letters) = SHOWN;
    let mut left = Vec::new();
    for (key, value) in object.iter_mut() {
        match value {
            Value::Array(list) if list.len() > items => {
                left.push((format!("more_{key}"), list.len() - items));
                list.truncate(items);
            }
            Value::String(text) => {
                if let Some((end, _)) = text.char_indices().nth(letters) {
                    text.truncate(end);
                    text.push('…');
                }
            }
            _ => {}
        }
    }
    object.extend(left.into_iter().map(|(key, count)| (key, count.into())));
}

/// The start of a text that fits, at the end of a line, and what is said of the rest.
pub fn start(text: &str) -> String {
    if text.len() <= MOST {
        return text.to_owned();
    }
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if end + line.len() > MOST {
            break;
        }
        end += line.len();
    }
    let (shown, rest) = text.split_at(end);
    format!("{shown}… {} more lines\n", rest.lines().count())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut document = json!({ "a": 1, "found": vec!["x".repeat(1000); 100] });
        assert_eq!(cut(&mut document, "found", 90), 100 - 48);
        assert!(document.to_string().len() <= MOST);
        assert_eq!(cut(&mut document, "found", 1), 47);
        assert_eq!(cut(&mut document, "other", 1), 0);
    }

    #[test]
    fn one_that_is_too_large_by_itself_is_shortened() {
        let large =
            json!({ "places": vec!["x".repeat(100); 1_000], "message": "é".repeat(90_000) });
        let mut document = json!({ "found": [large, { "message": "b" }] });
        assert_eq!(cut(&mut document, "found", 90), 0);
        assert_eq!(document["found"][0]["more_places"], 980);
        assert_eq!(document["found"][1]["message"], "b");
    }

    #[test]
    fn a_text_ends_with_a_line() {
        assert_eq!(start("a\nb"), "a\nb");
        let cut = start(&format!("{}\n", "y".repeat(99)).repeat(1000));
        assert!(cut.len() < MOST + 40 && cut.ends_with("y\n… 509 more lines\n"), "{cut}");
        assert_eq!(start(&"z".repeat(MOST + 1)), "… 1 more lines\n");
    }
}
