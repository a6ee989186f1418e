//! Sibling sections of one document in every shape, with pairs of names: two installations, whatever they are called.

use commerce_lint::rules;
use rayon::prelude::*;

use super::judge::judged;
use super::shapes::{Environments, SHAPES};
use super::shown;
use super::spec::{Fault, Spec};

/// How many of them are right, in hundreds. It is what is reached, and goes up only: to a hundred.
const RIGHT: usize = 50;

/// Brands, environments, and whether the name is the environment alone.
const PAIRS: [(&[&str], &[&str]); 5] = [
    (&["shop"], &["production", "staging"]),
    (&["kiwi"], &["prod", "stage"]),
    (&["kiwi", "papaya"], &[]),
    (&["shop"], &["live", "rehearsal"]),
    (&["shop"], &["eu-prod", "us-prod"]),
];

#[test]
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn sections_of_one_document_are_apart_whatever_they_are_called() {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let documents = SHAPES.iter().enumerate().filter(|(_, shape)| !shape.is_path);
    let mut specs = Vec::new();
    for (shape, of) in documents {
        for (at, (brands, environments)) in PAIRS.iter().enumerate() {
            let fits = match of.environments {
                Environments::Never => environments.is_empty(),
                Environments::Perhaps => true,
                Environments::Always => !environments.is_empty(),
            };
            for fault in [Fault::Nothing, Fault::Share(vec![0, 1])] {
                let is_doubtful = fault != Fault::Nothing && !of.shares_brands && brands.len() > 1;
                if fits && !is_doubtful {
                    specs.push(Spec {
                        // An even number says the environment alone, where there is one brand.
                        salt: if at == 1 { 7 } else { 8 },
                        shape,
                        brands: owned(brands),
                        environments: owned(environments),
                        fault,
                        ..Spec::plain()
                    });
                }
            }
        }
    }
    let rules = rules::all();
    let wrong: Vec<String> = specs
        .par_iter()
        .filter_map(|spec| {
            let verdict = judged(spec, &rules);
            (!verdict.is_sound()).then(|| shown(spec, &verdict))
        })
        .collect();
    let right = specs.len() - wrong.len();
    println!("{right} of {} pairs of sections are right", specs.len());
    if std::env::var_os("LAYOUTS_FAILURES").is_some() {
        println!("{}", wrong.join("\n"));
    }
    assert!(right * 100 >= specs.len() * RIGHT, "{right} of {}\n{}", specs.len(), wrong.concat());
}
