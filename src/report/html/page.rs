//! A rule's page as HTML, folded under each of its findings. Raw HTML in it is text, a link leads to the web or nowhere, and nothing is
//! loaded.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::escape::html;
use crate::mask;
use crate::report::printable;
use crate::rule::Rule;

/// How many bytes of pages are written more than once. What is beyond that leads to the first one of its rule: ten thousand findings
/// would need fifty megabytes.
const COPIES: usize = 256 << 10;

/// The pages that stand under findings.
#[derive(Default)]
pub(super) struct Pages {
    /// By the rule's id: what stands in the fold.
    known: BTreeMap<String, String>,
    /// How many bytes were written more than once.
    copied: usize,
}

impl Pages {
    /// The page of a rule to stand under one of its findings, folded.
    pub(super) fn fold(&mut self, rule: &Rule) -> String {
        let id = html(&rule.id);
        let summary = format!("<summary>About <code>{id}</code></summary>");
        let Some(prose) = self.known.get(&rule.id) else {
            let prose = prose(rule);
            let fold = format!(
                "<details class=\"page\">{summary}<div class=\"prose\" id=\"about-{id}\">\n{prose}</div></details>\n"
            );
            self.known.insert(rule.id.clone(), prose);
            return fold;
        };
        if self.copied + prose.len() <= COPIES {
            self.copied += prose.len();
            return format!(
                "<details class=\"page copy\">{summary}<div class=\"prose\">\n{prose}</div></details>\n"
            );
        }
        // A script puts the page in the place of the link.
        format!(
            "<details class=\"page copy\">{summary}<p><a href=\"#about-{id}\">Under the first finding of this rule</a></p></details>\n"
        )
    }
}

/// The page with what it rests on.
fn prose(rule: &Rule) -> String {
    // The examples' keys are nobody's, but a scanner that finds them here would not know.
    let mut out = markdown(&mask::text(&rule.page));
    let links: Vec<String> = rule
        .references
        .iter()
        .filter_map(|address| {
            let text = html(&printable::text(address));
            Some(format!("<li>{}{text}</a></li>", link(address)?))
        })
        .collect();
    if !links.is_empty() {
        out.extend(["<h5>References</h5>\n<ul>", &links.concat(), "</ul>\n"]);
    }
    out
}

/// Markdown as HTML.
#[must_use]
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    let mut links = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        // The page has headings of its own above these.
        Event::Start(Tag::Heading { .. }) => Event::Html("<h5>".into()),
        Event::End(TagEnd::Heading(_)) => Event::Html("</h5>\n".into()),
        Event::Start(Tag::HtmlBlock | Tag::MetadataBlock(_)) => Event::Html("<p>".into()),
        Event::End(TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => Event::Html("</p>\n".into()),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let link = link(&dest_url);
            links.push(link.is_some());
            link.map_or(Event::Text("".into()), |link| Event::Html(link.into()))
        }
        Event::End(TagEnd::Link) if links.pop() == Some(true) => Event::Html("</a>".into()),
        Event::Start(Tag::CodeBlock(kind)) => Event::Html(code_block(&kind).into()),
        Event::End(TagEnd::CodeBlock) => Event::Html("</code></pre>\n".into()),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image | TagEnd::Link) => {
            Event::Text("".into())
        }
        event => event,
    });
    pulldown_cmark::html::push_html(&mut out, events.map(printable_text));
    out
}

fn printable_text(event: Event<'_>) -> Event<'_> {
    let plain = |text: CowStr<'_>| -> CowStr<'static> {
        let lines: Vec<String> = text.split('\n').map(printable::text).collect();
        lines.join("\n").into()
    };
    match event {
        Event::Text(text) => Event::Text(plain(text)),
        Event::Code(text) => Event::Code(plain(text)),
        event => event,
    }
}

/// The start of a block of code, with the file that it is.
fn code_block(kind: &CodeBlockKind<'_>) -> String {
    let info = match kind {
        CodeBlockKind::Fenced(info) => info.as_ref(),
        CodeBlockKind::Indented => "",
    };
    match info.split_once(' ') {
        Some((_, file)) => {
            let file = html(&printable::text(file));
            format!("<p class=\"file\"><code>{file}</code></p>\n<pre><code>")
        }
        None if info == "console" => "<p class=\"file\">reports</p>\n<pre><code>".to_owned(),
        None => "<pre><code>".to_owned(),
    }
}

/// The start of a link to the web; none to anywhere else.
fn link(address: &str) -> Option<String> {
    let is_web = address.starts_with("https://");
    let address = html(&printable::text(address));
    is_web.then(|| format!("<a href=\"{address}\" rel=\"noreferrer noopener\">"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_is_text_and_links_lead_to_the_web() {
        let shown = markdown(
            "# A\n\n<script>x</script>\n\na <b onclick=x>b</b> [c](javascript:x) [d](https://e.f/?\"g) ![h](https://i.j/k.png)\n",
        );
        assert!(!shown.contains("<script") && !shown.contains("<b ") && !shown.contains("<img"));
        assert!(!shown.contains("javascript:"), "{shown}");
        assert!(shown.contains("<h5>A</h5>"), "{shown}");
        assert_eq!(shown.matches("<a ").count(), 1, "{shown}");
        assert_eq!(shown.matches("</a>").count(), 1, "{shown}");
    }

    #[test]
    fn a_block_of_code_has_the_name_of_its_file() {
        let shown = markdown("```php a<b>.php\n<?php echo '\u{202e}';\n```\n");
        let expected = "<p class=\"file\"><code>a&lt;b&gt;.php</code></p>\n<pre><code>&lt;?php echo '\\u{202e}';\n</code></pre>\n";
        assert_eq!(shown, expected);
    }
}
