//! What becomes of a private key that was found: where it belongs, and what to do about it.

use crate::model::parameter::Parameter;
use crate::model::setting::{Setting, Value};
use crate::rule::Context;
use crate::source::Location;

/// Where a key stands that belongs elsewhere.
#[must_use]
pub fn misplaced(setting: Option<&Setting>) -> Option<&'static str> {
    match setting?.parameter {
        Parameter::ApiKey(_) | Parameter::ReadOnlyApiKey => Some("in the field of the api key"),
        Parameter::DataSpace | Parameter::AlternateDataSpace => {
            Some("in the field of the data space id")
        }
        _ => None,
    }
}

/// The private half of the pair whose public half is asked for.
#[must_use]
pub fn private_half(public: Parameter) -> Option<Parameter> {
    match public {
        Parameter::ApiKey(slot) => Some(Parameter::PrivateKey(slot)),
        Parameter::ReadOnlyApiKey => Some(Parameter::ReadOnlyPrivateKey),
        _ => None,
    }
}

/// The field of the private key, where what belongs into the key's place stands in it.
#[must_use]
pub fn swapped<'a>(cx: &Context<'a>, at: Location, of: Option<&Setting>) -> Option<&'a Setting> {
    let private = private_half(of?.parameter)?;
    let users = cx.now.readers_of(at.source);
    let mut others = users.filter_map(|user| cx.now.in_force(user, private));
    others.find(|other| matches!(other.value, Value::Public(_)))
}

/// What to do depends on what the key is for, as far as the tree says that.
#[must_use]
pub fn of(setting: Option<&Setting>) -> String {
    let what = match setting.map(|found| found.parameter) {
        Some(public @ (Parameter::ApiKey(_) | Parameter::ReadOnlyApiKey)) => {
            return in_public_field(private_half(public).unwrap_or(public));
        }
        Some(Parameter::DataSpace | Parameter::AlternateDataSpace) => {
            "replace the key wherever it is trusted, put the data space id here"
        }
        Some(Parameter::PrivateKey(_)) => {
            "regenerate the key pair in your Adobe account, since whoever has this one can act as your shop"
        }
        Some(Parameter::ReadOnlyPrivateKey) => {
            "regenerate the key pair of the search module's account, since whoever has this one can read what it reads"
        }
        Some(Parameter::ImsPrivateKey) => {
            "replace the key in Adobe's developer console, since whoever has this one can act as the Admin's login"
        }
        _ => {
            "replace the key wherever it is trusted, since whoever has this one can act as its owner"
        }
    };
    format!(
        "{what}, then pass the new key through a secret store or an environment variable; deleting it here is not enough once it was committed"
    )
}

/// What to do about a key in the field of the public half of its pair.
#[must_use]
pub fn in_public_field(private: Parameter) -> String {
    format!(
        "regenerate the key pair, hand its private key to `{}` through a secret store or an environment variable, and put the api key here: \
         an api key is shown in the Admin and in storefronts, and is not encrypted",
        private.path()
    )
}
