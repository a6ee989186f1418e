//! See `rules/private-key-in-history.md`.

use super::wording::{list, quoted};
use crate::model::buried::Stay;
use crate::rule::{Check, Context, Finding};

/// An earlier commit holds a private key that the tree holds no more.
pub struct PrivateKeyInHistory;

impl Check for PrivateKeyInHistory {
    fn check(&self, cx: &Context<'_>, findings: &mut Vec<Finding>) {
        for buried in &cx.now.buried {
            let Some(first) = buried.stays.first() else { continue };
            let end = |stay: &Stay| match &stay.removed {
                Some(commit) => format!("removed by {}", quoted(commit)),
                None => "removed by no commit that was searched".to_owned(),
            };
            let (form, introduced) = (&buried.secret.form, quoted(&first.introduced));
            let message = if buried.is_message {
                format!("a {form} stands in the message of {introduced}")
            } else {
                format!("a {form} was introduced by {introduced} and {}", end(first))
            };
            let others: Vec<String> = buried
                .stays
                .iter()
                .skip(1)
                .map(|stay| format!("{} ({}, {})", quoted(&stay.path), stay.introduced, end(stay)))
                .collect();
            let elsewhere = match others.as_slice() {
                [] => String::new(),
                others => format!("; it was at {} as well", list(others.iter().cloned())),
            };
            findings.push(
                Finding::new(buried.secret.at, message)
                    .label("in every clone that has this commit")
                    .help(format!(
                        "make a new key pair in the Adobe account and revoke this one: once it was pushed, whoever has a clone has the key, \
                         so that rotation is the only cure, and removing or rewriting commits is none; while no remote has it, rewrite the \
                         commits before they are pushed{elsewhere}"
                    )),
            );
        }
    }
}
