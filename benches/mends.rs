//! Times what it costs that a report carries what would mend its findings, beside the same check without.
//!
//! `cargo bench --bench mends` writes trees of 1,000 and 20,000 files in which some shops have a data space in capitals, one that two instances
//! share, or a key in plaintext, runs whole processes in turn, and prints medians, their ratio and peak memory.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod timing;
mod tree;

use std::fs;
use std::path::Path;
use std::process::Command;

use timing::Contender;

const ROUNDS: usize = 9;

/// How many files a tree has, and how many shops.
const TREES: [(usize, usize); 3] =
    [(1_000, tree::FEW), (tree::FILES, tree::FEW), (tree::FILES, tree::MANY)];

/// How many of the shops have findings.
const FLAWED: usize = 60;

const KEY: &str = include_str!("../fixtures/keys/ec-pkcs8.pem");

fn main() {
    for (files, shops) in TREES {
        let scratch = tempfile::Builder::new()
            .prefix("commerce-lint-bench")
            .tempdir()
            .expect("a scratch folder can be made");
        plant(scratch.path(), files, shops);
        println!("{files} files, {shops} shops, {} threads", rayon::current_num_threads());
        let check = |format: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_commerce-lint"));
            command.args(["check", "--output-format", format]).arg(scratch.path());
            vec![command]
        };
        let mut contenders = [
            Contender::new("check --output-format pretty", check("pretty")),
            Contender::new("check --output-format json", check("json")),
            Contender::new("check --output-format sarif", check("sarif")),
        ];
        timing::measure(&mut contenders, ROUNDS);
        contenders.iter().for_each(Contender::print);
        let [without, with @ ..] = &contenders;
        for with in with {
            println!(
                "  {} / {} = {:.2}",
                with.name,
                without.name,
                with.median() / without.median()
            );
        }
        println!();
    }
}

fn plant(root: &Path, files: usize, shops: usize) {
    let (mut count, mut space) = (0, String::new());
    let written = tree::each(shops, &mut |path, content| {
        let number = count;
        count += 1;
        if number >= files {
            return Ok(());
        }
        let mut content = content.to_vec();
        if number < shops.min(FLAWED) * 2 {
            content = flawed(number, String::from_utf8_lossy(&content).into_owned(), &mut space);
        }
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        fs::write(path, content)
    });
    written.expect("the tree can be written");
}

/// The settings of a shop, production's first, with something that can be mended.
fn flawed(number: usize, text: String, space: &mut String) -> Vec<u8> {
    let is_production = number.is_multiple_of(2);
    if is_production {
        between(&text, "'environment_id' => '", "'").clone_into(space);
    }
    let text = match (number / 2 % 3, is_production) {
        (0, true) => text.replace(&**space, &format!("{{{}}}", space.to_uppercase())),
        (1, false) => text.replace(between(&text, "value: ", "\n"), space),
        (2, true) => {
            let key = format!(
                "            'services_connector' => [\n                'services_connector_integration' => ['production_private_key' => '{}'],\n",
                KEY.trim()
            );
            text.replace("            'services_connector' => [\n", &key)
        }
        _ => text,
    };
    text.into_bytes()
}

/// What stands behind a text, up to another.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split_once(start).map_or("", |(_, rest)| rest);
    rest.split(end).next().unwrap_or_default()
}
