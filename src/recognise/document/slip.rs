//! Names of variables that are meant for Magento and that it does not read: a scope that there is not, a single underscore behind `CONFIG` or
//! behind the scope.

use crate::model::name::Name;
use crate::model::near_miss::NearMiss;
use crate::model::parameter::Parameter;

/// What a variable's name is nearly the name of; `name` is none that Magento reads.
///
/// A name with single underscores alone is one of somebody's own.
#[must_use]
pub fn meant(name: &str) -> Option<Parameter> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let rest = name.strip_prefix("CONFIG_").filter(|rest| rest.contains("__"))?;
    if !rest.bytes().all(is_word) {
        return None;
    }
    let words: String = rest.to_ascii_lowercase();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let words = words.join("_");
    let fits = |path: &str| {
        let before = words.strip_suffix(&path.replace('/', "_"));
        before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
    };
    let known = Parameter::all().map(|(path, _)| path).filter(|path| fits(path));
    let meant = known.max_by_key(|path| path.len())?;
    Some(Parameter::Misspelt(NearMiss { written: Name::of(name)?, meant }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_start_is_a_slip_and_a_name_of_ones_own_is_none() {
        let path = "services_connector/services_id/project_id";
        let meant = |start: &str, rest: &str| match meant(&format!("{start}{rest}")) {
            Some(Parameter::Misspelt(miss)) => Some(miss.meant),
            _ => None,
        };
        let name = "SERVICES_CONNECTOR__SERVICES_ID__PROJECT_ID";
        for start in [
            "CONFIG_DEFAULT__",
            "CONFIG__DEFAULT_",
            "CONFIG__DEFAULT___",
            "CONFIG__WEBSITE__DE__",
            "CONFIG__STORE__DE__",
            "CONFIG__WEBSITES_DE__",
            "CONFIG__GLOBAL__",
            "CONFIG__",
        ] {
            assert_eq!(meant(start, name), Some(path), "{start}");
        }
        for start in ["APP_CONFIG__", "CONFIG__{{ scope }}__", "CONFIGURATION_DEFAULT__"] {
            assert_eq!(meant(start, name), None, "{start}");
        }
        assert_eq!(meant("CONFIG_DEFAULT_", &name.replace("__", "_")), None);
        assert_eq!(meant("CONFIG__WEBSITE__DE__", "WEB__SECURE__BASE_URL"), None);
    }
}
