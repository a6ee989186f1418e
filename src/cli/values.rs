//! Values as the command line has them.

use crate::date::Date;
use crate::model::fingerprint::Fingerprint;

pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a day such as 2027-06-30".into())
}

pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::parse(text)
        .ok_or_else(|| "expected the 12 hexadecimal digits that are printed".into())
}

/// Reads a switch as variables of the environment have them.
pub(super) fn switch(text: &str) -> Result<bool, &'static str> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "" | "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("say 1 or 0, true or false, yes or no, on or off"),
    }
}
