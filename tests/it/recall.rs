//! What runs of one process recall changes nothing: each says what a run says that recalls nothing, whatever changed between them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use commerce_lint::date::Date;
use commerce_lint::discover::given::Texts;
use commerce_lint::report::Reporter as _;
use commerce_lint::report::json::Json;
use commerce_lint::run;
use commerce_lint::states::{Recall, Request, Terms};

/// A file is taken to be settled once it has not changed for longer than clocks of file systems are coarse.
const SETTLED: Duration = Duration::from_millis(4_100);

/// A tree and what is done to one of its files.
struct Case {
    folder: PathBuf,
    /// The file, its text, and the text that it gets.
    edit: Option<(String, Vec<u8>, Vec<u8>)>,
}

#[test]
fn runs_that_recall_say_what_a_fresh_run_says() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let mut cases: Vec<Case> = trees().iter().map(|tree| planted(tree, scratch.path())).collect();
    sleep(SETTLED);
    for (number, case) in cases.iter_mut().enumerate() {
        let request = Request { recall: Recall::new(), ..asked(&case.folder) };
        let (first, fresh) = (said(&request), said(&asked(&case.folder)));
        assert_eq!(first, fresh, "{}", case.folder.display());
        assert_eq!(said(&request), fresh, "{}", case.folder.display());
        let Some((path, before, after)) = &case.edit else { continue };
        typed(&request, case, number);
        // The same on disk, in place and by a file that takes the place of another.
        let file = case.folder.join(path);
        if number.is_multiple_of(2) {
            fs::write(&file, after).expect("the file is writable");
        } else {
            let beside = file.with_extension("beside");
            fs::write(&beside, after).expect("the file is writable");
            fs::rename(&beside, &file).expect("the file can be replaced");
        }
        assert_eq!(said(&request), said(&asked(&case.folder)), "{path}");
        fs::remove_file(&file).expect("the file can be removed");
        assert_eq!(said(&request), said(&asked(&case.folder)), "without {path}");
        fs::write(&file, before).expect("the file is writable");
        assert_eq!(said(&request), fresh, "{path} as it was");
    }
}

/// Types in a file, with the others as they were read last, as they are now, and without any of them on disk.
fn typed(request: &Request, case: &Case, number: usize) {
    let Some((path, before, after)) = &case.edit else { return };
    let given = |text: &[u8]| {
        let mut texts = Texts::default();
        assert!(texts.put(path, text));
        texts
    };
    for text in [after, before] {
        let texts = given(text);
        let fresh = said(&Request { texts: texts.clone(), ..asked(&case.folder) });
        let still = request.recall.still();
        for recall in [still, request.recall.clone()] {
            let typed = Request { texts: texts.clone(), recall, ..request.clone() };
            assert_eq!(said(&typed), fresh, "{path}");
        }
    }
    let is_configured = ["commerce-lint.toml", ".commerce-lint.toml"]
        .iter()
        .any(|name| case.folder.join(name).exists());
    if number.is_multiple_of(10) && !is_configured {
        let fresh = said(request);
        let aside = case.folder.with_extension("aside");
        let still = Request { recall: request.recall.still(), ..request.clone() };
        fs::rename(&case.folder, &aside).expect("the folder can be renamed");
        fs::create_dir(&case.folder).expect("the folder can be made");
        assert_eq!(said(&still), fresh, "nothing on disk is asked");
        fs::remove_dir(&case.folder).expect("the folder is empty");
        fs::rename(&aside, &case.folder).expect("the folder can be renamed");
    }
}

#[test]
fn what_is_read_for_its_name_is_recalled_and_read_again() {
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    let file = |path: &str, text: &str| {
        let path = scratch.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, text).expect("the file is writable");
    };
    let name = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
    file("prod/app.env", &format!("{name}=${{SPACE}}\n"));
    let given = |last: u8| format!("SPACE=11111111-2222-4333-8444-55555555555{last}\n");
    file("prod/more.env", &given(1));
    sleep(SETTLED);
    let request = Request { recall: Recall::new(), ..asked(scratch.path()) };
    for last in [1, 2] {
        file("prod/more.env", &given(last));
        for _ in 0..2 {
            let outcome = run(&request).expect("it is a tree");
            let values =
                outcome.inventory.settings.iter().map(|setting| format!("{:?}", setting.value));
            let is_it = |value: String| value.contains(&format!("5555555{last}"));
            assert!(values.into_iter().any(is_it), "{last}");
        }
        sleep(SETTLED);
    }
}

fn asked(folder: &Path) -> Request {
    let terms = Some(Terms { today: Date::of_seconds(1_790_000_000), baseline: true });
    Request { path: folder.into(), terms, ..Request::default() }
}

/// All that a run says, or why it says nothing.
fn said(request: &Request) -> String {
    match run(request) {
        Ok(outcome) => {
            let mut out = Vec::new();
            Json.report(&outcome.report(), &mut out).expect("it can be written");
            let instances = format!("{:?}", outcome.inventory.instances);
            String::from_utf8(out).expect("it is text") + &instances + &outcome.notes.join("\n")
        }
        Err(error) => error.in_words(),
    }
}

/// Some of the trees that are fixtures, a few files each.
fn trees() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/trees");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut trees: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is there").path())
        .filter(|path| path.is_dir())
        .collect();
    trees.sort();
    let step = 400 / crate::size(100, 400);
    trees.into_iter().step_by(step).collect()
}

fn planted(tree: &Path, scratch: &Path) -> Case {
    let folder = scratch.join(tree.file_name().expect("it has a name"));
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(tree).sort_by_file_name() {
        let entry = entry.expect("it is there");
        let below = entry.path().strip_prefix(tree).expect("it is below");
        let to = folder.join(below);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to).expect("it can be made");
        } else if entry.file_type().is_file() {
            fs::copy(entry.path(), &to).expect("it can be copied");
            files.push(below.to_string_lossy().replace('\\', "/"));
        }
    }
    let edit = files.get(files.len() / 2).map(|path| {
        let before = fs::read(folder.join(path)).expect("it is readable");
        (path.clone(), before.clone(), edited(before))
    });
    Case { folder, edit }
}

/// A text of the same length in which one digit is another, and one letter.
fn edited(mut text: Vec<u8>) -> Vec<u8> {
    if let Some(digit) = text.iter_mut().rev().find(|byte| byte.is_ascii_digit()) {
        *digit = if *digit == b'7' { b'3' } else { b'7' };
    }
    if let Some(letter) = text.iter_mut().rev().find(|byte| byte.is_ascii_lowercase()) {
        *letter = b'x';
    }
    text
}
