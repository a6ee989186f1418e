//! Texts in columns, for people: what an instance is shown by.

use unicode_width::UnicodeWidthStr;

use super::{Report, disclosure, facts, printable};
use crate::model::instance::{Evidence, Instance};
use crate::model::parameter::Parameter;
use crate::model::setting::Value;

/// The widest name that others are aligned to, and the widest value shown.
pub(super) const WIDEST: usize = 64;

/// What stands for nothing.
pub(super) const NONE: &str = "–";

pub(super) fn setting(run: &Report<'_>, instance: &Instance, parameter: Parameter) -> String {
    match run.inventory.in_force(instance, parameter).map(|setting| &setting.value) {
        Some(Value::Literal(text)) => shown(&disclosure::literal(parameter, text)),
        Some(value) => facts::state(value).to_owned(),
        None => NONE.to_owned(),
    }
}

/// Where a kind was read from, in words.
#[must_use]
pub fn origin(evidence: Evidence) -> String {
    match evidence {
        Evidence::Nothing => "no environment named".to_owned(),
        some => format!("from {}", some.word().replace('-', " ")),
    }
}

/// A value on its way out, cut where it is no value any more.
pub(super) fn shown(untrusted: &str) -> String {
    printable::cut(untrusted, WIDEST)
}

pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The width that these texts are aligned to.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| text.width()).max().unwrap_or_default().min(WIDEST)
}
