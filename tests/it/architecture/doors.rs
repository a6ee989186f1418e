//! What of the crate is public: what the program, its tests and its benchmarks use. The rest is the crate's own, so that the compiler sees what
//! nobody uses. What `fuzz/` uses beside that stands in one room, which only its own build has.

use super::files;
use super::scanner::{after, code_of};

#[test]
fn a_room_is_public_only_where_somebody_outside_uses_it() {
    let lib = super::sources().into_iter().find(|(path, _)| path == "lib.rs");
    let (_, lib) = lib.expect("the crate has a root");
    let lib = lib.replace("#[cfg(fuzzing)]\npub mod fuzzing;\n", "");
    let main = super::sources().into_iter().filter(|(path, _)| path == "main.rs");
    let outside = ["tests", "benches"].into_iter().flat_map(files).chain(main);
    let outside: Vec<String> = outside.map(|(_, text)| code_of(&text)).collect();
    assert_eq!(unused(&lib, &outside), Vec::<String>::new(), "say `mod` of them in src/lib.rs");
}

#[test]
fn a_public_room_that_nobody_uses_is_found() {
    let outside =
        ["use commerce_lint::{run, source::Span};\nfn f() { commerce_lint::rule::g() }".to_owned()];
    assert_eq!(
        unused("mod a;\npub mod rule;\npub mod source;\npub mod mask;\n", &outside),
        ["mask"]
    );
}

/// The rooms that a crate's root makes public, and that none of these codes names.
fn unused(lib: &str, outside: &[String]) -> Vec<String> {
    let used: Vec<String> =
        outside.iter().flat_map(|code| after(code, "commerce_lint::")).collect();
    let public = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    public.filter(|room| !used.iter().any(|name| name == room)).map(str::to_owned).collect()
}
