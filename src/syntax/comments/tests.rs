//! Comments and decoys, format by format.

use crate::syntax::{FORMATS, format_of};

const WORD: &str = "tool:";

/// `path`, and a text in which each comment says `tool: N`, N counted from 1, and everything else says `tool: no`.
const CASES: &[(&str, &str)] = &[
    (
        "a.yaml",
        "# tool: 1\na: x # tool: 2\nb: x# tool: no\nc: '# tool: no'\nd: \" # tool: no\"\ne: |\n  # tool: no\n  y\n# tool: 3\n\
         f: it's # tool: 4\ng: >-\n\n  # tool: no\nh: plain\n  # tool: 5\ni: [a, # tool: 6\n  'b\n  # tool: no\n  ']\n\
         \"# tool: no\": &x\n  ## tool: 7\n  k: *x # tool: 8\nl: !vault |\n  # tool: no\n",
    ),
    ("b.yml", "a:\n  - |\n    # tool: no\n  # tool: 1\n  - b\n---\n# tool: 2\nc: d\n"),
    (
        "env.php",
        "# tool: no\n<?php // tool: 1\n# tool: 2\n/* tool: 3 */ $a = 'x // tool: no'; /** tool: 4 **/\n$b = \"# tool: no\";\n\
         $c = <<<EOT\n// tool: no\nEOT;\n$d = <<<'X'\n# tool: no\n  X . 'a'; // tool: 5\n#[tool: no]\n$e = 'it\\'s // tool: no'; // tool: 6 ?>\n\
         // tool: no\n<?= 1 // tool: 7\n",
    ),
    (
        "a.json",
        "// tool: 1\n{\"a\": \"// tool: no\", /* tool: 2 */ \"b\": \"\\\" /* tool: no */\" // tool: 3\n# tool: no\n}\n",
    ),
    (
        "a.toml",
        "# tool: 1\na = \"# tool: no\" # tool: 2\nb = '\\' # tool: 3\nc = \"\"\"\n# tool: no\n\"\"\"\nd = '''\n# tool: no'''#tool: 4\n",
    ),
    (
        "a.tf",
        "# tool: 1\na = \"# tool: no\" // tool: 2\nb = \"${f(\"# tool: no\")} // tool: no\" /* tool: 3 */\nc = <<-EOT\n  # tool: no\n  EOT\n\
         # tool: 4\nd = 1 << 2\n# tool: 5\n",
    ),
    (
        "a.sql",
        "-- tool: 1\n--tool: no\n# tool: 2\nINSERT INTO x VALUES ('-- tool: no', \"it''s # tool: no\", 'a\\' -- tool: no'); -- tool: 3\n\
         /*!40000 tool: no */ /* tool: 4 */ SELECT `# tool: no`; SELECT 5 --tool: no\n",
    ),
    (
        "a.xml",
        "<a b='c'><!-- tool: 1 --><![CDATA[<!-- tool: no -->]]>tool: no\n<!--\n tool: 2\n--></a>",
    ),
    (
        "php.ini",
        "; tool: 1\n# tool: 2\na = b ; tool: 3\nc = d;tool: no\ne = '; tool: no'\nf = g # tool: no\nh = it's\n; tool: 4\n",
    ),
    (
        "nginx.conf",
        "# tool: 1\nfastcgi_param A b; # tool: 2\nfastcgi_param B 'c\n# tool: no\n';\nlocation / { # tool: 3\n} # tool: 4\n",
    ),
    (
        "a.rb",
        "# tool: 1\na['b'] = 'c' # tool: 2\nb = \"# tool: no #{x['# tool: no']}\"\nc = <<~EOS\n  # tool: no\nEOS\n# tool: 3\nx << y\n# tool: 4\n",
    ),
    (
        ".env.prod",
        "# tool: 1\nA=b # tool: 2\nB=c# tool: no\nC='# tool: no'\nD=\"\n# tool: no\n\"\nE=it's\n# tool: 3\nF=isn't # tool: 4\n",
    ),
    (
        "a.sh",
        "#!/bin/sh\n# tool: 1\na 'b # tool: no' # tool: 2\nb \"# tool: no\" c# tool: no\ncat <<EOF # tool: 3\n# tool: no\nEOF\n# tool: 4\n\
         cat <<-'X'\n\t# tool: no\n\tX\nc \\' # tool: 5\nd \"$(e \" # tool: no\")\"; # tool: 6\nf <<< g\n# tool: 7\n",
    ),
    ("Makefile", "# tool: 1\na:\n\tb 'c # tool: no' # tool: 2\n$(error don't)\n# tool: 3\n"),
    ("justfile", "# tool: 1\na:\n    b 'c # tool: no' # tool: 2\n# tool: 3\n"),
    ("Dockerfile", "# tool: 1\nENV A=b # tool: no\nRUN <<EOF\n# tool: no\nEOF\n  # tool: 2\n"),
    (
        "Jenkinsfile",
        "// tool: 1\nsh '''\n// tool: no\n# tool: no\n'''\na = 'https://b' // tool: 2\n/* tool: 3 */ c = \"${d('// tool: no')}\"\n# tool: no\n",
    ),
    (
        "a.py",
        "# tool: 1\na = 'b # tool: no' # tool: 2\n\"\"\"c\n# tool: no\n\"\"\"\nd = f\"# tool: no\"# tool: 3\n",
    ),
    (
        "a.ps1",
        "# tool: 1\n$a = 'b # tool: no' # tool: 2\n<# tool: 3 #>\n$c = @\"\n# tool: no\n\"@\nphp d#tool: no \"# tool: no $(e '# tool: no')\"; # tool: 4\n",
    ),
];

#[test]
fn comments_are_told_from_strings() {
    for (path, text) in CASES {
        let format = format_of(path).expect(path);
        let comments = format.comments(text, WORD);
        let said: Vec<&str> =
            comments.iter().filter_map(|comment| text.get(comment.text.range())).collect();
        let expected: Vec<String> =
            (1..=said.len()).map(|number| format!("tool: {number}")).collect();
        assert_eq!(said, expected, "{path}");
        let last = format!("tool: {}", said.len() + 1);
        assert!(
            !text.contains(&last) && !said.is_empty(),
            "{path}: `{last}` is not found in\n{text}"
        );
        for comment in comments {
            let at = text.get(comment.at.range()).expect("it lies in the text");
            assert!(at.starts_with(['#', '/', '-', ';', '<']), "{path}: {at}");
        }
    }
}

#[test]
fn every_format_has_a_case() {
    for format in FORMATS {
        assert!(CASES.iter().any(|(path, _)| format.claims(path)), "{}", format.name());
    }
}

#[test]
fn a_comment_knows_whether_it_is_alone_on_its_line() {
    let format = format_of("a.toml").expect("it is TOML");
    let comments = format.comments("  # tool: a\nb = 1 # tool: c\n# tool: d", WORD);
    assert_eq!(
        comments.iter().map(|comment| comment.alone).collect::<Vec<_>>(),
        [true, false, true]
    );
}

#[test]
fn no_text_takes_long_or_breaks_the_scan() {
    let parts = [
        "'", "\"", "\"$(", "<<A\n", "/*", "`", "<?php ", "é", "\\", "#", "<!--", "\"${\"", " ; ",
        "<<<X\n", "\n",
    ];
    for part in parts {
        for path in
            ["a.php", "a.sh", "a.sql", "a.tf", "a.xml", "a.ini", "a.toml", ".env.x", "Jenkinsfile"]
        {
            let text = part.repeat(40_000) + "# tool: x";
            let format = format_of(path).expect(path);
            for comment in format.comments(&text, WORD) {
                assert!(text.get(comment.at.range()).is_some());
            }
        }
    }
}
