//! How the time of `check` grows with what a tree has many of: instances, objects, rows, findings, waivers.
//!
//! `cargo bench --bench scale` makes each tree twice, the second one four times as large, and prints the exponent of time over size: 1.0 is
//! linear. What an empty folder takes is taken off. Above 1.15 it fails. Then it times 50,000 instances and shows their peak memory. `--bench scale -- rows` measures what has `rows` in its name,
//! `--plant DIR` writes the small trees there.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod timing;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use timing::Contender;

const GROWTH: usize = 4;
const AIM: f64 = 1.15;
const LARGE: usize = 50_000;
const ROUNDS: usize = 3;

const SHARED: &str = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
const PATH: &str = "services_connector/services_id/environment_id";
const VARIABLE: &str = "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_ID__ENVIRONMENT_ID";
const API_KEY: &str =
    "CONFIG__DEFAULT__SERVICES_CONNECTOR__SERVICES_CONNECTOR_INTEGRATION__PRODUCTION_API_KEY";

/// The files of a tree that has `n` of something.
type Files = Vec<(String, String)>;

/// What there are many of, how many, and the tree.
type Case = (&'static str, usize, fn(usize) -> Files);

const CASES: [Case; 12] = [
    ("instances, distinct", 2_000, |n| {
        let file = |i: usize| (format!("shop{i}/prod/.env"), format!("{VARIABLE}={}\n", uuid(i)));
        (0..n).map(file).collect()
    }),
    ("instances, one data space", 2_000, |n| {
        let file = |i: usize| {
            let text = format!("{VARIABLE}={SHARED}\n{API_KEY}={i:032x}\n");
            (format!("shop{}/{}/.env", i / 2, ["prod", "staging"][i % 2]), text)
        };
        (0..n).map(file).collect()
    }),
    ("instances, pairs", 2_000, |n| {
        let file = |i: usize| {
            let text = format!("{VARIABLE}={}\n", uuid(i / 2));
            (format!("shop{}/{}/.env", i / 2, ["prod", "staging"][i % 2]), text)
        };
        (0..n).map(file).collect()
    }),
    ("files without settings", 4_000, |n| {
        let file = |i: usize| (format!("src/{}/{i}.php", i % 100), "<?php echo 1;\n".repeat(50));
        let own =
            (0..n / 60).map(|i| (format!("shop{i}/.env"), format!("{VARIABLE}={}\n", uuid(i))));
        (0..n).map(file).chain(own).collect()
    }),
    ("Kubernetes objects of one file", 2_000, |n| {
        let mut text = String::new();
        for i in 0..n {
            let _ = write!(
                text,
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop{i}\n  namespace: shop{i}-prod\ndata:\n  {VARIABLE}: {}\n",
                uuid(i)
            );
        }
        vec![("k8s/all.yaml".to_owned(), text)]
    }),
    ("Kubernetes workloads that take maps in", 1_000, |n| {
        let mut text = String::new();
        for i in 0..n {
            let _ = write!(
                text,
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map{i}\n  namespace: shop{i}-prod\ndata:\n  {VARIABLE}: {}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web{i}\n  namespace: shop{i}-prod\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          envFrom:\n            - configMapRef:\n                name: map{i}\n",
                uuid(i)
            );
        }
        vec![("k8s/all.yaml".to_owned(), text)]
    }),
    ("services of one compose file", 2_000, |n| {
        let mut text = String::from("services:\n");
        for i in 0..n {
            let _ =
                write!(text, "  shop{i}-prod:\n    environment:\n      {VARIABLE}: {}\n", uuid(i));
        }
        vec![("docker-compose.yml".to_owned(), text)]
    }),
    ("rows of one SQL statement", 8_000, |n| {
        let row = |i: usize| format!("({i},'stores',{i},'{PATH}','{}')", uuid(i));
        let rows: Vec<String> = (0..n).map(row).collect();
        let text = format!("INSERT INTO core_config_data VALUES {};\n", rows.join(","));
        vec![("prod/dump.sql".to_owned(), text)]
    }),
    ("kustomizations over one base", 1_000, |n| {
        let base = ("base/kustomization.yaml".to_owned(), "resources: []\n".to_owned());
        let overlay = |i: usize| {
            let text = format!(
                "resources: [../../base]\nnamespace: shop{i}-prod\nconfigMapGenerator:\n  - name: env\n    literals:\n      - {VARIABLE}={}\n",
                uuid(i)
            );
            (format!("overlays/shop{i}-prod/kustomization.yaml"), text)
        };
        std::iter::once(base).chain((0..n).map(overlay)).collect()
    }),
    ("folders below each other", 200, |n| {
        let mut files = Vec::new();
        for i in 0..n {
            let folder = "a/".repeat(i % 50);
            let text = format!(
                "configMapGenerator:\n  - name: env\n    literals:\n      - {VARIABLE}={}\n",
                uuid(i)
            );
            files.push((format!("t{}/{folder}kustomization.yaml", i / 50), text));
        }
        files
    }),
    ("findings of one file", 2_000, |n| {
        let stage = |i: usize| format!("shop{i}:\n  {PATH}: CHANGEME\n");
        vec![("values.yaml".to_owned(), (0..n).map(stage).collect())]
    }),
    ("waivers and findings", 1_000, |n| {
        let waiver = |i: usize| {
            format!(
                "[[waivers]]\nrule = \"placeholder-value\"\npath = \"shop{i}/prod/.env\"\nreason = \"known\"\nexpires = 2999-01-01\n"
            )
        };
        let own = ("commerce-lint.toml".to_owned(), (0..n).map(waiver).collect());
        let file = |i: usize| (format!("shop{i}/prod/.env"), format!("{VARIABLE}=CHANGEME\n"));
        std::iter::once(own).chain((0..n).map(file)).collect()
    }),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [option, folder] = arguments.as_slice()
        && option == "--plant"
    {
        for (name, size, files) in CASES {
            plant(&Path::new(folder).join(name.replace([' ', ','], "-")), &files(size));
        }
        return;
    }
    let wanted = arguments.first().map_or("", String::as_str);
    let empty = tempfile::tempdir().expect("a scratch folder can be made");
    let start = best(empty.path());
    println!("{:40} {:>7} {:>9} {:>9}  exponent", "what grows", "from", "ms", "ms × 4");
    let mut worst: f64 = 0.0;
    for (name, size, files) in CASES.into_iter().filter(|(name, ..)| name.contains(wanted)) {
        let times = [size, size * GROWTH].map(|size| {
            let scratch = tempfile::tempdir().expect("a scratch folder can be made");
            plant(scratch.path(), &files(size));
            best(scratch.path())
        });
        let net = times.map(|time| time.saturating_sub(start).as_secs_f64().max(0.001));
        let exponent = (net[1] / net[0]).ln() / f64::from(4).ln();
        worst = worst.max(exponent);
        let [small, large] = times.map(|time| time.as_secs_f64() * 1e3);
        println!("{name:40} {size:7} {small:9.1} {large:9.1}  {exponent:.2}");
    }
    if wanted.is_empty() {
        large();
    }
    assert!(worst <= AIM, "an exponent is {worst:.2}, the aim is {AIM}");
}

/// What many instances take, with nothing found and with much.
fn large() {
    println!();
    for (name, _, files) in CASES.into_iter().take(2) {
        let scratch = tempfile::tempdir().expect("a scratch folder can be made");
        plant(scratch.path(), &files(LARGE));
        let mut contenders = [Contender::new(name, vec![check(scratch.path())])];
        timing::measure(&mut contenders, ROUNDS);
        println!("{LARGE} {name}:");
        contenders.iter().for_each(Contender::print);
    }
    println!("  (aim: 2.5 s, 250 MB)");
}

/// The shortest time that a check takes: whatever else the machine does only adds to it.
fn best(folder: &Path) -> Duration {
    let mut command = check(folder);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let run = |_| {
        let from = Instant::now();
        command.status().expect("the program runs");
        from.elapsed()
    };
    (0..ROUNDS).map(run).min().unwrap_or_default()
}

fn check(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
    command.args(["check", "--output-format", "line"]).current_dir(folder);
    command
}

fn plant(root: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it is in the root")).expect("it can be made");
        fs::write(path, text).expect("it is writable");
    }
}

fn uuid(number: usize) -> String {
    format!("{number:08x}-9b1e-4d5c-8f62-7a0e3b9d4c11")
}
