//! Statements in little, text that is no SQL, and dumps in pieces.

use proptest::prelude::*;

use super::abridge::Abridger;
use super::*;
use crate::source::{Position, Source};

/// Every row as `verb column=value …`, with `?` for what is computed.
fn rows(text: &str) -> Vec<String> {
    let parsed = Sql.parse(SourceId(0), text);
    let shown = |node: &Node| match &node.kind {
        NodeKind::Scalar(text) => text.clone(),
        NodeKind::Null => "NULL".to_owned(),
        _ => "?".to_owned(),
    };
    let mut all = Vec::new();
    for statement in parsed.documents.iter().flat_map(Node::items) {
        let Some(entry) = statement.entries().first() else { continue };
        for row in entry.value.items() {
            let columns = row
                .entries()
                .iter()
                .map(|column| format!(" {}={}", shown(&column.key), shown(&column.value)));
            all.push(format!("{}{}", shown(&entry.key), columns.collect::<String>()));
        }
    }
    all
}

fn problems(text: &str) -> usize {
    Sql.parse(SourceId(0), text).problems.len()
}

#[test]
fn rows_have_the_names_of_their_columns() {
    assert_eq!(
        rows(
            "INSERT INTO `mg_core_config_data` VALUES (1,'default',0,'a/b','x','2024-01-01'),(2,'stores',3,'c',NULL,'');"
        ),
        [
            "insert config_id=1 scope=default scope_id=0 path=a/b value=x",
            "insert config_id=2 scope=stores scope_id=3 path=c value=NULL"
        ]
    );
    assert_eq!(
        rows("replace into db.core_config_data (`value`, path) values (CONCAT('a', 'b'), \"p\")"),
        ["replace value=ab path=p"]
    );
    assert_eq!(
        rows(
            "INSERT IGNORE core_config_data SET path='p', value=@x ON DUPLICATE KEY UPDATE value=1;"
        ),
        ["insert path=p value=?"]
    );
}

#[test]
fn conditions_name_paths() {
    assert_eq!(
        rows(
            "UPDATE core_config_data c SET c.value = 'it''s', x=1 WHERE c.path IN ('a','b') AND scope='default' LIMIT 1;"
        ),
        ["update value=it's path=a scope=default", "update value=it's path=b scope=default"]
    );
    assert_eq!(
        rows(
            "DELETE FROM {{prefix}}core_config_data WHERE path LIKE 'a%' AND path NOT LIKE 'b%' OR `path` = 'c';"
        ),
        ["delete like=a%", "delete path=c"]
    );
    assert_eq!(
        rows("TRUNCATE TABLE core_config_data; DELETE FROM core_config_data"),
        ["truncate", "delete"]
    );
    assert_eq!(
        rows("UPDATE core_config_data SET value = REPLACE(value, 'a', 'b');"),
        ["update value=?"]
    );
}

#[test]
fn other_statements_are_passed_over_with_their_strings_and_comments() {
    let own = "DELETE FROM core_config_data WHERE path='p';";
    for other in [
        "INSERT INTO x VALUES ('; DELETE FROM core_config_data');",
        "INSERT INTO x VALUES ('it''s \\'; ');",
        "-- it's\n",
        "# it's\n",
        "/* it's */",
        "/*!40000 ALTER TABLE `core_config_data` DISABLE KEYS */;",
        "DELIMITER $$\nCREATE PROCEDURE p() BEGIN UPDATE core_config_data SET value=1; END$$\nDELIMITER ;\n",
        "INSERT INTO core_config_data_backup SELECT * FROM core_config_data;",
        "SELECT \"never closed\n",
    ] {
        assert_eq!(rows(&format!("{other}{own}")), ["delete path=p"], "{other}");
        assert_eq!(problems(&format!("{other}{own}")), 0, "{other}");
    }
}

#[test]
fn a_string_without_end_spoils_its_own_statement_only() {
    let text = "UPDATE core_config_data SET value='x WHERE path = 'a';\nUPDATE core_config_data SET value='y' WHERE path = 'b';";
    assert_eq!(rows(text).last().map(String::as_str), Some("update value=y path=b"));
    assert_eq!(problems(text), 1);
    let text =
        "INSERT INTO core_config_data VALUES (1,'default',0,'a','x\nDELETE FROM core_config_data;";
    assert_eq!(
        rows(text),
        ["insert config_id=1 scope=default scope_id=0 path=a value=?", "delete"]
    );
    assert_eq!(problems(text), 1);
}

#[test]
fn hostile_text_is_read_in_linear_time() {
    let started = crate::syntax::effort::Effort::begin();
    for unit in
        ["'", "\\'\n", "(", "/*", "`\n", ";", "\";\nset ", "update core_config_data set ", ",'"]
    {
        let text = unit.repeat(100_000);
        Sql.parse(SourceId(0), &text);
        Sql.parse(SourceId(0), &format!("INSERT INTO core_config_data VALUES ({text}"));
        Sql.parse(SourceId(0), &format!("UPDATE core_config_data SET value={text}"));
    }
    assert!(started.spent().as_secs() < 30, "reading took {:?}", started.spent());
}

/// Every scalar with its place.
fn scalars(source: &Source) -> Vec<(Position, String)> {
    let parsed = Sql.parse(SourceId(0), source.text());
    let mut all = Vec::new();
    for statement in parsed.documents.iter().flat_map(Node::items) {
        for entry in statement.entries() {
            let rows = entry.value.items().iter().flat_map(Node::entries);
            for node in rows.flat_map(|column| [&column.key, &column.value]).chain([&entry.key]) {
                let text = node.as_str().unwrap_or("?").to_owned();
                all.push((source.position(node.at.span.start), text));
            }
        }
    }
    all
}

fn abridged(text: &str, size: usize, room: usize) -> Option<Source> {
    let tells = |string: &[u8]| memchr::memmem::find(string, b"PRIVATE KEY").is_some();
    let mut abridger = Abridger::new(&tells, room);
    let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
    for (index, piece) in pieces.iter().enumerate() {
        abridger.push(piece, index + 1 == pieces.len());
    }
    Some(Source::of_parts("a.sql".into(), abridger.parts()?))
}

proptest! {
    #[test]
    fn a_dump_in_pieces_says_what_it_says_as_a_whole(
        parts in proptest::collection::vec(prop_oneof![
            Just("INSERT INTO `mg_core_config_data` VALUES (1,'default',0,'a/b','it''s é'),(2,'stores',1,'c','x\ny');"),
            Just("\nUPDATE core_config_data SET value = 'a;b' WHERE path LIKE 'é\\'%';"),
            Just("DELETE FROM core_config_data"),
            Just("INSERT INTO `cms_block` VALUES ('é; \\'UPDATE core_config_data', \"it's\");\n"),
            Just("-- it's\n"), Just("# é\n"), Just("/* it's; */"), Just("/*!40000 ALTER TABLE x */;"),
            Just(";"), Just("\n"), Just(" "), Just("SELECT `a;b` FROM `é`;\r\n"),
        ], 0..12),
        size in 1..40_usize,
    ) {
        let text = parts.concat();
        let whole = Source::new("a.sql".into(), text.clone().into_bytes());
        let pieces = abridged(&text, size, usize::MAX).expect("there is room for all");
        prop_assert_eq!(scalars(&pieces), scalars(&whole), "{}", text);
    }

    #[test]
    fn pieces_of_anything_do_no_harm(text in "[-'\"`;#/*!\\\\ \nadetu_é]{0,80}", size in 1..10_usize) {
        let source = abridged(&text, size, 40).unwrap_or_else(|| Source::of_parts("a".into(), Vec::new()));
        Sql.parse(SourceId(0), source.text());
    }
}

#[test]
fn a_key_in_another_table_is_kept_with_its_place() {
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHZeaCVsHrfUHo1sQKnIljmdgn89L8J7Xc7iYKpidj5U\n-----END PRIVATE KEY-----";
    let own = "DELETE FROM core_config_data WHERE path = 'p';";
    let text = format!("INSERT INTO x VALUES (1,\n'{key}');\n{own}");
    let source = abridged(&text, 7, 1 << 10).expect("there is room for both");
    let at = u32::try_from(source.text().find("-----BEGIN").expect("the key is kept"));
    assert_eq!(source.position(at.expect("it is near")).line, 2);
    let whole = Source::new("a.sql".into(), text.into_bytes());
    assert_eq!(scalars(&source), scalars(&whole));
    assert!(abridged(&format!("{own}{own}"), 7, 50).is_none(), "what there is no room for is told");
}

const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHZeaCVsHrfUHo1sQKnIljmdgn89L8J7Xc7iYKpidj5U\n-----END PRIVATE KEY-----";

#[test]
fn a_key_is_kept_wherever_a_dump_holds_it() {
    let commented = format!("-- {}", KEY.replace('\n', "\n-- "));
    let long = "x ".repeat(600 << 10);
    let filler = format!("INSERT INTO x VALUES ('{long}');\n");
    let near = |start: usize| format!("INSERT INTO x VALUES (1,'{}{KEY}{long}');", &long[..start]);
    let mut dumps = vec![
        format!("{commented}\n"),
        format!("INSERT INTO x VALUES (1);\n{commented}\nINSERT INTO y VALUES (1);"),
        format!("INSERT INTO x -- why\n{commented}\n VALUES (1,'it');"),
        format!("SELECT 1 /*\n{KEY}\n*/;"),
        format!("INSERT INTO x VALUES (1,\n{commented}\n 2);"),
        format!("INSERT INTO x VALUES (\"{KEY}\");"),
        format!("INSERT INTO x VALUES (\"{long}\", \"{KEY}\");"),
    ];
    dumps.extend((0..4).map(|part| near((1 << 20) - part * KEY.len() / 3)));
    dumps.extend([30, 100, 140].map(|before| near((1 << 20) - before)));
    let body = KEY.lines().nth(1).expect("a key has a body");
    for dump in dumps {
        for (text, size) in [(filler.clone() + &dump, 1000), (dump + "\n" + &filler, 256 << 10)] {
            let source = abridged(&text, size, 4 << 20).expect("there is room");
            let start = source.text().find("-----BEGIN").expect("the start is kept");
            let end = source.text().find("-----END").expect("the end is kept");
            let within = &source.text()[start..end];
            assert!(within.contains(body), "{within}");
            let at = source.position(u32::try_from(start).expect("it is near"));
            let whole = Source::new("a.sql".into(), text.clone().into_bytes());
            let true_at = text.find("-----BEGIN").expect("it is there");
            assert_eq!(at, whole.position(u32::try_from(true_at).expect("it is near")));
        }
    }
}

#[test]
fn a_string_that_is_kept_hides_no_statement() {
    let own = "UPDATE core_config_data SET value = 'b' WHERE path = 'p';";
    let text = format!("INSERT INTO x VALUES ('{KEY} it\\'s');\n{own}");
    let source = abridged(&text, 7, 1 << 10).expect("there is room for both");
    assert_eq!(scalars(&source), scalars(&Source::new("a.sql".into(), text.into_bytes())));
}

#[test]
fn keys_without_end_take_no_more_room_than_there_is() {
    let text = format!("INSERT INTO x VALUES ('{}');", KEY.repeat(20_000));
    assert!(abridged(&text, 1 << 10, 1 << 20).is_none());
}
