//! Comments in files in which nothing is found: what they would accept is told to be missing, and no other text is.

use super::scratch::{Done, Scratch, data_space};

const ALLOW: &str = "commerce-lint: allow placeholder-value -- created in June";

fn check(scratch: &Scratch, arguments: &[&str]) -> Done {
    let line = ["check", "--output-format", "line", "--now", "2027-01-01"];
    scratch.run(&[&line, arguments].concat())
}

/// What is told, without the closing line.
fn told(done: &Done) -> Vec<&str> {
    done.out.lines().filter(|line| line.contains(": warning: ")).collect()
}

#[test]
fn a_comment_in_a_file_that_holds_nothing_is_told() {
    let idle = "this comment allows `placeholder-value`, which is not found here [unused-waiver]";
    for (file, text, column) in [
        ("k8s/uat/a.yaml", format!("# {ALLOW}\nreplicas: 2\n"), 3),
        ("a.json", format!("// {ALLOW}\n{{}}\n"), 4),
        ("Makefile", format!("# {ALLOW}\nall:\n"), 3),
        ("app/code/Shop/Saas/Model/Feed.php", format!("<?php // {ALLOW}\n"), 10),
        ("etc/di.xml", format!("<!-- {} -->\n<config/>\n", ALLOW.replace("--", "-")), 6),
        ("deploy.sh", format!("echo # {ALLOW}\r\n"), 8),
    ] {
        let done = check(&Scratch::of(&[(file, &text)]), &[]);
        assert_eq!(told(&done), [format!("{file}:1:{column}: warning: {idle}")], "{text}");
        assert_eq!(done.code, 0, "a warning");
    }
    let large = format!("{}# {ALLOW}\n", "replicas: 2\n".repeat(40_000));
    assert_eq!(told(&check(&Scratch::of(&[("a.yaml", &large)]), &[])).len(), 1);
    let wide: Vec<u8> =
        format!("\u{feff}# {ALLOW}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let scratch = Scratch::new();
    scratch.write("a.yaml", wide);
    assert_eq!(told(&check(&scratch, &[])).len(), 1);
}

#[test]
fn what_is_wrong_with_it_is_told_there_too() {
    for (comment, expected) in [
        ("allow placeholder-value", "this comment allows `placeholder-value` without a reason"),
        (
            "allow placeholder-value created",
            "this comment allows `placeholder-value` without a reason",
        ),
        (
            "allow placeholder-values -- x",
            "this comment allows the unknown rule `placeholder-values`",
        ),
        ("allow p8eZk3vQ9xT7 -- x", "this comment allows the unknown rule `p8eZk3…`"),
        ("allow", "this comment says nothing that is understood"),
        ("allow -- x", "this comment names no rule"),
        ("allow(placeholder-value)", "this comment says nothing that is understood"),
        ("Allow placeholder-value -- x", "this comment says nothing that is understood"),
        ("disable-next-line placeholder-value", "this comment says nothing that is understood"),
        ("ignore", "this comment says nothing that is understood"),
        ("allow weakened-policy -- x", "`weakened-policy` cannot be waived"),
        (
            "allow plaintext-private-key -- x",
            "this comment cannot allow `plaintext-private-key`, which is an error here",
        ),
    ] {
        let text = format!("# commerce-lint: {comment}\nreplicas: 2\n");
        let done = check(&Scratch::of(&[("a.yaml", &text)]), &[]);
        assert_eq!(told(&done), [format!("a.yaml:1:3: warning: {expected} [unused-waiver]")]);
    }
    let text = "# commerce-lint: allow placeholder-values -- x\n";
    let pretty = Scratch::of(&[("a.yaml", text)]).run(&["check"]).out;
    assert!(pretty.contains("help: did you mean `placeholder-value`?"), "{pretty}");
    let off = Scratch::of(&[
        ("commerce-lint.toml", "rules.placeholder-value = \"off\"\n"),
        ("a.yaml", &format!("# {ALLOW}\n")),
    ]);
    assert!(told(&check(&off, &[]))[0].contains("allows `placeholder-value`, which is off"));
}

#[test]
fn what_only_speaks_of_the_tool_is_no_waiver() {
    let scratch = Scratch::of(&[
        ("README.md", &format!("Write `# {ALLOW}`.\n```yaml\n# {ALLOW}\n```\n")),
        ("notes.txt", ALLOW),
        ("a.json", &format!("{{\"how\": \"// {ALLOW}\"}}")),
        ("a.yaml", &format!("how: '# {ALLOW}'\n")),
        ("a.php", &format!("<?php $how = '// {ALLOW}';\n")),
        ("a.sh", &format!("echo 'write # {ALLOW}'\n")),
        (
            ".gitlab-ci.yml",
            "# commerce-lint: checks the configuration\ncommerce-lint:\n  script: x\n",
        ),
        (
            "b.yaml",
            "# commerce-lint: skip the vendor folder here\n# commerce-lint: ignores links\n",
        ),
        (
            "c.yaml",
            &format!("# see commerce-lint: allow\n# - {}\n", ALLOW.replace("lint:", "lint")),
        ),
    ]);
    assert_eq!(told(&check(&scratch, &[])), [""; 0]);
}

/// `script: - |`, `run: |`, `env.php` in a `ConfigMap`: what stands there is read, and so are its comments.
#[test]
fn comments_in_texts_within_a_file_count() {
    let set = "bin/magento config:set services_connector/services_id/project_id TODO";
    let step = |name: &str, comment: &str| {
        format!("production:\n  {name}:\n    - |\n      {comment}\n      {set}\n")
    };
    for (file, text) in [
        (".gitlab-ci.yml", step("script", "# {}")),
        (".github/workflows/deploy.yml", format!("jobs:\n  production:\n    steps:\n      - run: |\n          # {{}}\n          {set}\n")),
        ("k8s/prod/map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata:\n  env.php: |\n    <?php return ['system' => ['default' => ['services_connector' => ['services_id' => [\n      // {}\n      'project_id' => 'TODO',\n    ]]]]];\n".to_owned()),
    ] {
        let with = |said: &str| check(&Scratch::of(&[(file, &text.replace("{}", said))]), &[]);
        let found = told(&with("nothing")).len();
        let done = with(ALLOW);
        assert_eq!((found, told(&done).len()), (1, 0), "{file}: {}", done.all());
        assert!(done.out.contains("1 accepted"), "{}", done.out);
    }
    // What is not taken apart for its comments is told.
    let done = check(&Scratch::of(&[("a.sh", &format!("cat <<END\n# {ALLOW}\nEND\n"))]), &[]);
    let stray = "a.sh:2:3: warning: this comment stands in a text that is not searched for comments [unused-waiver]";
    assert_eq!(told(&done), [stray]);
    let idle = check(&Scratch::of(&[("a.yaml", &format!("long: |\n  # {ALLOW}\n"))]), &[]);
    assert_eq!(told(&idle).len(), 1, "{}", idle.out);
}

#[test]
fn samples_and_the_code_of_others_are_left_alone() {
    let text = format!("# {ALLOW}\n# commerce-lint: allow nothing\nreplicas: 2\n");
    for file in [
        "docs/a.yaml",
        "tests/a.yaml",
        "vendor/shop/module/a.yaml",
        "node_modules/x/a.yaml",
        "a.yaml.dist",
        ".env.example",
        "rules/fixtures/a.yaml",
    ] {
        assert_eq!(told(&check(&Scratch::of(&[(file, &text)]), &[])), [""; 0], "{file}");
    }
    let key = include_str!("../../../fixtures/keys/rsa-encrypted-pkcs8.pem");
    let indented = key.replace('\n', "\n  ");
    let found = format!("{text}key: |\n  {indented}\n");
    let done = check(&Scratch::of(&[("tests/a.yaml", &found)]), &[]);
    assert_eq!(told(&done).len(), 3, "where something is found, somebody wonders: {}", done.out);
}

#[test]
fn what_this_run_cannot_know_is_not_told() {
    let change = "# commerce-lint: allow production-key-change -- rotated in June\n";
    let scratch =
        Scratch::of(&[("a.yaml", change), ("commerce-lint.toml", "exclude = [\"old\"]\n")]);
    scratch.write("old/a.yaml", format!("# {ALLOW}\n"));
    assert_eq!(told(&check(&scratch, &[])), [""; 0]);
    scratch.write("b.yaml", format!("# {ALLOW}\n"));
    assert_eq!(told(&check(&scratch, &[])).len(), 1);
    assert_eq!(told(&check(&scratch, &["b.yaml"])), [""; 0], "a file alone is not the tree");
    assert_eq!(told(&check(&scratch, &["--no-waivers"])), [""; 0]);
}

#[test]
fn states_are_judged_by_what_is_now() {
    let scratch = Scratch::of(&[("a.yaml", "replicas: 2\n")]);
    scratch.git("init -q");
    scratch.git("add -A");
    scratch.git("commit -qm before");
    scratch.write("a.yaml", format!("# {ALLOW}\nreplicas: 2\n"));
    let base = check(&scratch, &["--base", "HEAD"]);
    assert_eq!(told(&base).len(), 1, "{}", base.out);
    assert_eq!(told(&check(&scratch, &["--staged"])), [""; 0], "it is not staged");
    scratch.git("add -A");
    assert_eq!(told(&check(&scratch, &["--staged"])), told(&base));
    scratch.git("commit -qm now");
    scratch.write("a.yaml", data_space("not-a-uuid"));
    let gone = check(&scratch, &["--base", "HEAD"]);
    assert_eq!(told(&gone), [""; 0], "{}", gone.out);
    let between = check(&scratch, &["--from", "HEAD", "--to", "HEAD~1"]);
    assert_eq!(told(&between), [""; 0], "{}", between.out);
    assert_eq!(told(&check(&scratch, &["--history"])), [""; 0]);
}

#[test]
fn each_branch_answers_for_its_own_comments() {
    let scratch = Scratch::of(&[("a.yaml", &format!("# {ALLOW}\nreplicas: 2\n"))]);
    let branches = "[instances.production]\nbranch = \"production\"\nkind = \"production\"\n\n\
                    [instances.staging]\nbranch = \"staging\"\nkind = \"non-production\"\n";
    scratch.write("commerce-lint.toml", branches);
    scratch.git("init -q -b production");
    scratch.git("add -A");
    scratch.git("commit -qm production");
    scratch.git("branch staging");
    assert_eq!(told(&check(&scratch, &[])).len(), 1);
    scratch.git("checkout -q staging");
    scratch.write("a.yaml", "replicas: 2\n");
    scratch.git("commit -qam staging");
    let done = check(&scratch, &[]);
    assert_eq!(told(&done), [""; 0], "{}", done.all());
}

#[test]
fn comments_without_number_cost_little() {
    let text =
        format!("{{{}}}", "/* commerce-lint: allow placeholder-value -- x */ ".repeat(200_000));
    let done = check(&Scratch::of(&[("a.json", &text)]), &[]);
    assert_eq!(told(&done).len(), 1000, "{}", done.err);
}
