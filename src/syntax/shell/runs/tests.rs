//! Scripts, and what is left of them in each of their runs.

use super::*;

/// The runs of a script, each with what is left of it.
fn shown(script: &str) -> Vec<String> {
    let shown = |run: Run| {
        let words: Vec<String> = run.words.into_iter().map(|given| given.word).collect();
        let sign = if run.is_otherwise { "!" } else { "" };
        let text = run.scripts.iter().map(|ran| ran.text.replace(';', " ")).collect::<String>();
        let left: Vec<&str> = text.split_whitespace().collect();
        format!("{sign}{}: {}", words.join(" "), left.join(" "))
    };
    runs(script, None).into_iter().map(shown).collect()
}

#[test]
fn what_is_never_run_is_gone_and_nothing_else() {
    let left = |script: &str| {
        let text = without_dead(script).unwrap_or_else(|| script.to_owned());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (script, expected) in [
        ("a\nexit 0\nb", "a exit 0"),
        ("a\nfalse && b\nc", "a c"),
        ("a\ntrue || b\nc", "a c"),
        ("die() { exit 1; }\na\ndie\nb", "die() { exit 1; } a die"),
        ("exec ./other.sh\nb", "exec ./other.sh"),
    ] {
        assert_eq!(left(script), expected, "{script}");
    }
    for living in [
        "exec > log 2>&1\nb",
        "exec 3>&1\nb",
        "exec {log}> file\nb",
        "{ a; exit 0; } &\nb",
        "( exit 0 )\nb",
        "a | { exit 0; }\nb",
        "x || exit 1\nb",
        "while x; do exit 0; done\nb",
        "if x; then exit 0; fi\nb",
        "case $1 in a) exit;; esac\nb",
        "f() { exit 1; }\nx && f\nb",
        "trap 'exit 0' EXIT\nb",
        "[ -n \"$1\" ] && exit\nb",
    ] {
        assert!(left(living).ends_with('b'), "{living}: {}", left(living));
    }
}

#[test]
fn hostile_scripts_are_parsed_in_linear_time_and_little_room() {
    let started = crate::syntax::effort::Effort::begin();
    let units = "! %a() %function a %[[ a || %[[ ! %{ %( %if %case a in %case $1 in a) %<( %<<E\n%[ $1 = a ] && %$(a %f() { f; f; }; f; %a & %((";
    for unit in units.split('%') {
        for head in ["", "[[ ", "case $1 in a) b;; esac\n", "[ $1 = a ] "] {
            let text = format!("{head}{}", unit.repeat(12_000));
            let from = crate::syntax::effort::Effort::begin();
            let _ = (runs(&text, None).len(), without_dead(&text));
            assert!(from.spent().as_secs() < 5, "{head:?} {unit:?}");
        }
    }
    assert!(started.spent().as_secs() < 60, "parsing took {:?}", started.spent());
}

#[test]
fn what_decides_is_done_and_what_is_not_run_is_gone() {
    for (script, expected) in [
        ("case $1 in\n a) x ;;\n b|c) y ;;\nesac\nz\n", "a: x z|b: y z|c: y z|!a: z"),
        ("case $1 in a) x;; *) y;; esac", "a: x|!a: y"),
        ("if [ \"$1\" = a ]; then x; else y; fi", "a: x|!a: y"),
        ("if [ \"$E\" != a ]; then x; elif b; then y; fi", "a: if b then y fi|!a: x"),
        (
            "if b; then x; elif [[ $1 == a ]]; then y; else z; fi",
            "a: if b then x else y fi|!a: if b then x else z fi",
        ),
        ("if [ $1 = a ]; then\n x\n exit 0\nfi\ny\n", "a: x exit 0|!a: y"),
        ("[ $1 = a ] && x\n[ $1 = b ] && { y; }\n", "a: x|b: y|!a: "),
        ("[ $1 = a ] || exit 1\nx", "a: x|!a: exit 1"),
        ("[[ $1 == a ]] && S=x || S=y\nz $S", "a: S=x z $S|!a: S=y z $S"),
        ("if [ $1 = a ] || [ $1 = b ]; then x; else y; fi", "a: x|b: x|!a: y"),
        ("[[ $1 =~ ^(a|b)$ ]] && x", "a: x|b: x|!a: "),
        ("E=${1:-a}\ncase \"$E\" in a*) x;; esac", "a: E=${1:-a} x|!a: E=${1:-a}"),
        ("case \"$1:$2\" in k:a) x;; k:b) y;; esac", "k a: x|k b: y"),
        (
            "B=$(git branch)\nif [ $B = a ]; then x; else y; fi",
            "a: B=$(git branch) x|!a: B=$(git branch) y",
        ),
        (
            "m() { case $1 in a) x;; esac; }\nm \"$@\"",
            "a: m() { case $1 in a) x esac } m \"$@\"|!a: m() { case $1 in a) x esac } m \"$@\"",
        ),
        ("for i in 1 2; do [ $i = a ] && x; done", ""),
        ("if [ \"$DRY\" = yes ]; then x; fi", ""),
        ("case $ROLE in web) x;; cron) y;; esac", ""),
        ("read E\ncase $E in a) x;; esac", ""),
        ("if [ -f a ]; then x; fi", ""),
        // What merely counts letters up asks for no word, and is not known of what is none of the words.
        (
            "if [[ $1 =~ [^a-z0-9-] ]]; then x; fi; case $1 in a) y;; esac",
            "a: y|!a: if [[ $1 =~ [^a-z0-9-] ]] then x fi",
        ),
        (
            "[[ $1 =~ ^[a-z-]+$ ]] || exit 1\ncase $1 in a) y;; esac",
            "a: y|!a: [[ $1 =~ ^[a-z-]+$ ]] || exit 1",
        ),
        ("if [[ $1 == @(a|b) ]]; then x; else y; fi", "a: x|b: x|!a: y"),
        ("if [[ $1 != !(a) ]]; then x; else y; fi", "a: x|!a: y"),
        ("if [ \\( $1 = a -o $1 = b \\) -a 1 -lt 2 ]; then x; else y; fi", "a: x|b: x|!a: y"),
        ("if [[ ( $1 == a || $1 == b ) && 2 -gt 1 ]]; then x; else y; fi", "a: x|b: x|!a: y"),
        (
            "N=0; [ $1 = a ] && N=2\nif (( N * 2 > 3 )); then x; else y; fi",
            "a: N=0 N=2 x|!a: N=0 y",
        ),
        ("if expr $1 : 'a' >/dev/null; then x; else y; fi", "a: x|!a: y"),
        ("if [ \"${1,,}\" = a ]; then x; else y; fi", "a: x|!a: y"),
        (
            "if [[ \" a b \" == *\" $1 \"* ]]; then x; else y; fi",
            "a: x|b: x|!a: if [[ \" a b \" == *\" $1 \"* ]] then x else y fi",
        ),
        (
            "f() { [ $1 = a ]; }\nif f $1; then x; fi",
            "a: f() { [ $1 = a ] } x|!a: f() { [ $1 = a ] }",
        ),
        ("if echo $1 | grep -q '^a'; then x; fi", "a: x|!a: "),
        ("N=0\n[ $1 = a ] && let N+=1\n[ $N = 1 ] && x", "a: N=0 let N+=1 [ $N = 1 ] && x|!a: N=0"),
    ] {
        assert_eq!(shown(script).join("|"), expected, "{script}");
    }
}
