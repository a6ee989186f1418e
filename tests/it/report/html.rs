//! The page for a security review: whole, the same on every run, and with nothing in it that a browser would obey.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use commerce_lint::model::instance::Kind;
use commerce_lint::model::parameter::{Parameter, Slot};
use commerce_lint::model::setting::Value;
use commerce_lint::policy::{Declaration, Policy, Standing, WaiverInForce};
use commerce_lint::report::dot::Dot;
use commerce_lint::report::html::Html;
use commerce_lint::report::mermaid::Mermaid;
use commerce_lint::rule::{Accepted, Finding, Severity};
use commerce_lint::source::Location;
use commerce_lint::syntax::Problem;
use sha2::{Digest as _, Sha256};

use super::formats::hostile;
use super::run::Run;

const PAGE: Html = Html { day: None, origin: Vec::new() };

/// The text between two others, the first time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

/// What of a page changes from run to run: neither style and script nor the pages of rules.
fn core(page: &str) -> String {
    let mut core = page.to_owned();
    for (start, end) in [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("style-src '", "'"),
        ("script-src '", "'"),
        ("<div class=\"prose\"", "</div>"),
        ("<details class=\"all\">", "</details>"),
    ] {
        let mut cut = String::new();
        for (at, part) in core.split(start).enumerate() {
            let rest = part.split_once(end).map_or(part, |(_, rest)| rest);
            let part = if at == 0 { part.to_owned() } else { format!("{start}…{end}{rest}") };
            cut.push_str(&part);
        }
        core = cut;
    }
    core.replace(env!("CARGO_PKG_VERSION"), "…")
}

fn waiver(at: Location, standing: Standing, days_left: Option<i64>) -> WaiverInForce {
    WaiverInForce {
        rule: "plaintext-private-key".into(),
        paths: vec!["config/**".into()],
        instances: vec!["shop-uat".into()],
        value: None,
        reason: "revoked <soon>".into(),
        expires: "2027-06-30".into(),
        days_left,
        at,
        standing,
    }
}

/// Two instances with one data space, a third with its own, an accepted finding, a changed level, and a file that was not read.
fn review() -> Run {
    let mut run = super::shared_data_space();
    let id = run.file("config/uat.env", "ID=5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11\nKEY=x\n");
    let at = run.at(id, "5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11");
    let own = Value::Literal("5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11".into());
    let key = Value::Literal("5f3c9d1e7a2b4c6d8e0f1a2b3c4d5e6f".into());
    let settings =
        [(Parameter::DataSpace, own, at), (Parameter::ApiKey(Slot::Production), key, at)];
    run.instance("shop-uat", Kind::Unknown, &settings);
    run.error("plaintext-private-key", Finding::new(run.at(id, "KEY"), "a `key` <here>"));
    let mut diagnostic = run.diagnostics.pop().unwrap();
    diagnostic.severity = Severity::Warning;
    let reason = "the key is <b>revoked</b>, see #12".to_owned();
    run.accepted.push(Accepted {
        diagnostic,
        reason,
        at: Some(run.at(id, "KEY")),
        is_intended: false,
    });
    run.policy = Policy {
        written: Some(id),
        file_bytes: 64 << 20,
        day: Some("2027-06-01".into()),
        max_waiver_days: Some(90),
        waivers: vec![
            waiver(run.at(id, "KEY"), Standing::Accepts(1), Some(29)),
            waiver(run.at(id, "ID"), Standing::Unused, Some(0)),
            waiver(run.at(id, "x"), Standing::Expired, Some(-1)),
        ],
        declared: vec![Declaration {
            name: "shop-uat".into(),
            kind: Some(Kind::NonProduction),
            said: vec![("files", vec!["config/uat.env".into()])],
        }],
        ..Policy::default()
    };
    run.policy.severities = [("shared-data-space".to_owned(), None)].into();
    run.policy.excluded = vec!["vendor/**".into()];
    run.notes.push("`big.sql` is a pointer".into());
    run.inventory
        .problems
        .push(Problem { at: run.at(id, "ID"), message: "a line is no assignment".into() });
    run
}

#[test]
fn the_page_is_what_the_golden_holds() {
    let page = core(&review().print(&Html { day: Some("2027-06-30".into()), origin: Vec::new() }));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cli/review.out");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &page).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(page, expected, "`BLESS=1 cargo test` accepts what is printed now");
}

#[test]
fn the_page_says_what_stands_out_in_words() {
    let page = review().print(&PAGE);
    for words in [
        "⚠ shared by 2 instances",
        "<b>Incomplete.</b>",
        "a line is no assignment",
        "<code>big.sql</code> is a pointer",
        "<code>vendor/**</code>",
        "the key is &lt;b&gt;revoked&lt;/b&gt;, see #12",
        "About <code>shared-data-space</code>",
        "Two instances with one data space write into each other&#39;s catalog",
    ] {
        assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")), "{words}");
    }
    let changed = between(&page, "another severity than their own", "</table>");
    assert!(changed.contains("<code>shared-data-space</code>"), "{changed}");
    for words in ["1 finding", "29 days left", "unused", "nothing: expired", "1 day ago", "90 days"]
    {
        assert!(page.contains(words), "{words}");
    }
    assert!(changed.contains(">error<") && changed.contains(">off<"), "{changed}");
    assert!(Run::default().print(&PAGE).contains("No settings found."));
}

#[test]
fn a_browser_may_run_what_the_page_brings_and_nothing_else() {
    for run in [review(), hostile(), Run::default()] {
        let page = run.print(&PAGE);
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
        for (kind, start, end) in
            [("style-src", "<style>", "</style>"), ("script-src", "<script>", "</script>")]
        {
            let text = between(&page, start, end);
            let hash = BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
            assert!(policy.contains(&format!("{kind} 'sha256-{hash}'")), "{policy}");
            assert_eq!(page.matches(start).count(), 1);
        }
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("'; base-uri 'none'; form-action 'none'"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 2, "{policy}");
        // Nothing that could load comes before it.
        let head = page.split_once("Content-Security-Policy").unwrap().0;
        assert_eq!(
            head,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\""
        );
        assert!(page.contains("<meta name=\"referrer\" content=\"no-referrer\">"));
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

/// So many instances with a data space each, but for the last two, which share one; the first reads another's.
fn instances(many: usize) -> Run {
    let mut run = Run::default();
    let id = run.file("all.env", "ID=x\n");
    let at = run.at(id, "x");
    for number in 0..many {
        let own = number.min(many - 2);
        let space = Value::Literal(format!("0f3c2a51-9b1e-4d5c-8f62-{own:012x}"));
        let mut of = vec![(Parameter::DataSpace, space.clone(), at)];
        if number == 0 {
            let other = Value::Literal("5a1f6c1e-6d0b-4a57-9a35-2f4f0a9c8d11".into());
            of.push((Parameter::ReadOnlyDataSpace, other.clone(), at));
            of.push((Parameter::AlternateDataSpace, other, at));
            of.push((Parameter::AlternateDataSpaceEnabled, Value::Literal("0".into()), at));
        }
        run.instance(&format!("shop-{number:03}"), Kind::Unknown, &of);
    }
    run
}

#[test]
fn a_large_map_is_drawn_in_parts_and_what_is_shared_comes_first() {
    for (many, drawings, fold) in [
        (24, 1, None),
        (30, 3, Some("<details class=\"all\" open><summary>28 instances more</summary>")),
        (90, 6, Some("<details class=\"all\"><summary>88 instances more</summary>")),
    ] {
        let page = instances(many).print(&PAGE);
        let map = between(&page, "<section id=\"map\">", "</section>");
        assert_eq!(map.matches("<svg viewBox").count(), drawings, "{many}");
        for number in 0..many {
            assert_eq!(map.matches(&format!("<title>shop-{number:03}</title>")).count(), 1);
        }
        assert_eq!(map.matches("only read; no instance here owns it").count(), 1);
        assert_eq!(map.matches("edge reads").count(), 1);
        let first = map.split_once("</svg></div>").unwrap().0;
        assert!(first.contains("shared by 2 instances"), "{first}");
        assert!(fold.is_none_or(|fold| map.contains(fold)), "{map}");
        assert_eq!(fold.is_some(), map.contains("<details"));
        let ids: Vec<&str> =
            page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
    }
}

#[test]
fn a_key_pasted_into_the_policy_is_not_shown() {
    let mut run = review();
    let id = run.file("config/pasted.env", "ID=a\nID=b\n");
    let at = run.at(id, "ID=a");
    let key = || super::PEM.to_owned();
    run.policy.excluded.push(key());
    let said = vec![("account", vec![key()])];
    run.policy.declared.push(Declaration { name: key(), kind: None, said });
    run.policy.waivers.push(WaiverInForce {
        paths: vec![key()],
        instances: vec![key()],
        reason: key(),
        ..waiver(at, Standing::Unused, None)
    });
    let pasted = Value::Literal(super::PEM.lines().nth(1).unwrap().repeat(2));
    let of = [
        (Parameter::Project, Value::Literal("x".into()), run.at(id, "ID=b")),
        (Parameter::ProjectName, pasted.clone(), at),
        (Parameter::ReadOnlyApiKey, pasted.clone(), at),
        (Parameter::ImsClientSecret, pasted, at),
    ];
    run.instance("shop-pasted", Kind::Unknown, &of);
    let Some(resolved) = run.inventory.instances.last_mut() else { panic!("there is one") };
    let under = resolved.settings.get(&Parameter::ProjectName).unwrap().winner;
    resolved.settings.values_mut().next().unwrap().overridden.push(under);
    let page = run.print(&PAGE);
    assert!(page.contains("overrides <code>****"), "{page}");
    for line in super::PEM.lines().filter(|line| !line.starts_with("--")) {
        for part in line.as_bytes().windows(8) {
            let part = str::from_utf8(part).unwrap();
            assert!(!page.contains(part), "{part}");
        }
    }
}

/// The tags of a page, without style and script.
fn tags(page: &str) -> Vec<&str> {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, tail) = rest.split_once("<script>").unwrap();
    let (_, tail) = tail.split_once("</script>").unwrap();
    let pieces = head.split('<').chain(body.split('<')).chain(tail.split('<'));
    pieces.filter_map(|piece| Some(piece.split_once('>')?.0)).collect()
}

#[test]
fn hostile_names_and_values_stay_text() {
    let mut run = hostile();
    let names = [
        "\"><script>alert(1)</script>",
        "' onmouseover='alert(2)",
        "</style></svg></title><img src=x onerror=alert(3)>",
        "javascript:alert(4)",
        "\u{202e}lmay\u{1b}[31m\u{0}",
        &"<".repeat(100_000),
    ];
    for name in names {
        let id = run.file(&format!("{name}/prod.yaml"), &format!("a: {name}\n"));
        let at = run.at(id, "a: ");
        let value = Value::Literal(name.into());
        let of = [(Parameter::DataSpace, value.clone(), at), (Parameter::Project, value, at)];
        run.instance(name, Kind::Production, &of);
        run.error(name, Finding::new(at, name).label(name).help(name).of([name.to_owned()]));
        run.notes.push(name.into());
        run.policy.excluded.push(name.into());
        run.policy.declared.push(Declaration {
            name: name.into(),
            kind: None,
            said: vec![("account", vec![name.into()])],
        });
        run.policy.waivers.push(WaiverInForce {
            rule: name.into(),
            paths: vec![name.into()],
            instances: vec![name.into()],
            reason: name.into(),
            ..waiver(at, Standing::TooFar, Some(1))
        });
        run.policy.passed_over.push(id);
        run.inventory.problems.push(Problem { at, message: name.into() });
        let diagnostic = run.diagnostics[0].clone();
        run.accepted.push(Accepted {
            diagnostic,
            reason: name.into(),
            at: Some(at),
            is_intended: false,
        });
    }
    let page =
        run.print(&Html { day: Some(names[0].into()), origin: vec![("branch", names[0].into())] });
    assert!(page.len() < 4_000_000, "{}", page.len());
    let known = "!doctype html head meta dl dt dd title style body header p h1 main section h2 h3 h4 h5 nav a b div svg desc text rect path g tspan \
                 table thead tbody tr th td span code br details summary ul li ol figure figcaption pre mark label select option \
                 input button output em strong blockquote hr";
    for tag in tags(&page) {
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        assert!(known.split_whitespace().any(|known| known == name), "<{tag}>");
        // Handlers and styles are attributes, and so is whatever leads somewhere.
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains(" on") && !outside.contains(" style="), "<{tag}>");
        for leads in ["href=\"", "src=\"", "action=\""] {
            if let Some((_, to)) = tag.split_once(leads) {
                assert!(to.starts_with('#') || to.starts_with("https://"), "<{tag}>");
            }
        }
    }
    let is_raw = |c: char| c.is_control() && !"\n\t".contains(c) || c == '\u{202e}';
    assert!(!page.contains(is_raw));
}

#[test]
fn pictures_for_documents_hold_no_more_than_their_labels() {
    let mut run = hostile();
    let id = run.file("a.yaml", "a: b\n");
    let at = run.at(id, "b");
    let names =
        ["\"];x[\"", "a\\", "`#35;&lt;<br/>%%{}--> end", "é 日本\n", "$$x$$ fa:fa-car a\\n"];
    for name in names.into_iter().chain([&*"n".repeat(100_000)]) {
        run.instance(name, Kind::Unknown, &[(Parameter::DataSpace, Value::Blank, at)]);
    }
    let mermaid = run.print(&Mermaid);
    assert!(mermaid.contains("i0[\"#34;#93;#59;x#91;#34;<br/>unknown"), "{mermaid}");
    assert!(
        mermaid.contains("\u{ff04}#36;x\u{ff04}#36; fa\u{a789}fa-car a\u{2216}n<br/>unknown"),
        "{mermaid}"
    );
    assert!(mermaid.lines().all(|line| line.matches('"').count() % 2 == 0), "{mermaid}");
    assert!(mermaid.lines().skip(1).all(|line| line.starts_with("  i")), "{mermaid}");
    let dot = run.print(&Dot);
    assert!(dot.contains("[label=\"\\\"];x[\\\"\\nunknown"), "{dot}");
    assert!(dot.contains("[label=\"a\\\\\\nunknown"), "{dot}");
    assert!(dot.len() < 4_000 && mermaid.len() < 4_000);
}

#[test]
fn a_page_of_thousands_of_findings_and_instances_stays_small() {
    const MANY: usize = 3_000;
    let mut run = instances(MANY);
    let id =
        run.file("shops/all.yaml", "a: 1\nservices_connector/services_id/enviroment_id: x\nb: 2\n");
    let at = run.at(id, "enviroment_id");
    for number in 0..MANY {
        let finding =
            Finding::new(at, format!("`enviroment_id` of `shop-{number:03}` is no setting"));
        let finding = finding.help("write `environment_id`".to_owned());
        run.error("misspelt-setting", finding.of([format!("shop-{number:03}")]));
    }
    let page = run.print(&PAGE);
    assert!(page.len() < 3_600_000, "{}", page.len());
    let whole = page.matches("<details class=\"finding\"").count();
    let lines = page.matches("<li data-instances=").count();
    assert!(whole > 500 && lines > 500 && whole + lines == MANY, "{whole} {lines}");
    let told = format!("<p class=\"quiet\">Of {lines} findings there is no room here");
    assert!(page.contains(&told), "the page says what it leaves out");
    let drawn = page.matches("<title>shop-").count();
    assert!(page.contains(&format!("Not drawn: {} more instances", MANY - drawn)), "{drawn}");
    let rows = page.matches("<span class=\"name\">shop-").count();
    assert!(
        page.contains(&format!("Of {} instances more there is no room", MANY - rows)),
        "{rows}"
    );
}
